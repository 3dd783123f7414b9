import InvCLI
import InvFormat
import InvSystem

/// Reads sorted prefix rows and leaves an index.
func makeIndex(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  let target = try IndexTarget(try operands[0].path(), what: "OUT")
  let path = target.path
  var building = IndexBuilding()
  building.threads = settings.threads
  building.isRaw = settings.isRaw
  building.temporary = settings.temporary
  building.memory = settings.memory ?? max(Machine.memory / 8, IndexBuilding.leastMemory)
  if building.memory < IndexBuilding.leastMemory {
    throw .usage("--memory: at least \(IndexBuilding.leastMemory >> 20)M are needed")
  }
  if let file = settings.passwd { building.names.append(try IDNames(.passwd, file: file)) }
  if let file = settings.groupFile { building.names.append(try IDNames(.group, file: file)) }
  try Temporaries.shared.watch()
  try target.removeLeftovers()
  let isThere = try target.isOccupied(isReplacing: settings.isReplacing)

  let builder: IndexBuilder
  do throws(Failure) {
    let reader = try PrefixReader(
      try RowStream(try input(operands.dropFirst().first)), wanting: "inv-mkindex")
    builder = IndexBuilder(reader, building)
    var bar = ProgressBar()
    try builder.run(into: path, isReplacing: isThere) {
      bar.update(done: $0, total: $1, rows: builder.rows)
    }
  } catch { throw error.afterUpstream }

  if let rest = builder.remainder {
    command.say("what else was in \(printable(path)) is in \(printable(rest))")
  }
  for kind in builder.needless {
    command.say("the rows do not tell the \(kind.dimension): there is nothing to name")
  }
  if builder.rows == 0 { command.say("0 rows came: \(printable(path)) holds the root alone") }
  if builder.listedAgain > 0 {
    let what = builder.listedAgain == 1 ? "directory was" : "directories were"
    command.say("\(builder.listedAgain) \(what) listed more than once")
  }
  let setAside = builder.manifest.audit.setAsideCount
  if setAside > 0 { command.say("\(setAside) rows had been set aside before they came here") }
  if settings.isVerbose {
    summary.rows = builder.rows
    summary.counts = [(builder.manifest.prefixes, "prefixes"), (builder.size, "bytes")]
    command.say(summary.line)
  }
  return setAside > 0 ? .data : .yes
}

private func input(_ operand: Operand?) throws(Failure) -> Descriptor {
  if let operand, operand.text != "-" { return try Descriptor.reading(try operand.path()) }
  let input = Descriptor.standardInput
  if input.isTerminal {
    throw .usage("standard input is a terminal: inv-mkindex needs prefix rows")
  }
  return input
}
