/// What an entry of an index has at and below it, and itself.
public struct Figures: Equatable, Sendable {
  public var objects: UInt64 = 0
  public var bytes: UInt64 = 0
  public var directObjects: UInt64 = 0
  public var directBytes: UInt64 = 0
  /// How many prefixes are below.
  public var prefixes: UInt64 = 0
  /// In seconds since 1970; nil where nothing has a time, or it is not known of the selection.
  public var oldest: Int64?
  public var newest: Int64?

  public init() {}

  /// Adds what another entry has, which shares nothing with this: sums are at most those of the root.
  public mutating func add(_ other: Figures) {
    objects &+= other.objects
    bytes &+= other.bytes
    directObjects &+= other.directObjects
    directBytes &+= other.directBytes
    prefixes &+= other.prefixes
    oldest = [oldest, other.oldest].compactMap(\.self).min()
    newest = [newest, other.newest].compactMap(\.self).max()
  }
}
