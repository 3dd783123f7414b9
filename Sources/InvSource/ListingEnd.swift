import InvBytes

/// Where a range of keys ends: it has the keys up to `key`, and those before `next`.
///
/// The first `shared` bytes are those of a key of the range, and no byte behind them is a slash or less.
/// So it makes no difference to what lies before the end in which of `KeyOrders` a server lists, and
/// that need not be known.
public struct ListingEnd: Equatable, Sendable {
  public let key: [UInt8]
  public let shared: Int
  /// The first key of the range behind, if there is one: some servers leave out keys behind `key` when
  /// they are asked for what comes behind it.
  public let next: [UInt8]?

  public init(key: [UInt8], shared: Int, next: [UInt8]? = nil) {
    self.key = key
    self.shared = min(shared, key.count)
    self.next = next
  }

  /// The same with a range behind it that begins with `next`.
  func before(_ next: [UInt8]?) -> ListingEnd {
    ListingEnd(key: key, shared: shared, next: next)
  }

  /// Whether `other`, which the server lists behind a key of the range, is behind the end.
  func isBefore(_ other: RawSpan, in orders: KeyOrders) -> Bool {
    guard isKeyBefore(other) else { return false }
    guard let next else { return true }
    return !precedes(other, next.raw, in: orders)
  }

  /// Whether it is behind `key`.
  func isKeyBefore(_ other: RawSpan) -> Bool {
    let common = commonPrefix(key.raw, other)
    // It differs from a key of the range where that does not differ from the end.
    if common < shared { return true }
    if common == key.count { return other.byteCount > common }
    return common < other.byteCount && other.u8(at: common) > key[common]
  }
}

/// Whether key `a` comes before `b`, whichever of the orders it is.
func precedes(_ a: RawSpan, _ b: RawSpan, in orders: KeyOrders) -> Bool {
  KeyOrders.rising(a, b, sharing: commonPrefix(a, b)).isSuperset(of: orders)
}
