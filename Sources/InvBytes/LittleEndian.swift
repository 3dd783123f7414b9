// The loads and stores that everything else is made of. RawSpan checks the bounds of each; reading
// past them is a mistake of ours and traps.

extension RawSpan {
  @inlinable @inline(__always)
  public func u8(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  @inlinable @inline(__always)
  public func u16(at offset: Int) -> UInt16 {
    unsafe UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inlinable @inline(__always)
  public func u32(at offset: Int) -> UInt32 {
    unsafe UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inlinable @inline(__always)
  public func u64(at offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The bytes of `range` as an array.
  public func array(_ range: Range<Int>) -> [UInt8] {
    let part = extracting(range)
    return unsafe part.withUnsafeBytes { unsafe [UInt8]($0) }
  }
}

extension Span<UInt8> {
  /// The same bytes, for loads of any width.
  @inlinable
  public var raw: RawSpan {
    @_lifetime(copy self)
    get { unsafe bytes }
  }
}

extension [UInt8] {
  /// The bytes, for loads of any width.
  @inlinable
  public var raw: RawSpan {
    @_lifetime(borrow self)
    get { span.raw }
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func append(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }

  /// Appends the little-endian bytes of `value`.
  @inlinable
  public mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
    var rest = value
    for _ in 0..<(Value.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Overwrites the bytes at `offset` with the little-endian bytes of `value`.
  @inlinable
  public mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    var rest = value
    for index in offset..<offset + Value.bitWidth / 8 {
      self[index] = UInt8(truncatingIfNeeded: rest)
      rest >>= 8
    }
  }
}
