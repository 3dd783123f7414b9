import InvCLI
import InvFormat
import InvSort
import InvSystem

/// Reads object rows and leaves a set of runs.
func aggregate(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  guard let output = settings.output else { throw .usage("missing option: --output RUNS/") }
  let path = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
  var folding = Folding()
  folding.threads = settings.threads
  folding.maxDepth = settings.maxDepth
  folding.countsEveryName = settings.hardlinks == .all
  folding.findsRepeated = settings.findsRepeated
  folding.codec = settings.isCompressed ? .zstd : .none
  folding.memory = settings.memory ?? Machine.memory / 2
  try Temporaries.shared.watch()

  let input: Descriptor
  if let operand = operands.first, operand.text != "-" {
    input = try Descriptor.reading(try operand.path())
  } else {
    input = Descriptor.standardInput
    if input.isTerminal { throw .usage("standard input is a terminal: inv-agg needs object rows") }
  }
  let reader: ObjectReader
  do throws(Failure) {
    reader = try ObjectReader(try RowStream(input), wanting: "inv-agg")
  } catch { throw error.afterUpstream }
  folding.suit(reader.schema)
  try fit(&folding, isAsked: settings.memory != nil)
  let missing = try choose(&folding, settings, reader.schema)

  let folder = try RunFolder(path, settings.occupied)
  let maker = Fields(maker: "inv-agg \(Version.program)", command: Machine.arguments)
  let aggregator = Aggregator(reader, into: folder, folding, tool: "inv-agg", maker: maker)
  var bar = ProgressBar()
  let audit: Audit
  do throws(Failure) {
    audit = try aggregator.run { bar.update(done: $0, total: $1, rows: aggregator.rows) }
  } catch { throw error.afterUpstream }
  _ = consume bar

  if !missing.isEmpty {
    command.say("the rows have no \(missing.joined(separator: ", ")): nothing is told apart by it")
  }
  if aggregator.rows == 0 { command.say("0 rows came: \(path) holds one run without rows") }
  if aggregator.isAgeUnknown, folding.dimensions.contains(.age) {
    command.say("the time of the snapshot is not known: every age is unknown")
  }
  if audit.setAsideCount > 0 {
    command.say("\(audit.setAsideCount) rows had been set aside before they came here")
  }
  tell(aggregator)
  if settings.isVerbose {
    summary.rows = aggregator.rows
    summary.counts = [(aggregator.totals.rows, "prefix rows"), (UInt64(aggregator.runs), "runs")]
    command.say(summary.line)
  }
  let isRepeated = aggregator.repeatedFiles + aggregator.repeatedNames > 0
  return audit.setAsideCount > 0 || (settings.findsRepeated && isRepeated) ? .data : .yes
}

/// Says what is odd about files and their names.
private func tell(_ aggregator: Aggregator) {
  switch aggregator.repeatedFiles {
  case 0: break
  case 1: command.say("1 file came more than once; it counts so often")
  case let count: command.say("\(count) files came more than once; they count so often")
  }
  switch aggregator.repeatedNames {
  case 0: break
  case 1: command.say("1 name of a file with more than one came more than once; it counts once")
  case let count:
    command.say("\(count) names of files with more than one came more than once; they count once")
  }
  switch aggregator.doubtfulFiles {
  case 0: break
  case 1: command.say("1 of the \(Audit.doubtful)")
  case let count: command.say("\(count) \(Audit.doubtful)")
  }
}

/// Fewer threads where the memory is too little for all.
private func fit(_ folding: inout Folding, isAsked: Bool) throws(Failure) {
  while folding.threads > 1, !folding.fits { folding.threads -= 1 }
  if folding.fits { return }
  let least = folding.leastMemory
  if isAsked { throw .usage("--memory: at least \(least >> 20)M are needed") }
  folding.memory = least
}

/// Sets the dimensions and the time that the settings and the columns of the rows ask for; which of
/// the usual dimensions the rows do not have.
private func choose(_ folding: inout Folding, _ settings: Settings, _ schema: ObjectSchema)
  throws(Failure) -> [String]
{
  folding.ageOf = settings.ageOf ?? (schema.has(.accessed) ? .accessed : .modified)
  folding.sizeOf = settings.sizeOf ?? (schema.has(.allocated) ? .allocated : .logical)
  if folding.sizeOf == .allocated, !schema.has(.allocated) {
    throw .usage("--size: the rows do not say how many bytes are allocated; give logical")
  }
  let sizeOf = folding.sizeOf
  let hasAge = schema.place(folding.ageOf.rawValue) != nil
  func isThere(_ name: String) -> Bool {
    switch name {
    case "state": true
    case "age": hasAge
    case "size": schema.has(sizeOf.column)
    default: schema.place(name) != nil
    }
  }
  let names: [String]
  var missing: [String] = []
  if let asked = settings.dimensions {
    for name in asked where !isThere(name) {
      throw .usage(
        "--by: the rows have no '\(name)'; they have \(listing(schema, folding, hasAge))")
    }
    names = asked
  } else {
    let usual = schema.has(.owner) ? ["owner", "group", "size", "age"] : ["class", "size", "age"]
    names = usual.filter(isThere)
    missing = usual.filter { !isThere($0) }
  }
  var dimensions = [Dimension.state]
  for name in names where name != "state" {
    guard !dimensions.contains(where: { $0.name == name }) else {
      throw .usage("--by: '\(name)' is named twice")
    }
    switch name {
    case "size": dimensions.append(.size)
    case "age": dimensions.append(.age)
    default:
      guard let place = schema.place(name), schema.columns[place].type == .word else {
        throw .usage(
          "--by: column '\(name)' is not one of words;"
            + " there are \(listing(schema, folding, hasAge))")
      }
      dimensions.append(Dimension(name, .word))
    }
  }
  guard dimensions.count <= Dimension.limit else {
    throw .usage("--by: at most \(Dimension.limit - 1) names")
  }
  folding.dimensions = dimensions
  return missing
}

private func listing(_ schema: ObjectSchema, _ folding: Folding, _ hasAge: Bool) -> String {
  let words = schema.columns.filter { $0.type == .word }.map(\.name)
  let bands = (schema.has(folding.sizeOf.column) ? ["size"] : []) + (hasAge ? ["age"] : [])
  let names = words + bands
  return names.isEmpty ? "none" : names.joined(separator: ", ")
}
