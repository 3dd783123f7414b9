import InvAnswer
import InvBytes
import InvFormat
import InvSystem
import InvText

// What the settings ask becomes what an index can be asked.

extension Answer {
  static func format(_ settings: Settings, isTerminal: Bool) -> Table.Format {
    settings.format.flatMap { Table.Format(rawValue: $0.rawValue) } ?? (isTerminal ? .table : .tsv)
  }

  static func isColored(_ color: Color, isTerminal: Bool) -> Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto: isTerminal && (Machine.environment("NO_COLOR") ?? "").isEmpty
    }
  }

  static func columns(of terminal: Int?) -> Int? {
    let asked = Machine.environment("COLUMNS").flatMap { Int($0) }
    return asked.flatMap { (1...10_000).contains($0) ? $0 : nil } ?? terminal
  }

  static func selection(
    _ settings: Settings, _ index: Index, _ accounts: any AccountNames
  ) throws(Failure) -> Selection? {
    if settings.partOptions.isEmpty { return nil }
    var selection = Selection(index.schema)
    if !settings.clause.isEmpty {
      selection = try Selection(
        try WhereClause(Array(settings.clause.joined(separator: [0x2c]))), in: index.schema)
    }
    for (kind, people, isOwn) in [
      (Accounts.Kind.user, settings.owners, settings.isMine),
      (.group, settings.groups, settings.isMyGroup),
    ] where isOwn || !people.isEmpty {
      let own = isOwn ? [Array("\(Accounts.own(kind))".utf8)] : []
      try selection.restrict(to: people + own, kind, index.schema, accounts)
    }
    return selection
  }

  static func pricing(_ index: Index, _ settings: Settings) throws(Failure) -> Pricing {
    let list =
      if let path = settings.prices { try PriceList(file: path) } else { try PriceList.shipped }
    let cells = IndexCells(index)
    do throws(FormatError) { try cells.readAll(0) } catch { throw index.failure(error) }
    return try Pricing(
      index.schema, try list.region(settings.region), whole: cells.cells)
  }

  static func listing(_ settings: Settings, _ index: Index) throws(Failure) -> Listing {
    var listing = settings.listing
    listing.scope = settings.scope ?? .children(1)
    listing.key = settings.sort ?? .bytes
    func globs(_ patterns: [Pattern]) -> [Glob] {
      patterns.map { settings.ignoresCase ? $0.caseless : $0.glob }
    }
    listing.matching = globs(settings.matching)
    listing.named = globs(settings.named.map(\.pattern))
    listing.excluding = globs(settings.excluding)
    for kind in Accounts.Kind.allCases where settings.single.contains(kind) {
      listing.single.append(try index.schema.place(of: kind))
    }
    if settings.olderThan != nil || settings.newerThan != nil, index.times.isEmpty {
      throw .usage("the index has no times: nothing in it is older or newer")
    }
    if settings.hasAccess, !index.schema.hasAccessed {
      throw .usage("the index has no times of access: when something was read is not known")
    }
    let snapshots = Set(index.schema.origins.map(\.snapshot))
    if snapshots.count > 1,
      settings.ageLimits.contains(where: { if case .days = $0 { true } else { false } })
    {
      throw .usage("the index has more than one snapshot: give a date instead of an age")
    }
    let snapshot = snapshots.count == 1 ? snapshots.first.flatMap(\.self) : nil
    func boundary(_ limit: AgeLimit?) throws(Failure) -> Int64? {
      try limit.map { limit throws(Failure) in try limit.boundary(snapshot: snapshot) }
    }
    listing.isOlderThan = try boundary(settings.olderThan)
    listing.isNewerThan = try boundary(settings.newerThan)
    listing.isAccessedBefore = try boundary(settings.accessedBefore)
    listing.isAccessedAfter = try boundary(settings.accessedAfter)
    return listing
  }

  static func shape(_ settings: Settings, _ format: Table.Format) -> Shape {
    if format == .json { return .entries }
    let isListing = settings.scope != nil
    if !settings.by.isEmpty {
      let isCross =
        settings.by.count == 2 && format == .table && !isListing && !settings.hasOrder
      return isCross ? .cross : .parts
    }
    return settings.hasCost && !settings.hasHidden && !settings.hasDirectories && !isListing
      ? .bill : .entries
  }
}
