/// A column of integers in as many bytes each as the widest needs: inv-rows(5), "Sections".
///
/// Value i is `base` plus the little-endian integer of `width` bytes at `offset + i * width`,
/// modulo 2^64. Eight bytes are loaded for each, so the bytes must go on for eight after the column.
public struct PackedInts: Sendable {
  public let offset: Int
  public let width: Int
  public let count: Int
  public let base: UInt64
  @usableFromInline let mask: UInt64

  /// A column at `offset`; the caller has checked that it lies within the bytes.
  public init(offset: Int, width: Int, count: Int, base: UInt64) {
    self.offset = offset
    self.width = width
    self.count = count
    self.base = base
    self.mask = width == 8 ? .max : (1 << UInt64(width * 8)) &- 1
  }

  /// What is stored for value `index`, without the base.
  @inlinable @inline(__always)
  public func stored(_ index: Int, in bytes: RawSpan) -> UInt64 {
    precondition(index >= 0 && index < count)
    return bytes.u64(at: offset &+ index &* width) & mask
  }

  /// Value `index`.
  @inlinable @inline(__always)
  public func value(_ index: Int, in bytes: RawSpan) -> UInt64 {
    base &+ stored(index, in: bytes)
  }

  /// Value `index` of a column in which 0 is stored for what is absent, and `absent` for that.
  @inlinable @inline(__always)
  public func signed(_ index: Int, in bytes: RawSpan, absent: Int64) -> Int64 {
    let stored = stored(index, in: bytes)
    return stored == 0 ? absent : Int64(bitPattern: base &+ stored &- 1)
  }

  /// The greatest value, 0 when there is none; only of columns whose values do not wrap.
  public func greatest(in bytes: RawSpan) -> UInt64 {
    guard count > 0 else { return 0 }
    if width == 0 { return base }
    var greatest: UInt64 = 0
    for index in 0..<count { greatest = max(greatest, stored(index, in: bytes)) }
    let (value, overflow) = base.addingReportingOverflow(greatest)
    return overflow ? .max : value
  }
}
