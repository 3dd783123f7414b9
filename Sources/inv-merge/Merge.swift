import InvCLI
import InvFormat
import InvSort
import InvSystem

/// Merges the runs that the operands name.
func merge(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  var isPiped = false
  if settings.output == nil {
    try refuseTerminal(.standardOutput)
    isPiped = try Descriptor.standardOutput.status().kind != .file
  }
  let bar = isPiped ? nil : Bar()
  let merger: Merger
  let runs: Int
  let totals: PrefixTotals
  do throws(Failure) {
    do throws(Failure) {
      let paths = try paths(operands)
      runs = paths.count
      merger = try Merger(paths, try plan(settings), tool: "inv-merge") { bar?.update($0, $1) }
    } catch {
      if isPiped { try passOn(error) }
      throw error
    }
    totals = try write(merger, settings, isPiped: isPiped)
  } catch { throw isPiped ? error.silentUpstream : error.afterUpstream }
  bar?.end()
  if merger.addsLinkedSets {
    command.say(
      "files with more than one name are in several sets of runs: those in two of them count twice")
  }
  if settings.isVerbose {
    summary.rows = totals.rows
    summary.counts = [
      (merger.rowsRead, "rows read"), (UInt64(runs), "runs"),
      (UInt64(merger.rounds), "rounds before the last"),
    ]
    command.say(summary.line)
  }
  return .yes
}

/// Writes the merged rows where they are asked for.
private func write(_ merger: Merger, _ settings: Settings, isPiped: Bool) throws(Failure)
  -> PrefixTotals
{
  guard let output = settings.output else {
    let maker = Fields(maker: "inv-merge \(Version.program)", command: Machine.arguments)
    return try merger.run(
      into: .standardOutput, codec: .none, isFile: !isPiped, maker: isPiped ? maker : nil
    ).totals
  }
  let file = try AtomicFile(output)
  let totals = try merger.run(
    into: try file.create(), codec: settings.isCompressed ? .zstd : .none, isFile: true, maker: nil
  ).totals
  try file.commit()
  return totals
}

/// What is to be made, within which memory and where.
private func plan(_ settings: Settings) throws(Failure) -> Merging {
  try Temporaries.shared.watch()
  var merging = Merging()
  merging.under = settings.under
  merging.maxDepth = settings.maxDepth
  merging.threads = settings.threads
  merging.memory = settings.memory ?? max(Machine.memory / 8, Merging.leastMemory)
  if merging.memory < Merging.leastMemory {
    throw .usage("--memory: at least \((Merging.leastMemory >> 20) + 1)M are needed")
  }
  if let folder = settings.temporary ?? Machine.environment("TMPDIR") {
    merging.temporary = folder
  } else if let folder = try folder(of: settings.output) {
    merging.temporary = folder
  }
  return merging
}

/// The folder that a file lies in, or is going to; nil where there is no file.
private func folder(of path: String?) throws(Failure) -> String? {
  guard let path, try FileStatus.of(path)?.kind ?? .file == .file else { return nil }
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The runs and indexes that the operands name; another folder stands for all that are in it.
private func paths(_ operands: [Operand]) throws(Failure) -> [String] {
  var paths: [String] = []
  for operand in operands {
    let path = try operand.path()
    if path != "-", try FileStatus.of(path)?.kind == .folder, try !Index.isIndex(path) {
      paths += try RunFolder.runs(in: path)
    } else {
      paths.append(path)
    }
  }
  return paths
}

/// Lets the next program know why there are no rows, before there is a header.
private func passOn(_ failure: Failure) throws(Failure) {
  let writer = try PrefixWriter(
    .standardOutput, schema: PrefixSchema(dimensions: [.state]), codec: .none, isFile: false,
    tool: "inv-merge")
  try writer.fail(failure)
}

/// The progress bar, which several threads draw in turn.
private final class Bar {
  private var bar: ProgressBar? = ProgressBar()

  func update(_ done: UInt64, _ total: UInt64) { bar?.update(done: done, total: total) }

  /// Takes the bar away.
  func end() { bar = nil }
}
