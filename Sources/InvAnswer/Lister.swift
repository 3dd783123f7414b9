public import InvBytes
import InvFormat
public import InvSystem

/// Finds the prefixes that a listing asks for.
public struct Lister {
  let listing: Listing
  let reader: UnionReader
  /// The only index, and whether every entry of it counts and passes: asked for each of millions.
  private let one: EntryReader?
  let isAny: Bool
  private let countsAll: Bool
  /// Whether whoever is handed an entry asks about it later too.
  private let isKeeping: Bool
  /// What a prefix costs, for the order by it.
  private let cost: ((Int) throws(FormatError) -> UInt128)?
  let names: UnionNames

  public init(
    _ listing: Listing, _ reader: UnionReader, isKeeping: Bool = true,
    cost: ((Int) throws(FormatError) -> UInt128)? = nil
  ) {
    (self.listing, self.reader, self.cost) = (listing, reader, cost)
    one = reader.one
    countsAll = reader.selection == nil
    isAny = countsAll && !listing.hasFilters
    self.isKeeping = isKeeping
    names = UnionNames(reader.union)
  }

  /// Hands the prefixes over in order, those below the entry at `position`.
  ///
  /// All of a subtree in the order of names are handed over as they are found.
  public func forEach(
    below position: Int, _ body: (ListedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    switch listing.scope {
    case .children(let levels):
      let chosen = try checked { () throws(FormatError) in
        try descendants(position, levels: levels)
      }
      for entry in chosen { try body(entry) }
    case .all where listing.key == .name && !listing.isReversed:
      try forEachInOrder(below: position, body)
    case .all:
      let chosen = try checked { () throws(FormatError) in try all(position) }
      for entry in chosen { try body(entry) }
    case .tree(let levels):
      try forEachInTree(below: position, levels: levels, body)
    }
  }

  private func checked<Result>(_ work: () throws(FormatError) -> Result) throws(Failure) -> Result {
    do throws(FormatError) { return try work() } catch {
      throw reader.union.failure(error)
    }
  }

  private func descendants(_ position: Int, levels: Int) throws(FormatError) -> [ListedEntry] {
    guard let index = reader.one?.index else {
      return try choose(try EntryMerge(reader, levels, below: position), level: levels)
    }
    let cursor = ColumnCursor(index.depthIndex)
    return try choose(try index.descendants(of: position, levels: levels), level: levels) {
      place throws(FormatError) in Int(clamping: try cursor.value(place))
    }
  }

  private func all(_ position: Int) throws(FormatError) -> [ListedEntry] {
    guard let one = reader.one else {
      return try choose(try EntryMerge(reader, allBelow: position), level: 0)
    }
    return try choose(position + 1..<(try one.end(position)), level: 0) { $0 }
  }

  private func forEachInOrder(
    below position: Int, _ body: (ListedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    guard let one = reader.one else { return try forEachMerged(below: position, body) }
    let end = try checked { () throws(FormatError) in try one.end(position) }
    var left = min(listing.top ?? .max, listing.limit ?? .max)
    for place in position + 1..<end where left > 0 {
      guard try checked({ () throws(FormatError) in try isListed(place) }) else { continue }
      left -= 1
      try body(ListedEntry(position: place, level: 0))
    }
  }

  private func forEachMerged(
    below position: Int, _ body: (ListedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    var merge = try checked { () throws(FormatError) in try EntryMerge(reader, allBelow: position) }
    var left = min(listing.top ?? .max, listing.limit ?? .max)
    while left > 0, let place = try checked({ () throws(FormatError) in try merge.next() }) {
      if try checked({ () throws(FormatError) in try isListed(place) }) {
        left -= 1
        try body(ListedEntry(position: place, level: 0))
        if isKeeping { continue }
      }
      reader.union.forget(place)
    }
  }

  private func forEachInTree(
    below position: Int, levels: Int, _ body: (ListedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    // Those that are still to be shown, the next last.
    var waiting = [ListedEntry(position: position, level: 0)]
    var left = listing.limit ?? .max
    while let entry = waiting.popLast() {
      if entry.position != position {
        guard left > 0 else { return }
        left -= 1
        try body(entry)
      }
      guard entry.level < levels else { continue }
      waiting += try checked { () throws(FormatError) in
        try children(entry)
      }.reversed()
    }
  }

  private func children(_ entry: ListedEntry) throws(FormatError) -> [ListedEntry] {
    guard let one = reader.one else {
      return try choose(
        try EntryMerge(reader, childrenOf: entry.position), level: entry.level + 1)
    }
    return try choose(try children(entry.position, one), level: entry.level + 1) { $0 }
  }

  private func children(_ position: Int, _ reader: EntryReader) throws(FormatError) -> [Int] {
    var children: [Int] = []
    let end = try reader.end(position)
    var child = position + 1
    while child < end {
      children.append(child)
      let next = try reader.end(child)
      // Else a hostile index could let the same entries be below many.
      guard next <= end else {
        throw FormatError("subtree_end.u64: entry \(child) ends behind its parent", at: 0)
      }
      child = next
    }
    return children
  }

  /// The entries of `places` that are listed, in order.
  private func choose<Places: Collection<Int>>(
    _ places: Places, level: Int, _ position: (Int) throws(FormatError) -> Int
  ) throws(FormatError) -> [ListedEntry] {
    var chosen = ChosenEntries(limit: min(listing.top ?? .max, listing.limit ?? .max))
    for place in places {
      let position = try position(place)
      guard try isListed(position) else { continue }
      chosen.add(try rank(position), position)
    }
    return chosen.positions.map { ListedEntry(position: $0, level: level) }
  }

  /// The same of entries of several indexes.
  private func choose(
    _ entries: consuming EntryMerge, level: Int
  ) throws(FormatError) -> [ListedEntry] {
    var chosen = ChosenEntries(limit: min(listing.top ?? .max, listing.limit ?? .max))
    while let position = try entries.next() {
      if try isListed(position), chosen.add(try rank(position), position) { continue }
      reader.union.forget(position)
    }
    return chosen.positions.map { ListedEntry(position: $0, level: level) }
  }

  /// Where the entry comes in the order: the least first.
  private func rank(_ position: Int) throws(FormatError) -> UInt128 {
    // Names, depths and oldest times rise, all else falls.
    var rank: UInt128
    var rises = false
    switch listing.key {
    case .name: (rank, rises) = (UInt128(position), true)
    case .depth: (rank, rises) = (UInt128(try reader.depth(position)), true)
    case .cost: rank = try cost?(position) ?? 0
    // What has no time or average comes last, whatever the order.
    case .oldest:
      guard let time = try reader.figures(position).oldest else { return .max }
      (rank, rises) = (UInt128(Self.ordered(time)), true)
    case .newest:
      guard let time = try reader.figures(position).newest else { return .max }
      rank = UInt128(Self.ordered(time))
    case .bytes where countsAll:
      if let one {
        rank = UInt128(try one.bytes(position))
      } else {
        rank = UInt128(try reader.bytes(position))
      }
    case .objects where countsAll:
      if let one {
        rank = UInt128(try one.objects(position))
      } else {
        rank = UInt128(try reader.objects(position))
      }
    case .bytes: rank = UInt128(try reader.figures(position).bytes)
    case .objects: rank = UInt128(try reader.figures(position).objects)
    case .prefixes: rank = UInt128(try reader.figures(position).prefixes)
    case .directBytes: rank = UInt128(try reader.figures(position).directBytes)
    case .directObjects: rank = UInt128(try reader.figures(position).directObjects)
    case .directPrefixes: rank = UInt128(try reader.directPrefixes(position))
    case .accessed:
      guard let time = try reader.accessed(position) else { return .max }
      rank = UInt128(Self.ordered(time))
    case .average:
      let figures = try reader.figures(position)
      guard figures.objects > 0 else { return .max }
      // With 64 bits behind the point.
      rank = UInt128(figures.bytes) << 64 / UInt128(figures.objects)
    }
    return rises == listing.isReversed ? .max - rank : rank
  }

  /// Signed numbers in the order of unsigned ones.
  private static func ordered(_ time: Int64) -> UInt64 { UInt64(bitPattern: time) ^ 1 << 63 }
}
