import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem
import InvText

/// Answers for one prefix after the other, in one table.
final class Answer {
  /// What the rows of the table are: prefixes, their parts by dimensions, or the lines of bills.
  enum Shape { case entries, parts, cross, bill }

  let settings: Settings
  let index: Index
  let selection: Selection?
  let breakdown: Breakdown?
  let pricing: Pricing?
  let listing: Listing
  let format: Table.Format
  let shape: Shape
  let hasVersions: Bool
  let isColored: Bool
  let width: Int?
  let names: PrefixCursor
  var table: Table
  var output = TextOutput()
  /// The entry that is asked about, its prefix, and who reads what is below it.
  var asked = 0
  var prefix: [UInt8] = []
  var reader: EntryReader
  /// How many rows were written.
  var rows: UInt64 = 0

  init(_ index: Index, _ settings: Settings) throws(Failure) {
    self.index = index
    self.settings = settings
    let isTerminal = output.isTerminal
    width = isTerminal ? Self.columns(of: output.columns) : nil
    isColored =
      switch settings.color {
      case .always: true
      case .never: false
      case .auto: isTerminal && Machine.environment("NO_COLOR") == nil
      }
    format =
      settings.format.flatMap { Table.Format(rawValue: $0.rawValue) }
      ?? (isTerminal ? .table : .tsv)
    selection = try Self.selection(settings, index)
    breakdown = settings.by.isEmpty ? nil : try Breakdown(settings.by, in: index, selection)
    pricing = settings.hasCost ? try Self.pricing(index, settings) : nil
    listing = try Self.listing(settings, index)
    hasVersions = index.schema.origins.contains { $0.columns.contains("state") }
    shape = Self.shape(settings, format)
    do throws(FormatError) { reader = try EntryReader(index, nil, below: 0) } catch {
      throw index.failure(error)
    }
    names = PrefixCursor(index.strings)
    table = Table(
      Self.columns(shape, settings, index), format: format, width: width, isColored: isColored)
    if settings.hasHidden, !hasVersions {
      command.say("this inventory lists current versions only: what is hidden is not known")
    }
  }

  private static func columns(of terminal: Int?) -> Int? {
    Machine.environment("COLUMNS").flatMap { Int($0) } ?? terminal
  }

  private static func selection(_ settings: Settings, _ index: Index) throws(Failure) -> Selection?
  {
    if settings.clause.isEmpty { return nil }
    return try Selection(
      try WhereClause(Array(settings.clause.joined(separator: [0x2c]))), in: index.schema)
  }

  private static func pricing(_ index: Index, _ settings: Settings) throws(Failure) -> Pricing {
    let list =
      if let path = settings.prices { try PriceList(file: path) } else { try PriceList.shipped }
    let cells = IndexCells(index)
    do throws(FormatError) { try cells.readAll(0) } catch { throw index.failure(error) }
    return try Pricing(
      index.schema, try list.region(settings.region), whole: cells.cells)
  }

  private static func listing(_ settings: Settings, _ index: Index) throws(Failure) -> Listing {
    var listing = settings.listing
    listing.scope = settings.scope ?? .children(1)
    let snapshots = Set(index.schema.origins.map(\.snapshot))
    let snapshot = snapshots.count == 1 ? snapshots.first.flatMap(\.self) : nil
    listing.isOlderThan = try settings.olderThan.map { limit throws(Failure) in
      try limit.boundary(snapshot: snapshot)
    }
    listing.isNewerThan = try settings.newerThan.map { limit throws(Failure) in
      try limit.boundary(snapshot: snapshot)
    }
    return listing
  }

  private static func shape(_ settings: Settings, _ format: Table.Format) -> Shape {
    if format == .json { return .entries }
    if !settings.by.isEmpty {
      return settings.by.count == 2 && format == .table && settings.scope == nil ? .cross : .parts
    }
    return settings.hasCost && settings.scope == nil ? .bill : .entries
  }

  /// Answers for `name`; false when there is no such prefix.
  func take(_ name: [UInt8]) throws(Failure) -> Bool {
    let wanted = name.isEmpty || name.last == 0x2f ? name : name + [0x2f]
    do throws(FormatError) {
      guard let position = try index.find(wanted) else {
        let nearest = try index.nearest(wanted).prefix
        let there =
          nearest.isEmpty
          ? "nothing above it but the root" : "the nearest above it is \(shown(nearest))"
        command.say("no prefix \(shown(wanted)): \(there)")
        return false
      }
      (asked, prefix) = (position, wanted)
      if selection != nil { reader = try EntryReader(index, selection, below: position) }
    } catch { throw index.failure(error) }
    switch shape {
    case .entries where settings.scope == nil: try writeEntry(asked)
    case .entries: try writeListing()
    case .parts: try writeParts()
    case .cross: try writeCross()
    case .bill: try writeBill(asked)
    }
    return true
  }

  private func shown(_ prefix: [UInt8]) -> String {
    "'" + String(decoding: TextEscape.escaped(prefix), as: UTF8.self) + "'"
  }

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
    if shape != .cross { try table.finish(footer: footer, into: &output) }
    try output.flush()
  }

  /// Where the figures come from.
  var footer: [String] {
    var lines = index.schema.origins.map { origin in
      let name = String(decoding: TextEscape.escaped(origin.bucket), as: UTF8.self)
      let mount = String(decoding: TextEscape.escaped(origin.mount), as: UTF8.self)
      let time = origin.snapshot.flatMap { Timestamp.text($0) } ?? "of unknown time"
      return "\(name), \(time)" + (mount.isEmpty ? "" : ", under \(mount)")
    }
    if lines.count > 4 { lines = lines[..<3] + ["and \(lines.count - 3) more"] }
    return lines + (pricing?.region.footer ?? [])
  }

  /// The snapshot of what is at or below `prefix`; nil where there is none or more than one.
  func snapshot(of prefix: [UInt8]) -> Int64? {
    let origins = index.schema.origins.filter {
      prefix.starts(with: $0.mount) || $0.mount.starts(with: prefix)
    }
    let snapshots = Set(origins.map(\.snapshot))
    return snapshots.count == 1 ? snapshots.first.flatMap(\.self) : nil
  }
}
