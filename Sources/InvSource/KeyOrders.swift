import InvBytes

/// The orders in which a server may list keys.
public struct KeyOrders: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// That of their bytes.
  public static let bytes = KeyOrders(rawValue: 1)
  /// That of folders and the names in them: as bytes, but a slash comes before all others.
  public static let folders = KeyOrders(rawValue: 2)
  public static let all: KeyOrders = [.bytes, .folders]

  /// Those in which key `b` comes behind `a`, when `common` is how many bytes they share.
  @inline(__always)
  static func rising(_ a: RawSpan, _ b: RawSpan, sharing common: Int) -> KeyOrders {
    if common == a.byteCount { return common < b.byteCount ? .all : [] }
    if common == b.byteCount { return [] }
    let (x, y) = (a.u8(at: common), b.u8(at: common))
    if x == slash { return x < y ? .all : .folders }
    if y == slash { return x < y ? .bytes : [] }
    return x < y ? .all : []
  }

  /// Those in which key `b` comes behind `a`.
  static func rising(_ a: [UInt8], _ b: [UInt8]) -> KeyOrders {
    rising(a.raw, b.raw, sharing: commonPrefix(a.raw, b.raw))
  }
}

let slash: UInt8 = 0x2f
