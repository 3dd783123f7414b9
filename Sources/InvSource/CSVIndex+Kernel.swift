extension CSVIndex {
  /// Finds the quotes that open fields in `text`, whole blocks of 64 bytes that begin with a row, and
  /// counts newlines; nil when a quote neither opens a field nor closes one before the next.
  ///
  /// A quote opens a field when a comma or newline is before it, and before that a quote. When every
  /// quote either opens a field or stands two bytes before one that does, and none does both, then from
  /// the first on each quote is what a parser would take it for.
  static func scan(
    _ text: UnsafeRawBufferPointer, into opens: UnsafeMutableBufferPointer<UInt32>
  ) -> (opens: Int, newlines: Int)? {
    precondition(text.count % block == 0 && opens.count >= text.count + 8)
    guard var place = text.baseAddress, var next = opens.baseAddress else {
      return nil
    }
    let quotes = SIMD16<UInt8>(repeating: quote)
    let commas = SIMD16<UInt8>(repeating: comma)
    let ends = SIMD16<UInt8>(repeating: newline)
    // What the block before shifts in: a newline before the first byte, before that a quote.
    var (quoteCarry, markCarry, openCarry): (UInt64, UInt64, UInt64) = (1, 1, 0)
    var error: UInt64 = 0
    var newlines = 0
    var tally = SIMD16<UInt8>(repeating: 0)
    var offset: UInt32 = 0
    let start = unsafe next
    for number in 0..<text.count / block {
      let a = unsafe place.loadUnaligned(as: SIMD16<UInt8>.self)
      let b = unsafe place.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self)
      let c = unsafe place.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self)
      let d = unsafe place.loadUnaligned(fromByteOffset: 48, as: SIMD16<UInt8>.self)
      let quoteBits =
        bits(a .== quotes) | bits(b .== quotes) << 16 | bits(c .== quotes) << 32
        | bits(d .== quotes) << 48
      let (endA, endB, endC, endD) = (a .== ends, b .== ends, c .== ends, d .== ends)
      let markBits =
        bits(endA .| (a .== commas)) | bits(endB .| (b .== commas)) << 16
        | bits(endC .| (c .== commas)) << 32 | bits(endD .| (d .== commas)) << 48
      // True is -1.
      tally = tally &- lanes(endA) &- lanes(endB) &- lanes(endC) &- lanes(endD)
      let closed = quoteBits << 2 | quoteCarry
      var open = quoteBits & (markBits << 1 | markCarry) & closed
      error |= closed ^ (open << 2 | openCarry) ^ open
      (quoteCarry, markCarry, openCarry) = (quoteBits >> 62, markBits >> 63, open >> 62)
      let found = open.nonzeroBitCount
      // Most blocks have eight or fewer, and what is written too much is overwritten.
      for slot in 0..<8 {
        let bit = (open | 1 << 63).trailingZeroBitCount
        unsafe next[slot] = offset &+ UInt32(truncatingIfNeeded: bit)
        open &= open &- 1
      }
      if found > 8 {
        for slot in 8..<found {
          unsafe next[slot] = offset &+ UInt32(truncatingIfNeeded: open.trailingZeroBitCount)
          open &= open &- 1
        }
      }
      unsafe next += found
      unsafe place += block
      offset &+= UInt32(block)
      // A lane of the tally has at most four for each block.
      if number & 31 == 31 {
        if error != 0 { return nil }
        newlines += sum(tally)
        tally = SIMD16(repeating: 0)
      }
    }
    if error != 0 { return nil }
    return (unsafe next - start, newlines + sum(tally))
  }

  @inline(__always)
  private static func sum(_ lanes: SIMD16<UInt8>) -> Int {
    lanes.indices.reduce(0) { $0 + Int(lanes[$1]) }
  }
}
