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
      try union(index, settings.others), settings,
      hasSeveral: prefixes.count > 1 || prefixes.contains([0x2d]))
    try answer.refuseBuckets(prefixes)
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

/// The index that is asked, and others with it.
private func union(_ index: Index, _ others: [String]) throws(Failure) -> IndexUnion {
  if others.isEmpty { return IndexUnion(index) }
  var indexes = [index]
  for path in others { indexes.append(try Index(path)) }
  let union = try IndexUnion(indexes)
  for sentence in union.repetitions { command.say(sentence) }
  return union
}

/// Prints the prefixes that `start` can go on with, up to the next slash, raw and one a line.
private func complete(_ start: [UInt8], in index: Index) throws(Failure) {
  var output = TextOutput()
  for name in try candidates(start, in: index) { try output.write(name + [0x0a]) }
  try output.finish()
}

/// At most 1000; names of several lines are left out. A path is completed as operands are understood.
private func candidates(_ start: [UInt8], in index: Index) throws(Failure) -> [[UInt8]] {
  guard start.first == 0x2f, try !IndexUnion(index).hasRootSlash else {
    return try names(from: start, in: index)
  }
  return try names(from: Array(start.dropFirst()), in: index).map { [0x2f] + $0 }
}

private func names(from start: [UInt8], in index: Index) throws(Failure) -> [[UInt8]] {
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
