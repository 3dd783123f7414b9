import InvBytes
import InvFormat
import InvText

// What fields mean. Behind every field 32 bytes can be read.
extension RawSpan {
  /// The number that `count` decimal digits at `start` spell; nil when they are no number of 64 bits.
  @inline(__always)
  func decimal(_ start: Int, _ count: Int) -> UInt64? {
    if count &- 1 < 8 && count > 0 { return digits(u64(at: start), count) }
    if count > 8 && count <= 16 {
      guard let high = digits(u64(at: start), count &- 8),
        let low = digits(u64(at: start &+ count &- 8), 8)
      else { return nil }
      return high &* 100_000_000 &+ low
    }
    return longDecimal(start, count)
  }

  /// The number that the first `count` of eight bytes spell, 1 to 8 of them.
  @inline(__always)
  private func digits(_ word: UInt64, _ count: Int) -> UInt64? {
    let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    // Digits go to the high bytes; the low ones are filled with zeros, which stand in front.
    let text = word &<< unused | (unused == 0 ? 0 : zeros &>> (64 &- unused))
    let value = text ^ zeros
    guard (value | (value &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0 else {
      return nil
    }
    let pairs = (value &* 10 &+ value >> 8) & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_ffff_0000_ffff
    return (fours &* 10_000 &+ fours >> 32) & 0xffff_ffff
  }

  private func longDecimal(_ start: Int, _ count: Int) -> UInt64? {
    guard count > 0 else { return nil }
    var value: UInt64 = 0
    for place in start..<start + count {
      let digit = u8(at: place) &- 0x30
      guard digit < 10 else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// The seconds since 1970 that a time of RFC 3339 at `start` means; `absentInt` for none at all.
  @inline(__always)
  func time(_ start: Int, _ count: Int) -> Int64? {
    if count == 0 { return absentInt }
    let seconds = unsafe extracting(start..<start &+ count).withUnsafeBytes { bytes in
      unsafe Timestamp.parseS3(bytes)
    }
    return seconds ?? (try? Timestamp.seconds(from: array(start..<start + count)))
  }

  /// What `true` or `false` at `start` means, in any case.
  @inline(__always)
  func truth(_ start: Int, _ count: Int) -> Bool? {
    let word = u64(at: start) | 0x2020_2020_2020_2020
    if count == 4 { return word & 0xffff_ffff == 0x6575_7274 ? true : nil }
    return count == 5 && word & 0xff_ffff_ffff == 0x65_736c_6166 ? false : nil
  }
}
