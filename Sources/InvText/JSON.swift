public import InvBytes

/// JSON text (RFC 8259): one whole document read strictly, and strings written.
///
/// **Bytes that are not UTF-8.** A byte 0xHH that is no part of valid UTF-8 is written as the lone
/// surrogate `\uDCHH`, which no valid text has; with `lossless` it is read back as that byte. So any
/// bytes come back as they were, and other readers see where a name is not text.
public enum JSON {
  /// How deep arrays and objects may lie within each other.
  public static var depthLimit: Int { 512 }

  /// Reads a document: one value and white space around it.
  ///
  /// Refused are: a key twice in an object, a control byte in a string, a lone surrogate (but see
  /// `lossless`), more than 512 levels, anything after the value. Bytes of strings that are not UTF-8
  /// are kept. Offsets in errors count from the start of `text`.
  public static func parse(_ text: [UInt8], lossless: Bool = false) throws(FormatError)
    -> JSONValue
  {
    var parser = JSONParser(text, lossless: lossless)
    return try parser.document()
  }

  /// Appends `bytes` as a string with its quotes.
  public static func appendString(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
    text.append(0x22)
    var run = bytes.startIndex
    var at = run
    while at < bytes.endIndex {
      let byte = bytes[at]
      let isPlain = byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c
      let length = byte < 0x80 ? 1 : utf8Length(bytes[at...].prefix(4))
      let next = bytes.index(at, offsetBy: max(length, 1))
      if !isPlain && length < 2 {
        text += bytes[run..<at]
        if length == 1 { appendASCII(byte, to: &text) } else { appendUnit(0xdc, byte, to: &text) }
        run = next
      }
      at = next
    }
    text += bytes[run..<at]
    text.append(0x22)
  }

  /// `bytes` as a string with its quotes.
  public static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    appendString(bytes, to: &text)
    return text
  }

  /// The escape of a byte below 0x80 that needs one.
  private static func appendASCII(_ byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case 0x22, 0x5c: text += [0x5c, byte]
    case 0x08: text += [0x5c, 0x62]
    case 0x09: text += [0x5c, 0x74]
    case 0x0a: text += [0x5c, 0x6e]
    case 0x0c: text += [0x5c, 0x66]
    case 0x0d: text += [0x5c, 0x72]
    default: appendUnit(0, byte, to: &text)
    }
  }

  private static func appendUnit(_ high: UInt8, _ low: UInt8, to text: inout [UInt8]) {
    text += [0x5c, 0x75]
    for byte in [high, low] { text += [upperHexDigit(byte >> 4), upperHexDigit(byte & 15)] }
  }

  /// How many bytes the first character takes, which is not ASCII; 0 when it is not valid UTF-8.
  static func utf8Length(_ bytes: some Collection<UInt8>) -> Int {
    guard let first = bytes.first, let second = bytes.dropFirst().first else { return 0 }
    // Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing past U+10FFFF.
    let (length, seconds): (Int, ClosedRange<UInt8>)
    switch first {
    case 0xc2...0xdf: (length, seconds) = (2, 0x80...0xbf)
    case 0xe0: (length, seconds) = (3, 0xa0...0xbf)
    case 0xed: (length, seconds) = (3, 0x80...0x9f)
    case 0xe1...0xef: (length, seconds) = (3, 0x80...0xbf)
    case 0xf0: (length, seconds) = (4, 0x90...0xbf)
    case 0xf1...0xf3: (length, seconds) = (4, 0x80...0xbf)
    case 0xf4: (length, seconds) = (4, 0x80...0x8f)
    default: return 0
    }
    let rest = bytes.prefix(length).dropFirst(2)
    guard seconds.contains(second), rest.count == length - 2,
      rest.allSatisfy({ $0 & 0xc0 == 0x80 })
    else { return 0 }
    return length
  }
}
