/// `&amp;`, `&#65;`, `&#x41;` and the like.
enum XMLReference {
  /// The characters that the reference at the start of `text` stands for, and its length; nil when
  /// it stands for none.
  static func read(_ text: ArraySlice<UInt8>) -> (bytes: [UInt8], length: Int)? {
    // The longest is &#x0010FFFF; with some zeros more.
    let word = text.dropFirst().prefix(16).prefix { $0 != 0x3b }
    guard word.count < 16, text.startIndex + 1 + word.count < text.endIndex else { return nil }
    let length = word.count + 2
    if word.first == 0x23 {
      guard let code = number(word.dropFirst()), code > 0, let scalar = Unicode.Scalar(code) else {
        return nil
      }
      return (Array(String(scalar).utf8), length)
    }
    switch String(decoding: word, as: UTF8.self) {
    case "amp": return ([0x26], length)
    case "lt": return ([0x3c], length)
    case "gt": return ([0x3e], length)
    case "quot": return ([0x22], length)
    case "apos": return ([0x27], length)
    default: return nil
    }
  }

  private static func number(_ text: ArraySlice<UInt8>) -> UInt32? {
    let isHex = text.first == 0x78
    let digits = isHex ? text.dropFirst() : text
    // UInt32's own reading would take a sign.
    guard digits.allSatisfy({ hexValue($0) != nil }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: isHex ? 16 : 10)
  }
}
