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
