import InvCLI
import InvFormat
import InvSystem

/// Reads sorted prefix rows and leaves an index.
func makeIndex(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  let output = try operands[0].path()
  let path = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
  var building = IndexBuilding()
  building.threads = settings.threads
  building.isRaw = settings.isRaw
  building.temporary = settings.temporary
  building.memory = settings.memory ?? max(Machine.memory / 8, IndexBuilding.leastMemory)
  if building.memory < IndexBuilding.leastMemory {
    throw .usage("--memory: at least \(IndexBuilding.leastMemory >> 20)M are needed")
  }
  try Temporaries.shared.watch()
  try AtomicFolder.removeLeftovers(of: path)
  let isThere = try isOccupied(path, isReplacing: settings.isReplacing)

  let builder: IndexBuilder
  do throws(Failure) {
    let reader = try PrefixReader(
      try RowStream(try input(operands.dropFirst().first)), wanting: "inv-mkindex")
    builder = IndexBuilder(reader, building)
    var bar = ProgressBar()
    try builder.run(into: path, isReplacing: isThere) { bar.update(done: $0, total: $1) }
  } catch { throw error.afterUpstream }

  if builder.rows == 0 { command.say("0 rows came: \(printable(path)) holds the root alone") }
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

/// Whether there is a folder that the index is going to take the place of; an error when it must not.
private func isOccupied(_ path: String, isReplacing: Bool) throws(Failure) -> Bool {
  guard let status = try FileStatus.of(path) else { return false }
  guard status.kind == .folder else {
    throw Failure("cannot create \(printable(path)): there is a file of that name", .system)
  }
  let names = try namesInFolder(path)
  // An empty folder gives way to a rename.
  if names.isEmpty { return false }
  guard isReplacing else {
    throw Failure("\(printable(path)) is not empty: give --force to replace an index", .system)
  }
  if let stranger = names.first(where: { !IndexManifest.isFileName($0) }) {
    throw Failure(
      "\(printable(path)) holds \(printable(stranger)), which is of no index: not replaced", .system
    )
  }
  guard try IndexManifest.begins("\(path)/\(IndexManifest.name)") else {
    throw Failure("\(printable(path)) is not empty and holds no index: not replaced", .system)
  }
  return true
}
