extension JSONTokens {
  /// Where the run of plain bytes ends that begins at `start`: at a quote, a backslash, a control byte or
  /// `end`; eight bytes at a time.
  static func run(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= text.count)
    return unsafe text.withUnsafeBytes { text in
      let ones: UInt64 = 0x0101_0101_0101_0101
      var at = start
      while at &+ 8 <= end {
        let word = UInt64(
          littleEndian: unsafe text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        let (quotes, slashes) = (word ^ (0x22 &* ones), word ^ (0x5c &* ones))
        // A borrow can find too much behind a true find, but never a false first one.
        var found = (word &- (0x20 &* ones)) & ~word
        found |= (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
        found &= 0x80 &* ones
        if found != 0 {
          return at &+ (found.trailingZeroBitCount >> 3)
        }
        at &+= 8
      }
      while at < end {
        let byte = unsafe text[at]
        if byte < 0x20 || byte == 0x22 || byte == 0x5c { break }
        at &+= 1
      }
      return at
    }
  }

  /// The safe twin of `run`.
  static func runPlainly(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
    text[start..<end].firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c } ?? end
  }
}
