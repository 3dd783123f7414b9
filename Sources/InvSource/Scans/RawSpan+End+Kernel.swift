import InvBytes

extension RawSpan {
  /// Where `byte` is first from `start` on, or `end`; behind that 64 bytes can be read.
  @inline(__always)
  func end(of byte: UInt8, _ start: Int, _ end: Int) -> Int {
    precondition(start >= 0 && end + 64 <= byteCount)
    let pattern = SIMD16<UInt8>(repeating: byte)
    return unsafe withUnsafeBytes { text in
      @inline(__always) func found(_ at: Int) -> SIMDMask<SIMD16<Int8>> {
        unsafe text.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self) .== pattern
      }
      var at = start
      while at < end {
        let (a, b, c, d) = (found(at), found(at &+ 16), found(at &+ 32), found(at &+ 48))
        if bits((a .| b) .| (c .| d)) != 0 {
          let all = bits(a) | bits(b) << 16 | bits(c) << 32 | bits(d) << 48
          return min(at &+ all.trailingZeroBitCount, end)
        }
        at &+= 64
      }
      return end
    }
  }
}
