/// Numbers of any width, one behind the other from the least significant bit of the first byte on.
public struct BitWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// The bits that do not fill eight bytes yet.
  private var word: UInt64 = 0
  private var filled: UInt64 = 0

  public init() {}

  /// How many bits there are.
  public var count: Int { bytes.count * 8 + Int(filled) }

  /// Forgets everything and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    (word, filled) = (0, 0)
  }

  /// Appends the lowest `width` bits of `value`, which has no others; `width` is at most 64.
  @inlinable @inline(__always)
  public mutating func append(_ value: UInt64, width: UInt64) {
    add(value, width)
  }

  @usableFromInline @inline(__always)
  mutating func add(_ value: UInt64, _ width: UInt64) {
    word |= value << filled
    let room = 64 &- filled
    if width < room {
      filled &+= width
      return
    }
    flush()
    word = value >> room
    filled = width &- room
  }

  private mutating func flush() {
    unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// Fills up with zero bits to a multiple of `unit` bytes, at most eight.
  public mutating func align(to unit: Int) {
    let whole = (Int(filled) + 7) / 8
    for index in 0..<whole { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(index * 8))) }
    (word, filled) = (0, 0)
    while bytes.count % unit != 0 { bytes.append(0) }
  }
}

/// The number of `width` bits, at most 56 or exactly 64, at bit `bit` behind `start`.
///
/// Eight bytes are loaded from the byte the bit is in (from the next too when `width` is 64): the
/// caller knows that they are there.
@inlinable @inline(__always)
public func bits(_ start: UnsafeRawPointer, at bit: UInt64, width: UInt64) -> UInt64 {
  let byte = Int(truncatingIfNeeded: bit >> 3)
  let shift = bit & 7
  let low = unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
  if width <= 56 { return (low >> shift) & ((1 << width) &- 1) }
  if shift == 0 { return low }
  let high = unsafe UInt64(
    littleEndian: start.loadUnaligned(fromByteOffset: byte &+ 8, as: UInt64.self))
  return (low >> shift) | (high << (64 &- shift))
}

/// Whether all bits from `first` up to `end`, counted from `start`, are 0; the caller knows that the
/// bytes are there.
public func isZero(_ start: UnsafeRawPointer, from first: UInt64, to end: UInt64) -> Bool {
  var bit = first
  while bit < end {
    let byte = unsafe start.load(fromByteOffset: Int(truncatingIfNeeded: bit >> 3), as: UInt8.self)
    let count = min(8 - (bit & 7), end - bit)
    if (UInt64(byte) >> (bit & 7)) & ((1 << count) - 1) != 0 { return false }
    bit += count
  }
  return true
}
