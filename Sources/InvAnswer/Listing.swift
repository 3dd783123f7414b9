public import InvBytes
import InvFormat
public import InvSystem
public import InvText

/// Which prefixes below one are listed, and in which order.
public struct Listing: Sendable {
  public enum Scope: Equatable, Sendable {
    /// Those exactly so many levels below.
    case children(Int)
    /// Those up to so many levels below, each under its parent.
    case tree(Int)
    /// All that are below.
    case all
  }

  public enum Key: String, CaseIterable, Sendable {
    case bytes, objects, newest, oldest, name, prefixes, depth, cost
    case directBytes = "direct-bytes"
    case directObjects = "direct-objects"
  }

  public var scope = Scope.children(1)
  public var key = Key.bytes
  public var isReversed = false
  /// No more than so many: of all, or of the children of each in a tree.
  public var top: Int?
  /// No more rows than so many.
  public var limit: Int?
  public var least: (objects: UInt64?, bytes: UInt64?)
  public var most: (objects: UInt64?, bytes: UInt64?)
  /// The newest object must be before, or not before, these times.
  public var isOlderThan: Int64?
  public var isNewerThan: Int64?
  public var matching: [Glob] = []
  public var excluding: [Glob] = []
  public var isLeavesOnly = false

  public init() {}

  public var hasFilters: Bool {
    least.objects != nil || least.bytes != nil || most.objects != nil || most.bytes != nil
      || isOlderThan != nil || isNewerThan != nil || !matching.isEmpty || !excluding.isEmpty
      || isLeavesOnly
  }
}

/// A prefix of a listing.
public struct ListedEntry: Equatable, Sendable {
  public let position: Int
  /// How many levels it lies below the prefix that is listed.
  public let level: Int
}

/// Finds the prefixes that a listing asks for.
public struct Lister {
  private let listing: Listing
  private let reader: EntryReader
  private let index: Index
  /// What a prefix costs, for the order by it.
  private let cost: ((Int) throws(FormatError) -> UInt128)?
  private let names: PrefixCursor

  public init(
    _ listing: Listing, _ reader: EntryReader,
    cost: ((Int) throws(FormatError) -> UInt128)? = nil
  ) {
    (self.listing, self.reader, self.cost) = (listing, reader, cost)
    index = reader.index
    names = PrefixCursor(index.strings)
  }

  /// Hands the prefixes over in order, those below the entry at `position`.
  ///
  /// All of a subtree in the order of names are handed over as they are found.
  public func forEach(
    below position: Int, _ body: (ListedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    switch listing.scope {
    case .children(let levels):
      let cursor = ColumnCursor(index.depthIndex)
      let chosen = try checked { () throws(FormatError) in
        try choose(try index.descendants(of: position, levels: levels), level: levels) {
          place throws(FormatError) in Int(clamping: try cursor.value(place))
        }
      }
      for entry in chosen { try body(entry) }
    case .all where listing.key == .name && !listing.isReversed:
      try forEachInOrder(below: position, body)
    case .all:
      let chosen = try checked { () throws(FormatError) in
        try choose(position + 1..<(try reader.end(position)), level: 0) { $0 }
      }
      for entry in chosen { try body(entry) }
    case .tree(let levels):
      try forEachInTree(below: position, levels: levels, body)
    }
  }

  private func checked<Result>(_ work: () throws(FormatError) -> Result) throws(Failure) -> Result {
    do throws(FormatError) { return try work() } catch { throw index.failure(error) }
  }

  private func forEachInOrder(
    below position: Int, _ body: (ListedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    let end = try checked { () throws(FormatError) in try reader.end(position) }
    var left = min(listing.top ?? .max, listing.limit ?? .max)
    for place in position + 1..<end where left > 0 {
      guard try checked({ () throws(FormatError) in try isListed(place) }) else { continue }
      left -= 1
      try body(ListedEntry(position: place, level: 0))
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
        try choose(try children(entry.position), level: entry.level + 1) { $0 }
      }.reversed()
    }
  }

  private func children(_ position: Int) throws(FormatError) -> [Int] {
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

  /// Whether the filters let the entry pass.
  private func isListed(_ position: Int) throws(FormatError) -> Bool {
    guard try reader.isLeft(position) else { return false }
    guard listing.hasFilters else { return true }
    if listing.isLeavesOnly, try reader.end(position) != position + 1 { return false }
    let figures = try reader.figures(position)
    guard figures.objects >= listing.least.objects ?? 0,
      figures.objects <= listing.most.objects ?? .max,
      figures.bytes >= listing.least.bytes ?? 0, figures.bytes <= listing.most.bytes ?? .max
    else { return false }
    if let limit = listing.isOlderThan, figures.newest.map({ $0 >= limit }) ?? true {
      return false
    }
    if let limit = listing.isNewerThan, figures.newest.map({ $0 < limit }) ?? true {
      return false
    }
    return try matchesNames(position)
  }

  private func matchesNames(_ position: Int) throws(FormatError) -> Bool {
    guard !listing.matching.isEmpty || !listing.excluding.isEmpty else { return true }
    try names.move(to: position)
    // A pattern for the last part takes its slash off itself, as that part can be empty.
    let (name, path) = (names.prefix[...], names.prefix.dropLast())
    return
      (listing.matching.isEmpty
      || listing.matching.contains { $0.matches($0.isAnchored ? path : name) })
      && !listing.excluding.contains { $0.matches($0.isAnchored ? path : name) }
  }

  /// The entries of `places` that are listed, in order.
  private func choose<Places: Collection<Int>>(
    _ places: Places, level: Int, _ position: (Int) throws(FormatError) -> Int
  ) throws(FormatError) -> [ListedEntry] {
    var chosen = Chosen(limit: min(listing.top ?? .max, listing.limit ?? .max))
    for place in places {
      let position = try position(place)
      guard try isListed(position) else { continue }
      chosen.add(try rank(position), position)
    }
    return chosen.positions.map { ListedEntry(position: $0, level: level) }
  }

  /// Where the entry comes in the order: the least first.
  private func rank(_ position: Int) throws(FormatError) -> UInt128 {
    /// Names and oldest times rise, all else falls.
    var rank: UInt128
    var rises = false
    switch listing.key {
    case .name: (rank, rises) = (UInt128(position), true)
    case .depth: (rank, rises) = (UInt128(try index.depths.value(position)), true)
    case .cost: rank = try cost?(position) ?? 0
    // What has no time comes last, whatever the order.
    case .oldest:
      guard let time = try reader.figures(position).oldest else { return .max }
      (rank, rises) = (UInt128(Self.ordered(time)), true)
    case .newest:
      guard let time = try reader.figures(position).newest else { return .max }
      rank = UInt128(Self.ordered(time))
    case .bytes where reader.selection == nil: rank = UInt128(try reader.bytes(position))
    case .objects where reader.selection == nil: rank = UInt128(try reader.objects(position))
    case .bytes: rank = UInt128(try reader.figures(position).bytes)
    case .objects: rank = UInt128(try reader.figures(position).objects)
    case .prefixes: rank = UInt128(try reader.figures(position).prefixes)
    case .directBytes: rank = UInt128(try reader.figures(position).directBytes)
    case .directObjects: rank = UInt128(try reader.figures(position).directObjects)
    }
    return rises == listing.isReversed ? .max - rank : rank
  }

  /// Signed numbers in the order of unsigned ones.
  private static func ordered(_ time: Int64) -> UInt64 { UInt64(bitPattern: time) ^ 1 << 63 }
}

/// The first few of many by rank, then position.
private struct Chosen {
  private struct Candidate {
    let rank: UInt128
    let position: Int

    @inline(__always)
    func precedes(_ other: Candidate) -> Bool {
      rank != other.rank ? rank < other.rank : position < other.position
    }
  }

  private let limit: Int
  private var candidates: [Candidate] = []
  /// Where there are enough, the last of those that are kept.
  private var bound: Candidate?

  init(limit: Int) { self.limit = limit }

  mutating func add(_ rank: UInt128, _ position: Int) {
    let candidate = Candidate(rank: rank, position: position)
    if let bound, !candidate.precedes(bound) { return }
    candidates.append(candidate)
    // Twice as many as are wanted are kept before the surplus is cut.
    if limit < 1 << 20, candidates.count >= 2 * max(limit, 64) { cut() }
  }

  private mutating func cut() {
    candidates.sort { $0.precedes($1) }
    if candidates.count > limit { candidates.removeSubrange(limit...) }
    bound = candidates.last
  }

  var positions: [Int] {
    mutating get {
      cut()
      return candidates.map(\.position)
    }
  }
}
