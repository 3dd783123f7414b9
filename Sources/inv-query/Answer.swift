import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem
import InvText

/// Answers for one prefix after the other.
final class Answer {
  /// What the rows of the table are: prefixes, their parts by dimensions, or the lines of bills.
  enum Shape { case entries, parts, cross, bill }

  let settings: Settings
  let index: IndexUnion
  let valueNames: ValueNames
  let selection: Selection?
  let breakdown: Breakdown?
  let pricing: Pricing?
  let listing: Listing
  let isListing: Bool
  let format: Table.Format
  let shape: Shape
  let hasVersions: Bool
  let isColored: Bool
  let width: Int?
  let names: UnionNames
  /// Whether there can be more than one prefix.
  let hasSeveral: Bool
  /// Whether each prefix has a table of its own, under its name.
  let isGrouped: Bool
  private let columns: [Table.Column]
  var table: Table
  var output = TextOutput()
  /// The entry that is asked about, its prefix, and who reads what is below it.
  var asked = 0
  var prefix: [UInt8] = []
  var reader: UnionReader
  /// What was listed, or asked about where nothing is listed.
  var listed = OutermostEntries()
  /// How many prefixes were found, and how many rows were written.
  private(set) var answers = 0
  var rows: UInt64 = 0

  init(_ index: IndexUnion, _ settings: Settings, hasSeveral: Bool) throws(Failure) {
    self.index = index
    self.settings = settings
    self.hasSeveral = hasSeveral
    let isTerminal = output.isTerminal
    width = isTerminal ? Self.columns(of: output.columns) : nil
    isColored = Self.isColored(settings.color, isTerminal: isTerminal)
    format = Self.format(settings, isTerminal: isTerminal)
    let system = SystemAccounts { command.say("\($0.sentence); numbers without a name are shown") }
    let accounts = UnionAccounts(index, system)
    valueNames = ValueNames(index.schema, settings.isNumeric ? nil : accounts)
    selection = try Self.selection(settings, index, accounts)
    breakdown =
      settings.by.isEmpty
      ? nil
      : try Breakdown(
        settings.by, in: index, selection, valueNames, order: settings.breakdownOrder)
    pricing = settings.hasCost ? try Self.pricing(index, settings) : nil
    listing = try Self.listing(settings, index)
    isListing = settings.scope != nil
    hasVersions = index.hasVersions
    shape = Self.shape(settings, format)
    // A bill is followed by another one, of all that is asked about.
    let isFollowed = shape == .bill && settings.hasListed
    isGrouped =
      format == .table && (isFollowed || hasSeveral && (isListing || shape != .entries))
    reader = UnionReader(index, nil, below: 0)
    names = UnionNames(index)
    columns = Self.columns(shape, settings)
    table = Table(columns, format: format, width: width, isColored: isColored)
    if settings.hasHidden, !hasVersions {
      command.say("this inventory lists current versions only: what is hidden is not known")
    }
    if settings.hasDirectories, !hasDirectories {
      command.say("the index has no entries of directories: their own bytes are not known")
    }
  }

  /// Whether it is known which directories there are.
  var hasDirectories: Bool { index.schema.hasListed }

  /// Answers for `wanted`, which is empty or ends in a slash; false when there is no such prefix.
  func take(_ wanted: [UInt8]) throws(Failure) -> Bool {
    do throws(FormatError) {
      guard let position = try index.find(wanted) else {
        command.say(try refusal(of: wanted))
        return false
      }
      (asked, prefix) = (position, wanted)
      if selection != nil { reader = UnionReader(index, selection, below: position) }
    } catch { throw index.failure(error) }
    if isGrouped { try beginGroup() }
    try sayOmissions()
    answers += 1
    switch shape {
    case .entries where !isListing: try writeEntry()
    case .entries: try writeListing()
    case .parts: try writeParts()
    case .cross: try writeCross()
    case .bill: try writeBill()
    }
    if isGrouped, shape != .cross { try table.finish(into: &output) }
    return true
  }

  /// Begins a table under `label`, or under the prefix that is asked about.
  func beginGroup(_ label: String? = nil) throws(Failure) {
    table = Table(columns, format: format, width: width, isColored: isColored)
    let label = label ?? (prefix.isEmpty ? "(all)" : nil)
    let name = label.map { Array($0.utf8) } ?? TextEscape.escaped(prefix)
    try output.write((answers > 0 ? [0x0a] : []) + name + [0x3a, 0x0a])
  }

  /// Why there is no answer, and the nearest place that has one.
  private func refusal(of wanted: [UInt8]) throws(FormatError) -> String {
    let nearest = try index.nearest(wanted)
    var reason =
      nearest.isEmpty
      ? "nothing above it but the root" : "the nearest above it is \(shown(nearest))"
    if let under = index.schema.under, !wanted.starts(with: under), !under.starts(with: wanted) {
      reason = "the index has only what is under \(shown(under))"
    } else if let depth = index.schema.maxDepth, wanted.count(where: { $0 == 0x2f }) > depth {
      reason += "; the index is cut at depth \(depth)"
    }
    return "no prefix \(shown(wanted)): \(reason)"
  }

  private func shown(_ prefix: [UInt8]) -> String { "'\(escaped(prefix))'" }

  /// Reads from the index.
  func read<Result>(_ body: () throws(FormatError) -> Result) throws(Failure) -> Result {
    do throws(FormatError) { return try body() } catch { throw index.failure(error) }
  }

  /// Ends a row.
  func endRow() throws(Failure) {
    table.endRow()
    rows += 1
    try table.drain(into: &output)
  }

  /// Writes what is left.
  func finish() throws(Failure) {
    if !isListing, settings.hasListed, answers > 0 {
      if shape == .bill { try writeListedBill() } else { try writeListed() }
    }
    if isGrouped || shape == .cross {
      table = Table([], format: format, width: width, isColored: isColored)
    }
    try table.finish(footer: answers > 0 ? footer : [], into: &output)
    try output.flush()
  }

}
