import InvBytes
import InvFormat

extension KeyDecoder {
  /// How far decoding has come.
  struct Run {
    var from: Int
    var to = 0
    var escapes: Int
    var malformed: Int
  }

  /// Decodes `text[run.from..<count]` into `output` and notes where escapes begin; false at a NUL.
  ///
  /// Behind `count` bytes of text, and behind as many of output, there must be 16 more.
  static func decode(
    _ text: UnsafeRawBufferPointer, _ count: Int, _ isEncoded: Bool, _ hasPluses: Bool,
    into output: UnsafeMutableRawBufferPointer, _ escapes: UnsafeMutableBufferPointer<UInt32>,
    _ run: inout Run
  ) -> Bool {
    precondition(text.count >= count + 16 && output.count >= count - run.from + 16)
    guard let source = text.baseAddress, let target = output.baseAddress else { return true }
    var (from, to) = (run.from, 0)
    let percents = SIMD16<UInt8>(repeating: isEncoded ? percent : 0)
    let pluses = SIMD16<UInt8>(repeating: hasPluses ? plus : 0)
    let nuls = SIMD16<UInt8>(repeating: 0)
    while from < count {
      let piece = unsafe source.loadUnaligned(fromByteOffset: from, as: SIMD16<UInt8>.self)
      unsafe target.storeBytes(of: piece, toByteOffset: to, as: SIMD16<UInt8>.self)
      let special = bits((piece .== percents) .| (piece .== pluses) .| (piece .== nuls))
      if special == 0 {
        from &+= 16
        to &+= 16
        continue
      }
      let clean = special.trailingZeroBitCount
      from &+= clean
      to &+= clean
      if from >= count { break }
      var byte = unsafe source.load(fromByteOffset: from, as: UInt8.self)
      if byte == 0 { return false }
      if byte == plus {
        byte = 0x20
      } else {
        let digits = unsafe source.loadUnaligned(fromByteOffset: from &+ 1, as: UInt16.self)
        if from &+ 2 < count, let value = hexByte(UInt16(littleEndian: digits)) {
          if value == 0 { return false }
          byte = value
          // More than a key may have: the key will be found too long.
          if run.escapes < escapes.count {
            unsafe escapes[run.escapes] = UInt32(truncatingIfNeeded: from)
            run.escapes &+= 1
          }
          from &+= 2
        } else {
          run.malformed = min(run.malformed, from)
        }
      }
      unsafe target.storeBytes(of: byte, toByteOffset: to, as: UInt8.self)
      from &+= 1
      to &+= 1
    }
    // The last piece may have gone too far.
    run.to = to &- (from &- count)
    return true
  }

  /// The byte that two hexadecimal digits spell, the first of them in the low half.
  @inline(__always)
  static func hexByte(_ digits: UInt16) -> UInt8? {
    @inline(__always) func value(_ digit: UInt8) -> UInt8 {
      let number = digit &- 0x30
      if number < 10 { return number }
      let letter = (digit | 0x20) &- 0x61
      return letter < 6 ? letter &+ 10 : 0xff
    }
    let (high, low) = (value(UInt8(digits & 0xff)), value(UInt8(digits >> 8)))
    return high | low == 0xff ? nil : high << 4 | low
  }

  /// How many bytes the key in `text` has in common with `count` bytes of `other` from `place` on.
  @inline(__always)
  static func shared(
    _ text: RawSpan, _ start: Int, _ length: Int, _ other: [UInt8], at place: Int, _ count: Int
  ) -> Int {
    let limit = min(length, count)
    precondition(start >= 0 && start + length + 32 <= text.byteCount)
    precondition(place >= 0 && count >= 0 && place + count + 32 <= other.count)
    return unsafe text.withUnsafeBytes { text in
      unsafe other.withUnsafeBytes { other in
        var at = 0
        while at < limit {
          let a = unsafe text.loadUnaligned(fromByteOffset: start &+ at, as: SIMD16<UInt8>.self)
          let b = unsafe other.loadUnaligned(fromByteOffset: place &+ at, as: SIMD16<UInt8>.self)
          let differing = ~bits(a .== b) & 0xffff
          if differing != 0 { return min(at &+ differing.trailingZeroBitCount, limit) }
          at &+= 16
        }
        return limit
      }
    }
  }

  /// Whether there is a NUL among `count` bytes of `text`, behind which 16 more can be read.
  @inline(__always)
  static func hasNUL(_ text: RawSpan, _ start: Int, _ count: Int) -> Bool {
    precondition(start >= 0 && count >= 0 && start + count + 16 <= text.byteCount)
    return unsafe text.withUnsafeBytes { text in
      var at = 0
      while at < count {
        let piece = unsafe text.loadUnaligned(fromByteOffset: start &+ at, as: SIMD16<UInt8>.self)
        let nuls = bits(piece .== SIMD16(repeating: 0))
        if nuls != 0 { return at &+ nuls.trailingZeroBitCount < count }
        at &+= 16
      }
      return false
    }
  }

  /// Copies `count` bytes, in pieces of 16, of which the last may be copied too far.
  @inline(__always)
  static func copy(
    _ source: [UInt8], _ start: Int, _ count: Int, to target: inout [UInt8], at place: Int
  ) {
    copy(source.raw, start, count, to: &target, at: place)
  }

  /// Copies `count` bytes, in pieces of 16, of which the last may be copied too far.
  @inline(__always)
  static func copy(
    _ source: RawSpan, _ start: Int, _ count: Int, to target: inout [UInt8], at place: Int
  ) {
    precondition(start >= 0 && place >= 0 && count >= 0)
    precondition(start + count + 16 <= source.byteCount && place + count + 16 <= target.count)
    unsafe source.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { target in
        var at = 0
        while at < count {
          let piece = unsafe source.loadUnaligned(
            fromByteOffset: start &+ at, as: SIMD16<UInt8>.self)
          unsafe target.storeBytes(of: piece, toByteOffset: place &+ at, as: SIMD16<UInt8>.self)
          at &+= 16
        }
      }
    }
  }
}
