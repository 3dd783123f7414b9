/// Writes numbers of any width into memory, from the least significant bit of the first byte on.
///
/// The caller knows that there is room for all of them, and for eight bytes more.
@safe struct BitRoom {
  private var at: UnsafeMutablePointer<UInt8>
  private var word: UInt64 = 0
  /// How many bits of `word` are used, fewer than 64.
  private var filled: UInt64 = 0

  init(_ start: UnsafeMutablePointer<UInt8>) { unsafe at = start }

  /// Adds the lowest `width` bits of `value`, which has no others; `width` is at most 64.
  @inline(__always)
  mutating func add(_ value: UInt64, _ width: UInt64) {
    word |= value &<< filled
    let total = filled &+ width
    if total < 64 {
      filled = total
      return
    }
    store()
    // The shift is 64 where nothing was left over.
    word = value >> (64 &- filled)
    filled = total &- 64
  }

  @inline(__always)
  private mutating func store() {
    unsafe UnsafeMutableRawPointer(at).storeBytes(of: word.littleEndian, as: UInt64.self)
    unsafe at += 8
  }

  /// Fills up with zero bits to a multiple of eight bytes from the start.
  @inline(__always)
  mutating func alignToWords() {
    if filled > 0 { store() }
    (word, filled) = (0, 0)
  }

  /// Fills the last byte up with zero bits and answers where the next would begin.
  mutating func end() -> UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(at).storeBytes(of: word.littleEndian, as: UInt64.self)
    return unsafe at + Int((filled + 7) / 8)
  }
}
