import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem
import InvText

/// Answers what the settings ask of the index that the first operand names.
func query(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  try check(settings)
  MappedFile.reportTruncation("inv-query: a file of the index has become shorter")
  let index = try Index(try operands[0].path())
  let prefixes = operands.dropFirst().map(\.bytes)
  if settings.isCompleting {
    try complete(prefixes.first ?? [], in: index)
    return .yes
  }
  if settings.isInfo { return try showInfo(index, settings) }
  if settings.isAudit { return try showAudit(index, settings) }

  let answer = try Answer(index, settings)
  var areAllThere = true
  for prefix in prefixes.isEmpty ? [[]] : prefixes {
    if prefix == [0x2d] {
      try forEachLine(isNulTerminated: settings.isNulTerminated) { line throws(Failure) in
        if try !answer.take(line) { areAllThere = false }
      }
    } else if try !answer.take(prefix) {
      areAllThere = false
    }
  }
  try answer.finish()
  if settings.isVerbose {
    summary.rows = answer.rows
    command.say(summary.line)
  }
  return areAllThere ? .yes : .no
}

/// Refuses options that say nothing together.
private func check(_ settings: Settings) throws(Failure) {
  if settings.scope == nil, settings.listing.key == .cost, !settings.hasCost {
    throw .usage("--sort cost needs --cost")
  }
  if !settings.hasCost, settings.region != nil { throw .usage("--region is for --cost") }
}

/// Reads prefixes from standard input, one a line.
private func forEachLine(
  isNulTerminated: Bool, _ body: ([UInt8]) throws(Failure) -> Void
) throws(Failure) {
  let end: UInt8 = isNulTerminated ? 0 : 0x0a
  var rest: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = try Descriptor.standardInput.readSome(&piece)
    if count == 0 { break }
    rest += piece[..<count]
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
  let folder = Array(start[..<(start.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0)])
  do throws(FormatError) {
    if let parent = try index.find(folder) {
      let end = try index.end(of: parent)
      let names = PrefixCursor(index.strings)
      var child = try index.lowerBound(start, in: parent + 1..<end)
      // What has the start in common comes together; more than a screen of it helps nobody.
      var left = 1000
      while child < end, left > 0 {
        try names.move(to: child)
        guard names.prefix.starts(with: start) else { break }
        if !names.prefix.contains(0x0a) {
          do throws(Failure) { try output.write(names.prefix + [0x0a]) } catch {
            throw FormatError(error.sentence, at: 0)
          }
        }
        left -= 1
        child = try index.end(of: child)
      }
    }
  } catch { throw index.failure(error) }
  try output.finish()
}
