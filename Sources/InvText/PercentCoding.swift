/// Percent-encoding of names, as inventories and URLs have it; names are bytes, not characters.
public enum PercentCoding {
  /// Decoded bytes, and how many `%` without two hexadecimal digits were kept as they stood.
  public struct Decoded: Equatable, Sendable {
    public var bytes: [UInt8]
    public var malformed: Int

    public init(bytes: [UInt8], malformed: Int) {
      self.bytes = bytes
      self.malformed = malformed
    }
  }

  /// `%XX` is a byte, and `+` is a space where `plus` says so, as it is in the keys of S3 inventories.
  ///
  /// A malformed `%` stands for itself and is counted. The safe twin of the kernel.
  public static func decoded(_ text: some Collection<UInt8>, plus: Bool = true) -> Decoded {
    let text = Array(text)
    var decoded = Decoded(bytes: [], malformed: 0)
    decoded.bytes.reserveCapacity(text.count)
    var at = 0
    while at < text.count {
      let byte = text[at]
      at += 1
      if byte == 0x2b && plus {
        decoded.bytes.append(0x20)
      } else if byte != 0x25 {
        decoded.bytes.append(byte)
      } else if at + 1 < text.count, let high = hexValue(text[at]),
        let low = hexValue(text[at + 1])
      {
        decoded.bytes.append(high << 4 | low)
        at += 2
      } else {
        decoded.bytes.append(byte)
        decoded.malformed += 1
      }
    }
    return decoded
  }

  /// `bytes` with everything encoded but `A-Z a-z 0-9 - . _ ~` (RFC 3986) and `/`.
  public static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x41...0x5a, 0x61...0x7a, 0x30...0x39, 0x2d...0x2f, 0x5f, 0x7e: text.append(byte)
      default: text += [0x25, upperHexDigit(byte >> 4), upperHexDigit(byte & 15)]
      }
    }
    return text
  }

  /// The same with `/` encoded too, as a value in a query needs it.
  public static func encodedStrictly(_ text: String) -> String {
    String(decoding: encoded(text.utf8), as: UTF8.self).split(
      separator: "/", omittingEmptySubsequences: false
    ).joined(separator: "%2F")
  }
}
