public import InvBytes

/// A point of the cube as one number that sorts as its values do: dimension after dimension, each in
/// as many bits as it needs.
public struct PointCode: Equatable, Sendable {
  private let shifts: [UInt64]
  private let masks: [UInt64]
  private let sizes: [UInt64]
  /// What is added to a code so that a value that its dimension has not carries into the bits above it,
  /// and the bits above the dimensions.
  private let excess: UInt64
  private let carries: UInt64
  /// The bits that no dimension has.
  private let outside: UInt64
  /// Whether a dimension has no values.
  private let isEmpty: Bool

  /// `sizes` are how many values each dimension has.
  public init(sizes: [Int]) throws(FormatError) {
    let bits = sizes.map { UInt64(Int.bitWidth - max(0, $0 - 1).leadingZeroBitCount) }
    guard bits.reduce(0, +) <= 64 else {
      throw FormatError("the dimensions have more points than 2^64", at: 0)
    }
    var shifts: [UInt64] = []
    var rest = bits.reduce(0, +)
    for width in bits {
      rest -= width
      shifts.append(rest)
    }
    self.shifts = shifts
    masks = bits.map { $0 == 64 ? .max : (1 << $0) &- 1 }
    self.sizes = sizes.map { UInt64($0) }
    let total = bits.reduce(0, +)
    outside = total == 64 ? 0 : .max << total
    isEmpty = sizes.contains(0)
    (excess, carries) = zip(zip(shifts, masks), self.sizes).reduce((0, 0)) { sum, dimension in
      let ((shift, mask), size) = dimension
      // A shift by 64 leaves nothing: what is carried out of all bits is seen by itself.
      let carry = UInt64(1) << (shift + UInt64(mask.nonzeroBitCount))
      return (sum.0 | (mask &- size &+ 1) << shift, sum.1 | carry)
    }
  }

  public var count: Int { shifts.count }

  /// The part of a code that value `value` of dimension `dimension` makes.
  @inlinable @inline(__always)
  public func part(_ dimension: Int, _ value: UInt64) -> UInt64 { value << shift(dimension) }

  /// The value that `code` has in `dimension`.
  @inlinable @inline(__always)
  public func value(_ dimension: Int, of code: UInt64) -> UInt64 {
    (code >> shift(dimension)) & mask(dimension)
  }

  /// Whether `code` is that of a point: every dimension has its value.
  @inline(__always)
  public func contains(_ code: UInt64) -> Bool {
    let (sum, isOver) = code.addingReportingOverflow(excess)
    return !isOver && (sum ^ code ^ excess) & carries == 0 && code & outside == 0 && !isEmpty
  }

  /// How far the values of a dimension are shifted.
  public func shift(of dimension: Int) -> UInt64 { shifts[dimension] }

  /// The bits that the values of a dimension take, before they are shifted.
  public func mask(of dimension: Int) -> UInt64 { masks[dimension] }

  @usableFromInline @inline(__always)
  func shift(_ dimension: Int) -> UInt64 { shifts[dimension] }

  @usableFromInline @inline(__always)
  func mask(_ dimension: Int) -> UInt64 { masks[dimension] }
}
