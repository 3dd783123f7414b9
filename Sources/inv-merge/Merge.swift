import InvCLI
import InvFormat
import InvSort
import InvSystem

/// Merges the runs that the operands name.
func merge(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  var merging = Merging()
  merging.under = settings.under
  merging.maxDepth = settings.maxDepth
  merging.threads = settings.threads
  merging.memory = settings.memory ?? max(Machine.memory / 8, Merging.leastMemory)
  if merging.memory < Merging.leastMemory {
    throw .usage("--memory: at least \((Merging.leastMemory >> 20) + 1)M are needed")
  }
  try Temporaries.shared.watch()
  let paths = try operands.map { operand throws(Failure) in try operand.path() }
  let merger = try Merger(paths, merging, tool: "inv-merge") { _, _ in }
  var maker = Fields()
  maker.add("tool", "inv-merge \(Version.program)")
  let totals: PrefixTotals
  if let output = settings.output {
    let file = try AtomicFile(output)
    totals = try merger.run(
      into: try file.create(), codec: settings.isCompressed ? .zstd : .none, isFile: true,
      maker: nil
    ).totals
    try file.commit()
  } else {
    let output = Descriptor.standardOutput
    try refuseTerminal(output)
    let isPipe = try output.status().kind != .file
    totals = try merger.run(
      into: output, codec: .none, isFile: !isPipe, maker: isPipe ? maker : nil
    ).totals
  }
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
