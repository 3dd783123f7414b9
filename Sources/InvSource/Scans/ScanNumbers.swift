import InvBytes

// What the fields of scans are made of. Each returns where it ends, or -1; behind it 32 bytes can be read.
extension RawSpan {
  /// Reads the decimal number at `at`.
  @inline(__always)
  func number(_ at: Int, _ value: inout UInt64) -> Int {
    let word = u64(at: at) ^ 0x3030_3030_3030_3030
    // The first byte that is no digit is the lowest whose high bit is set here.
    let others = (word | (word &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
    let count = others.trailingZeroBitCount >> 3
    if count == 0 { return -1 }
    let first = word &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let pairs = (first &* 10 &+ first >> 8) & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_ffff_0000_ffff
    value = (fours &* 10_000 &+ fours >> 32) & 0xffff_ffff
    return count < 8 ? at &+ count : moreDigits(at &+ 8, &value)
  }

  /// Reads on behind eight digits.
  private func moreDigits(_ start: Int, _ value: inout UInt64) -> Int {
    var at = start
    while true {
      let digit = u8(at: at) &- 0x30
      if digit > 9 { return at }
      if at &- start < 11 {
        value = value &* 10 &+ UInt64(digit)
      } else {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
        if overflow || carry { return -1 }
        value = sum
      }
      at &+= 1
    }
  }

  /// The same of a number of 32 bits.
  @inline(__always)
  func id(_ at: Int, _ value: inout UInt64) -> Int {
    let end = number(at, &value)
    return value >> 32 == 0 ? end : -1
  }

  /// Reads a hexadecimal number with `0x` before it.
  func hexadecimal(_ start: Int, _ value: inout UInt64) -> Int {
    guard u16(at: start) == 0x7830 else { return -1 }
    var at = start + 2
    value = 0
    while true {
      let byte = u8(at: at)
      let digit = byte &- 0x30
      let letter = (byte | 0x20) &- 0x61
      if digit > 9 && letter > 5 { return at > start + 2 ? at : -1 }
      if value >> 60 != 0 { return -1 }
      value = value << 4 | UInt64(digit <= 9 ? digit : letter + 10)
      at += 1
    }
  }

  /// Where a fraction ends, if there is one at `at`.
  @inline(__always)
  func afterFraction(_ at: Int) -> Int {
    if u8(at: at) != 0x2e { return at }
    var end = at &+ 1
    while u8(at: end) &- 0x30 <= 9 { end &+= 1 }
    return end > at &+ 1 ? end : -1
  }

  /// Where `byte` is first, from `at` on; `end` where it is not.
  @inline(__always)
  func place(of byte: UInt8, _ at: Int, _ end: Int) -> Int {
    let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
    var at = at
    while at < end {
      let word = u64(at: at) ^ pattern
      // Exact for the lowest, which is the one that counts.
      let found = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if found != 0 { return min(end, at &+ found.trailingZeroBitCount >> 3) }
      at &+= 8
    }
    return end
  }
}
