#if arch(x86_64) && canImport(_Builtin_intrinsics)
  import _Builtin_intrinsics.intel.sse2

  /// One bit for each of sixteen lanes, the first one lowest.
  @inline(__always)
  func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
    let lanes = unsafe unsafeBitCast(mask, to: SIMD2<Int64>.self)
    return UInt64(UInt32(bitPattern: _mm_movemask_epi8(lanes)))
  }
#else
  /// One bit for each of sixteen lanes, the first one lowest.
  @inline(__always)
  func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 { bitsPlainly(mask) }
#endif

/// The twin of `bits` for any machine: a multiplication gathers eight bits in the highest byte.
@inline(__always)
func bitsPlainly(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
  let lanes = unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
  func gathered(_ word: UInt64) -> UInt64 {
    ((word.littleEndian & 0x8080_8080_8080_8080) >> 7 &* 0x0102_0408_1020_4080) >> 56
  }
  return gathered(lanes[0]) | gathered(lanes[1]) << 8
}

/// The mask's lanes as bytes, 255 for true.
@inline(__always)
func lanes(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD16<UInt8> {
  unsafe unsafeBitCast(mask, to: SIMD16<UInt8>.self)
}
