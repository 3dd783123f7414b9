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
    case bytes, objects, newest, oldest, accessed, name, prefixes, depth, cost
    case average = "avg"
    case directBytes = "direct-bytes"
    case directObjects = "direct-objects"
    case directPrefixes = "direct-prefixes"
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
  /// Bytes for each object; what has no objects has no average.
  public var leastAverage: UInt64?
  public var mostAverage: UInt64?
  public var leastDepth: Int?
  public var mostDepth: Int?
  /// The newest object must be before, or not before, these times; one for each index.
  public var isOlderThan: [Int64]?
  public var isNewerThan: [Int64]?
  /// The last access to an object must be before, or not before, these times.
  public var isAccessedBefore: [Int64]?
  public var isAccessedAfter: [Int64]?
  /// Of a part of the objects: the band of ages that the youngest must be in or behind, and the one that
  /// it must be before.
  public var leastAge: (ages: AgeBands, band: Int)?
  public var ageBelow: (ages: AgeBands, band: Int)?
  /// Of each of these lists that is not empty a pattern must match.
  public var matching: [Glob] = []
  public var named: [Glob] = []
  public var excluding: [Glob] = []
  public var isLeavesOnly = false
  /// The places of the dimensions of which everything must have the same value.
  public var single: [Int] = []

  public init() {}

  public var hasFilters: Bool {
    hasFigureFilters || hasNameFilters || leastDepth != nil || mostDepth != nil || isLeavesOnly
      || isAccessedBefore != nil || isAccessedAfter != nil || leastAge != nil || ageBelow != nil
      || !single.isEmpty
  }

  /// Whether figures decide.
  var hasFigureFilters: Bool {
    least.objects != nil || least.bytes != nil || most.objects != nil || most.bytes != nil
      || leastAverage != nil || mostAverage != nil || isOlderThan != nil || isNewerThan != nil
  }

  var hasNameFilters: Bool { !matching.isEmpty || !named.isEmpty || !excluding.isEmpty }
}

/// A prefix of a listing.
public struct ListedEntry: Equatable, Sendable {
  public let position: Int
  /// How many levels it lies below the prefix that is listed.
  public let level: Int
}
