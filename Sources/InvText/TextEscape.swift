public import InvBytes

/// Bytes as they stand in one field of one line of text: `\n`, `\t`, `\r`, `\\`, and `\xHH` for the
/// other control bytes and 0x7f; every other byte stands for itself.
public enum TextEscape {
  /// Whether all of `bytes` stand for themselves; eight at a time.
  public static func isPlain(_ bytes: [UInt8]) -> Bool {
    let bytes = bytes.raw
    let ones: UInt64 = 0x0101_0101_0101_0101
    var found: UInt64 = 0
    var at = 0
    while at &+ 8 <= bytes.byteCount {
      let word = bytes.u64(at: at)
      let (delete, backslash) = (word ^ (0x7f &* ones), word ^ (0x5c &* ones))
      found |= (word &- (0x20 &* ones)) & ~word
      found |= (delete &- ones) & ~delete | (backslash &- ones) & ~backslash
      at &+= 8
    }
    // A borrow can find too much but never too little; the plain loop decides.
    if found & (0x80 &* ones) == 0 { at = bytes.byteCount & ~7 } else { at = 0 }
    while at < bytes.byteCount {
      let byte = bytes.u8(at: at)
      if byte < 0x20 || byte == 0x7f || byte == 0x5c { return false }
      at &+= 1
    }
    return true
  }

  /// Appends `bytes`, escaped, to `text`.
  public static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
    var run = bytes.startIndex
    var at = run
    while at < bytes.endIndex {
      let byte = bytes[at]
      let next = bytes.index(after: at)
      if byte < 0x20 || byte == 0x7f || byte == 0x5c {
        text += bytes[run..<at]
        appendEscape(byte, to: &text)
        run = next
      }
      at = next
    }
    text += bytes[run..<at]
  }

  private static func appendEscape(_ byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case 0x0a: text += [0x5c, 0x6e]
    case 0x09: text += [0x5c, 0x74]
    case 0x0d: text += [0x5c, 0x72]
    case 0x5c: text += [0x5c, 0x5c]
    default: text += [0x5c, 0x78, hexDigit(byte >> 4), hexDigit(byte & 15)]
    }
  }

  /// `bytes`, escaped.
  public static func escaped(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    append(bytes, to: &text)
    return text
  }

  /// The bytes that `text` stands for; a bare control byte or an escape not of this list is an error.
  ///
  /// Either case of a hexadecimal digit is read, and `\xHH` for a byte that needs none.
  public static func unescaped(_ text: some Collection<UInt8>) throws(FormatError) -> [UInt8] {
    let text = Array(text)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte < 0x20 || byte == 0x7f { throw FormatError("a bare control byte", at: UInt64(at)) }
      guard byte == 0x5c else {
        bytes.append(byte)
        at += 1
        continue
      }
      switch at + 1 < text.count ? text[at + 1] : 0 {
      case 0x6e: bytes.append(0x0a)
      case 0x74: bytes.append(0x09)
      case 0x72: bytes.append(0x0d)
      case 0x5c: bytes.append(0x5c)
      case 0x78:
        guard at + 3 < text.count, let high = hexValue(text[at + 2]),
          let low = hexValue(text[at + 3])
        else { throw FormatError("\\x without two hexadecimal digits", at: UInt64(at)) }
        bytes.append(high << 4 | low)
        at += 2
      default: throw FormatError("a backslash that escapes nothing", at: UInt64(at))
      }
      at += 2
    }
    return bytes
  }
}
