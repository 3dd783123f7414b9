import InvBytes

extension RawSpan {
  /// Where `byte` is first from `start` on, or `end`; behind that 16 bytes can be read.
  @inline(__always)
  func end(of byte: UInt8, _ start: Int, _ end: Int) -> Int {
    precondition(start >= 0 && end + 16 <= byteCount)
    let pattern = SIMD16<UInt8>(repeating: byte)
    return unsafe withUnsafeBytes { text in
      var at = start
      while at < end {
        let piece = unsafe text.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
        let found = bits(piece .== pattern)
        if found != 0 { return min(at &+ found.trailingZeroBitCount, end) }
        at &+= 16
      }
      return end
    }
  }
}
