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
    _ settings: Settings, _ index: IndexUnion, _ accounts: any AccountNames
  ) throws(Failure) -> Selection? {
    if settings.partOptions.isEmpty { return nil }
    var selection = Selection(index.schema)
    if !settings.clause.isEmpty {
      let clause = try WhereClause(Array(settings.clause.joined(separator: [0x2c])))
      for term in clause.terms {
        try index.require(String(decoding: term.name, as: UTF8.self))
      }
      selection = try Selection(clause, in: index.schema)
      // What directories take would be in the sums, and out of the column that is beside them.
      if settings.hasDirectories, selection.restrictsState {
        throw .usage("--dirs does not go with --where state=...: ask for state=directory alone")
      }
    }
    for (kind, people, isOwn) in [
      (Accounts.Kind.user, settings.owners, settings.isMine),
      (.group, settings.groups, settings.isMyGroup),
    ] where isOwn || !people.isEmpty {
      try index.require(ValueNames.dimension(of: kind))
      let own = isOwn ? [Array("\(Accounts.own(kind))".utf8)] : []
      try selection.restrict(to: people + own, kind, index.schema, accounts)
    }
    return selection
  }

  static func pricing(_ index: IndexUnion, _ settings: Settings) throws(Failure) -> Pricing {
    let list =
      if let path = settings.prices { try PriceList(file: path) } else { try PriceList.shipped }
    for name in ["class", "size"] { try index.require(name) }
    let cells: [Cell]
    do throws(FormatError) { cells = try UnionReader(index, nil, below: 0).cells(0) } catch {
      throw index.failure(error)
    }
    return try Pricing(index.schema, try list.region(settings.region), whole: cells)
  }

  static func listing(_ settings: Settings, _ index: IndexUnion) throws(Failure) -> Listing {
    var listing = settings.listing
    listing.scope = settings.scope ?? .children(1)
    listing.key = settings.sort ?? .bytes
    listing.matching = try globs(settings.matching, settings, index)
    listing.named = try globs(settings.named.map(\.pattern), settings, index)
    listing.excluding = try globs(settings.excluding, settings, index)
    for kind in Accounts.Kind.allCases where settings.single.contains(kind) {
      try index.require(ValueNames.dimension(of: kind))
      listing.single.append(try index.schema.place(of: kind))
    }
    if settings.olderThan != nil || settings.newerThan != nil, !index.hasTimes {
      throw .usage("the index has no times: nothing in it is older or newer")
    }
    if settings.hasAccess, !index.schema.hasAccessed {
      throw .usage("the index has no times of access: when something was read is not known")
    }
    if let part = settings.partOptions.first {
      if !settings.ageLimits.isEmpty { try index.require(Dimension.age.name) }
      try limitBands(&listing, settings, index, part)
      return listing
    }
    func boundaries(_ limit: AgeLimit?) throws(Failure) -> [Int64]? {
      guard let limit else { return nil }
      var boundaries: [Int64] = []
      for one in index.indexes {
        boundaries.append(try boundary(limit, in: one, name(of: one, in: index)))
      }
      return boundaries
    }
    listing.isOlderThan = try boundaries(settings.olderThan)
    listing.isNewerThan = try boundaries(settings.newerThan)
    listing.isAccessedBefore = try boundaries(settings.accessedBefore)
    listing.isAccessedAfter = try boundaries(settings.accessedAfter)
    return listing
  }

  /// The patterns for names as the index has them: a path is without what operands are without too.
  private static func globs(
    _ patterns: [Pattern], _ settings: Settings, _ index: IndexUnion
  ) throws(Failure) -> [Glob] {
    var globs: [Glob] = []
    for pattern in patterns {
      var text = pattern.text[...]
      if let mount = settings.mount(of: pattern.text), text.count > mount.count + 1 {
        text = text.dropFirst(mount.count + 1)
      } else if text.count > 1, text.first == 0x2f, try !index.hasRootSlash {
        text = text.dropFirst()
      }
      do throws(FormatError) {
        globs.append(
          try Glob(
            text, ignoresCase: settings.ignoresCase,
            isAnchored: pattern.glob.isAnchored && text.count < pattern.text.count))
      } catch { throw .usage("'\(escaped(pattern.text))' is not \(Pattern.expectation)") }
    }
    return globs
  }

  /// Where the limit is in an index: ages are counted from its own snapshot.
  private static func boundary(
    _ limit: AgeLimit, in index: Index, _ name: String
  ) throws(Failure) -> Int64 {
    let snapshots = Set(index.schema.origins.map(\.snapshot))
    if case .days = limit, snapshots.count > 1 {
      throw .usage("\(name) has more than one snapshot: give a date instead of an age")
    }
    return try limit.boundary(
      snapshot: snapshots.count == 1 ? snapshots.first.flatMap(\.self) : nil, of: name)
  }

  /// How a message calls one of the indexes.
  private static func name(of index: Index, in union: IndexUnion) -> String {
    union.isSeveral ? escaped(index.path) : "the index"
  }

  /// Of a part of the objects no times are known, but the bands of their ages are.
  private static func limitBands(
    _ listing: inout Listing, _ settings: Settings, _ union: IndexUnion, _ part: String
  ) throws(Failure) {
    let schema = union.schema
    // What newest is about: EntryReader.
    let time = schema.hasModified ? PrefixSchema.AgeOf.modified : .accessed
    for (option, limit, time) in [
      ("--older-than", settings.olderThan, time), ("--newer-than", settings.newerThan, time),
      ("--accessed-before", settings.accessedBefore, .accessed),
      ("--accessed-after", settings.accessedAfter, .accessed),
    ] {
      guard let limit else { continue }
      guard let ages = AgeBands(schema, of: time) else {
        throw .usage("\(option) does not go with \(part): the index has no ages of that time")
      }
      let band = try ages.band(limit, option, part)
      // Without a snapshot all ages are unknown.
      for index in union.indexes {
        let origins = index.schema.origins
        if origins.isEmpty || origins.contains(where: { $0.snapshot == nil }) {
          throw .usage("\(option): \(name(of: index, in: union)) does not say of when it is")
        }
      }
      if ["--older-than", "--accessed-before"].contains(option) {
        listing.leastAge = (ages, max(band, listing.leastAge?.band ?? 0))
      } else {
        listing.ageBelow = (ages, min(band, listing.ageBelow?.band ?? .max))
      }
    }
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
