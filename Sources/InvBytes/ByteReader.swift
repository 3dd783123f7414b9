/// A cursor over bytes from outside: every step is checked against what remains.
public struct ByteReader: ~Escapable {
  public let bytes: RawSpan
  public private(set) var position = 0
  /// Where the first byte lies in what was read, for messages.
  let start: UInt64

  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, start: UInt64 = 0) {
    self.bytes = bytes
    self.start = start
  }

  public var remaining: Int { bytes.byteCount - position }

  /// An error at the present position.
  public func fault(_ what: String) -> FormatError {
    FormatError(what, at: start + UInt64(position))
  }

  @_lifetime(self: copy self)
  private mutating func take(_ count: Int, _ what: String) throws(FormatError) -> Int {
    guard count >= 0, count <= remaining else { throw fault("\(what) ends too early") }
    defer { position += count }
    return position
  }

  @_lifetime(self: copy self)
  public mutating func u8(_ what: String) throws(FormatError) -> UInt8 {
    bytes.u8(at: try take(1, what))
  }

  @_lifetime(self: copy self)
  public mutating func u16(_ what: String) throws(FormatError) -> UInt16 {
    bytes.u16(at: try take(2, what))
  }

  @_lifetime(self: copy self)
  public mutating func u32(_ what: String) throws(FormatError) -> UInt32 {
    bytes.u32(at: try take(4, what))
  }

  @_lifetime(self: copy self)
  public mutating func u64(_ what: String) throws(FormatError) -> UInt64 {
    bytes.u64(at: try take(8, what))
  }

  /// The next `count` bytes, as a range of `bytes`.
  @_lifetime(self: copy self)
  public mutating func range(_ count: Int, _ what: String) throws(FormatError) -> Range<Int> {
    let first = try take(count, what)
    return first..<first + count
  }

  /// The next `count` bytes, as an array.
  @_lifetime(self: copy self)
  public mutating func array(_ count: Int, _ what: String) throws(FormatError) -> [UInt8] {
    bytes.array(try range(count, what))
  }
}
