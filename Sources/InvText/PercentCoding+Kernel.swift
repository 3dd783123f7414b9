extension PercentCoding {
  /// `decoded(_:plus:)` from memory to memory: how many bytes came out, and how many `%` were malformed.
  ///
  /// `output` must be as long as `text`, which is never exceeded, and may begin where `text` begins,
  /// which decodes in place, but must not overlap it in another way.
  public static func decode(
    _ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, plus: Bool = true
  ) -> (count: Int, malformed: Int) {
    let end = text.count
    precondition(output.count >= end)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let percents = 0x25 * ones
    // Without plus, the second search is the first one again.
    let others = (plus ? 0x2b : 0x25) * ones
    var (from, to, malformed) = (0, 0, 0)
    let isApart = unsafe output.baseAddress.map { UnsafeRawPointer($0) } != text.baseAddress
    // from >= to throughout, so the stores stay within output.
    while from < end {
      if from + 8 <= end {
        let word = unsafe text.loadUnaligned(fromByteOffset: from, as: UInt64.self)
        let (a, b) = (word ^ percents, word ^ others)
        // The lowest bit set marks the first byte that is one of the two.
        let hits = ((a &- ones) & ~a | (b &- ones) & ~b) & highs
        if hits == 0 {
          unsafe output.storeBytes(of: word, toByteOffset: to, as: UInt64.self)
          from += 8
          to += 8
          continue
        }
        let clean = hits.trailingZeroBitCount >> 3
        // A whole word may be stored where that spoils no byte of text that is still to be read.
        if isApart || from == to || from - to >= 8 {
          unsafe output.storeBytes(of: word, toByteOffset: to, as: UInt64.self)
        } else {
          for place in 0..<clean { unsafe output[to + place] = text[from + place] }
        }
        from += clean
        to += clean
      }
      var byte = unsafe text[from]
      from += 1
      if byte == 0x2b && plus {
        byte = 0x20
      } else if byte == 0x25 {
        if from + 1 < end, let high = hexValue(unsafe text[from]),
          let low = hexValue(unsafe text[from + 1])
        {
          byte = high << 4 | low
          from += 2
        } else {
          malformed += 1
        }
      }
      unsafe output[to] = byte
      to += 1
    }
    return (to, malformed)
  }
}
