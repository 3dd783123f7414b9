import InvBytes
public import InvFormat

/// One answer of a server that lists a bucket: read, and compared with what was asked.
public struct ListingPage: Sendable {
  /// What was asked.
  public struct Request: Sendable {
    /// All keys begin with it.
    public var prefix: [UInt8]
    public var after: ListingMark
    /// The first key that is wanted, where it is known.
    public var from: [UInt8]?
    public var end: ListingEnd?
    public var hasVersions: Bool
    /// The orders that the server's keys were in so far.
    public var orders: KeyOrders
    /// Whether keys may come in any other order too.
    public var isFree = false

    public init(
      prefix: [UInt8], after: ListingMark, from: [UInt8]?, end: ListingEnd?, hasVersions: Bool,
      orders: KeyOrders
    ) {
      self.prefix = prefix
      self.after = after
      self.from = from
      self.end = end
      self.hasVersions = hasVersions
      self.orders = orders
    }
  }

  /// An object, a version or a delete marker.
  public struct Row: Sendable {
    /// Where its key begins among the bytes of the keys, and how many bytes it has.
    var start: Int
    var count: Int
    /// How many bytes the key shares with the one before.
    var shared = 0
    public var size: UInt64 = 0
    /// In seconds since 1970, or `absentInt`.
    public var modified = absentInt
    public var state = ObjectState.current
    /// The place of its class among the classes.
    public var storageClass = 0
  }

  var keys: [UInt8] = []
  public internal(set) var rows: [Row] = []
  /// The classes as the server spells them; that of delete markers is empty.
  public internal(set) var classes: [[UInt8]] = []
  /// The orders that the keys are in.
  public internal(set) var orders: KeyOrders
  /// Where the next page begins; nil after the last.
  public internal(set) var mark: ListingMark?
  /// Whether the answer went on behind the end of the range.
  public internal(set) var isCut = false

  init(orders: KeyOrders) { self.orders = orders }

  /// Whether the range has no page behind this.
  public var isLast: Bool { mark == nil || isCut }

  public var firstKey: [UInt8]? { rows.first.map { Array(key($0)) } }

  /// What a page tells of the keys behind what it was asked behind.
  enum Found { case key([UInt8]), nothing, unknown }

  // A page without rows need not be the last.
  var found: Found { firstKey.map { .key($0) } ?? (mark == nil ? .nothing : .unknown) }

  /// The last key that belongs to another range, before this one.
  private var passed: [UInt8]?

  var lastKey: [UInt8]? { rows.last.map { Array(key($0)) } ?? passed }

  func key(_ row: Row) -> ArraySlice<UInt8> { keys[row.start..<row.start + row.count] }

  /// Where a key belongs.
  enum Belonging { case before, here, behind }

  /// Takes in `row`, which comes next, if its key belongs to the range; the key is checked against the
  /// request and the key before.
  mutating func admit(_ row: inout Row, to request: Request) throws(FormatError) {
    let (belonging, orders) = try check(&row, against: request)
    self.orders = orders
    switch belonging {
    case .before: passed = Array(key(row))
    case .here: rows.append(row)
    case .behind: isCut = true
    }
  }

  private func check(_ row: inout Row, against request: Request) throws(FormatError)
    -> (Belonging, orders: KeyOrders)
  {
    let key = keys.raw.extracting(row.start..<row.start + row.count)
    guard row.count > 0, row.count <= Container.keyLimit else {
      throw FormatError("a key of \(row.count) bytes", at: 0)
    }
    for place in 0..<row.count where key.u8(at: place) == 0 {
      throw FormatError("a key with a NUL byte", at: 0)
    }
    let prefix = request.prefix
    let last = rows.last ?? Row(start: 0, count: 0)
    let before = keys.raw.extracting(last.start..<last.start + last.count)
    let known = rows.isEmpty ? request.after.key.raw : before
    row.shared = commonPrefix(known, key)
    if rows.isEmpty || row.shared < prefix.count {
      guard commonPrefix(prefix.raw, key) == prefix.count else {
        throw FormatError("key \(text(row)) does not begin with \(Self.text(prefix))", at: 0)
      }
    }
    // Another version of the key before, unless all of them have been.
    let isVersion =
      request.hasVersions && (!rows.isEmpty || request.after.version != nil)
      && row.shared == row.count && row.shared == known.byteCount
    var orders = self.orders
    if known.byteCount > 0 && !isVersion {
      orders = orders.intersection(KeyOrders.rising(known, key, sharing: row.shared))
      guard !orders.isEmpty || request.isFree else {
        let known = rows.isEmpty ? request.after.key : Array(self.key(last))
        throw FormatError("key \(text(row)) comes behind \(Self.text(known))", at: 0)
      }
    }
    if rows.isEmpty { row.shared = 0 }
    // In no order, nothing lies before or behind.
    if orders.isEmpty { return (.here, orders) }
    if rows.isEmpty, let from = request.from, precedes(key, from.raw, in: orders) {
      return (.before, orders)
    }
    return (request.end?.isBefore(key, in: orders) == true ? .behind : .here, orders)
  }

  private func text(_ row: Row) -> String { Self.text(Array(key(row))) }

  static func text(_ key: [UInt8]) -> String { "'\(printableName(key))'" }
}
