import InvCLI
import InvFormat
import InvSort
import InvSystem

/// Merges the runs that the operands name.
func merge(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  let merging = try plan(settings)
  try Temporaries.shared.watch()
  let paths = try runs(operands)
  let merger: Merger
  let totals: PrefixTotals
  let bar = Bar()
  if let output = settings.output {
    do throws(Failure) {
      merger = try Merger(paths, merging, tool: "inv-merge") { bar.update($0, $1) }
      let file = try AtomicFile(output)
      totals = try merger.run(
        into: try file.create(), codec: settings.isCompressed ? .zstd : .none, isFile: true,
        maker: nil
      ).totals
      try file.commit()
    } catch { throw error.afterUpstream }
  } else {
    let output = Descriptor.standardOutput
    try refuseTerminal(output)
    let isFile = try output.status().kind == .file
    do throws(Failure) {
      merger = try Merger(paths, merging, tool: "inv-merge") { done, total in
        if isFile { bar.update(done, total) }
      }
    } catch {
      if !isFile { try passOn(error) }
      throw isFile ? error.afterUpstream : error.silentUpstream
    }
    var maker = Fields()
    maker.add("tool", "inv-merge \(Version.program)")
    do throws(Failure) {
      totals = try merger.run(
        into: output, codec: .none, isFile: isFile, maker: isFile ? nil : maker
      ).totals
    } catch { throw isFile ? error.afterUpstream : error.silentUpstream }
  }
  bar.end()
  if settings.isVerbose {
    summary.rows = totals.rows
    summary.counts = [
      (merger.rowsRead, "rows read"), (UInt64(paths.count), "runs"),
      (UInt64(merger.rounds), "rounds before the last"),
    ]
    command.say(summary.line)
  }
  return .yes
}

/// What is to be made, within which memory and where.
private func plan(_ settings: Settings) throws(Failure) -> Merging {
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

/// The runs that the operands name; a folder stands for all that are in it.
private func runs(_ operands: [Operand]) throws(Failure) -> [String] {
  var paths: [String] = []
  for operand in operands {
    let path = try operand.path()
    if path != "-", try FileStatus.of(path)?.kind == .folder {
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
