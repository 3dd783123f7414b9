import InvBytes

extension RawSpan {
  /// Reads the number at `position`, seven bits a byte, the lowest first, and goes behind it.
  func varint(at position: inout Int, before end: Int) throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { throw FormatError("values end too early", at: UInt64(position)) }
      let byte = u8(at: position)
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 {
        if shift == 63 && byte > 1 { break }
        return value
      }
    }
    throw FormatError("a number of more than 64 bits", at: UInt64(position))
  }
}
