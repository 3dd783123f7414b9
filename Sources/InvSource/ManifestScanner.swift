import InvBytes
import InvText

/// Walks the outermost levels of a JSON text and hands out what lies in them piece by piece, so that
/// no more than one piece is ever held as values; the pieces are read strictly, as is all between.
struct ManifestScanner {
  /// No piece is longer.
  static let pieceLimit = 64 << 10

  private let text: [UInt8]
  private(set) var at = 0

  init(_ text: [UInt8]) { self.text = text }

  func fault(_ what: String, at place: Int? = nil) -> FormatError {
    FormatError(what, at: UInt64(place ?? at))
  }

  private var byte: UInt8? { at < text.count ? text[at] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { at += 1 }
  }

  private mutating func skip(_ expected: UInt8) -> Bool {
    skipSpace()
    guard byte == expected else { return false }
    at += 1
    return true
  }

  private func missing(_ what: String) -> FormatError {
    fault(at < text.count ? what : "the JSON text is cut short")
  }

  /// Runs `body` at each member of the object that begins here; it takes the value.
  mutating func members(
    _ body: (inout ManifestScanner, _ key: [UInt8], _ start: Int) throws(FormatError) -> Void
  ) throws(FormatError) {
    guard skip(0x7b) else { throw missing("no JSON object") }
    var seen: Set<[UInt8]> = []
    if skip(0x7d) { return }
    repeat {
      skipSpace()
      let start = at
      guard byte == 0x22, let key = try value().bytes else {
        throw missing("no key in a JSON object")
      }
      guard seen.insert(key).inserted else {
        throw fault("a JSON key that was there before", at: start)
      }
      guard seen.count <= 1000 else { throw fault("more than 1000 members", at: start) }
      guard skip(0x3a) else { throw missing("no : after a JSON key") }
      skipSpace()
      try body(&self, key, at)
    } while skip(0x2c)
    guard skip(0x7d) else { throw missing("no , between JSON members") }
  }

  /// Runs `body` at each element of the array that begins here; it takes the element.
  mutating func elements(
    _ body: (inout ManifestScanner, _ start: Int) throws(FormatError) -> Void
  ) throws(FormatError) {
    guard skip(0x5b) else { throw missing("no JSON array") }
    if skip(0x5d) { return }
    repeat {
      skipSpace()
      try body(&self, at)
    } while skip(0x2c)
    guard skip(0x5d) else { throw missing("no , between JSON values") }
  }

  /// Only white space may follow.
  mutating func end() throws(FormatError) {
    skipSpace()
    if at < text.count { throw fault("something after the JSON value") }
  }

  /// Takes one value.
  mutating func value() throws(FormatError) -> JSONValue {
    skipSpace()
    let start = at
    try pass()
    guard at > start else { throw missing("no JSON value") }
    do throws(FormatError) {
      return try JSON.parse(Array(text[start..<at]))
    } catch { throw FormatError(error.what, at: UInt64(start) + error.at) }
  }

  /// Goes to the end of the value that begins here, which needs not be right.
  private mutating func pass() throws(FormatError) {
    let start = at
    var depth = 0
    var isInString = false
    while let byte {
      guard at - start < Self.pieceLimit else {
        throw fault("a value of more than \(Self.pieceLimit) bytes", at: start)
      }
      if isInString {
        if byte == 0x5c { at += 1 }
        isInString = byte != 0x22
      } else {
        switch byte {
        case 0x22: isInString = true
        case 0x5b, 0x7b: depth += 1
        case 0x5d, 0x7d:
          if depth == 0 { return }
          depth -= 1
        case 0x2c, 0x3a, 0x20, 0x0a, 0x0d, 0x09:
          if depth == 0 { return }
        default: break
        }
      }
      at += 1
      if depth == 0 && !isInString, byte == 0x22 || byte == 0x5d || byte == 0x7d { return }
    }
    at = min(at, text.count)
  }
}
