import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem
import InvText

/// Answers what the settings ask of the index that the first operand names.
func query(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  let prefixes = operands.dropFirst().map(\.bytes)
  try settings.check(prefixes)
  MappedFile.reportTruncation("inv-query: a file of the index has become shorter")
  let index = try Index(try operands[0].path())
  var status = ExitStatus.yes
  if settings.isCompleting {
    try complete(prefixes.first ?? [], in: index)
  } else if settings.isInfo || settings.isAudit {
    let about = settings.isInfo ? try information(on: index) : try account(of: index)
    summary.rows = try about.write(settings)
  } else {
    let answer = try Answer(
      index, settings, hasSeveral: prefixes.count > 1 || prefixes.contains([0x2d]))
    do throws(Failure) {
      if try !answer.takeAll(prefixes) { status = .no }
    } catch {
      // What has been answered is not lost with what has not.
      if error.teller == .us { try answer.finish() }
      throw error
    }
    try answer.finish()
    summary.rows = answer.rows
  }
  if settings.isVerbose { command.say(summary.line) }
  return status
}

extension Answer {
  /// Answers for each of `prefixes`, and for the root where there is none; false when one is not there.
  fileprivate func takeAll(_ prefixes: [[UInt8]]) throws(Failure) -> Bool {
    var areAllThere = true
    for operand in prefixes.isEmpty ? [[]] : prefixes {
      if operand == [0x2d] {
        try forEachLine(isNulTerminated: settings.isNulTerminated) { line throws(Failure) in
          if try !take(slashEnded(line)) { areAllThere = false }
        }
      } else {
        guard let wanted = try prefix(of: operand) else {
          areAllThere = false
          continue
        }
        if try !take(wanted) { areAllThere = false }
      }
    }
    return areAllThere
  }

  /// The prefix that an operand means: itself, or what is behind s3://BUCKET/; nil after saying that the
  /// bucket is another.
  private func prefix(of operand: [UInt8]) throws(Failure) -> [UInt8]? {
    let scheme = Array("s3://".utf8)
    let itself = slashEnded(operand)
    guard operand.starts(with: scheme),
      try read({ () throws(FormatError) in try index.find(itself) }) == nil
    else { return itself }
    let place = operand.dropFirst(scheme.count)
    let bucket = Array(place.prefix { $0 != 0x2f })
    let origins = index.schema.origins.filter { $0.bucket == bucket }
    guard origins.count == 1 else {
      let name = escaped(bucket)
      command.say(
        origins.isEmpty
          ? "no prefix of bucket '\(name)': the index is of another"
          : "bucket '\(name)' is in the index \(origins.count) times: name the prefix alone")
      return nil
    }
    return slashEnded(origins[0].mount + place.dropFirst(bucket.count + 1))
  }

  private func slashEnded(_ name: [UInt8]) -> [UInt8] {
    name.isEmpty || name.last == 0x2f ? name : name + [0x2f]
  }
}

/// Reads prefixes from standard input, one a line.
private func forEachLine(
  isNulTerminated: Bool, _ body: ([UInt8]) throws(Failure) -> Void
) throws(Failure) {
  let end: UInt8 = isNulTerminated ? 0 : 0x0a
  var rest: [UInt8] = []
  while true {
    let piece = try Descriptor.standardInput.piece(upTo: 64 << 10)
    if piece.isEmpty { break }
    rest += piece
    var start = 0
    while let stop = rest[start...].firstIndex(of: end) {
      try body(Array(rest[start..<stop]))
      start = stop + 1
    }
    rest.removeSubrange(..<start)
    guard rest.count <= 2 * Container.keyLimit else {
      throw .data("standard input: a line is longer than \(2 * Container.keyLimit) bytes")
    }
  }
  if !rest.isEmpty { try body(rest) }
}

/// Prints the prefixes that `start` can go on with, up to the next slash, raw and one a line.
private func complete(_ start: [UInt8], in index: Index) throws(Failure) {
  var output = TextOutput()
  for name in try candidates(start, in: index) { try output.write(name + [0x0a]) }
  try output.finish()
}

/// At most 1000; names of several lines are left out.
private func candidates(_ start: [UInt8], in index: Index) throws(Failure) -> [[UInt8]] {
  let folder = Array(start[..<(start.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0)])
  var candidates: [[UInt8]] = []
  do throws(FormatError) {
    guard let parent = try index.find(folder) else { return [] }
    let end = try index.end(of: parent)
    let names = PrefixCursor(index.strings)
    // What begins with the start lies together.
    var child = try index.lowerBound(start, in: parent + 1..<end)
    while child < end, candidates.count < 1000 {
      try names.move(to: child)
      guard names.prefix.starts(with: start) else { break }
      if !names.prefix.contains(0x0a) { candidates.append(names.prefix) }
      child = try index.end(of: child)
    }
  } catch { throw index.failure(error) }
  return candidates
}
