import InvBytes

/// A cursor over the text of one JSON document.
struct JSONParser {
  private let text: [UInt8]
  private let lossless: Bool
  private var at = 0
  private var depth = 0

  init(_ text: [UInt8], lossless: Bool) {
    self.text = text
    self.lossless = lossless
  }

  mutating func document() throws(FormatError) -> JSONValue {
    let value = try value()
    skipSpace()
    if at < text.count { throw fault("something after the JSON value") }
    return value
  }

  private func fault(_ what: String, at place: Int? = nil) -> FormatError {
    FormatError(what, at: UInt64(place ?? at))
  }

  private var byte: UInt8? { at < text.count ? text[at] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { at += 1 }
  }

  private mutating func skip(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    at += 1
    return true
  }

  private mutating func value() throws(FormatError) -> JSONValue {
    skipSpace()
    switch byte {
    case 0x7b: return .object(try within { (parser) throws(FormatError) in try parser.object() })
    case 0x5b: return .array(try within { (parser) throws(FormatError) in try parser.array() })
    case 0x22: return .string(try string())
    case 0x74: return try word("true", .bool(true))
    case 0x66: return try word("false", .bool(false))
    case 0x6e: return try word("null", .null)
    case .some(let byte) where byte == 0x2d || isDigit(byte): return .number(try number())
    case .some: throw fault("no JSON value")
    case nil: throw fault("the JSON text is cut short")
    }
  }

  /// Runs `body` one level deeper, past the bracket.
  private mutating func within<Result>(
    _ body: (inout JSONParser) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    if depth == JSON.depthLimit { throw fault("JSON more than \(JSON.depthLimit) levels deep") }
    depth += 1
    at += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func object() throws(FormatError) -> JSONObject {
    var object = JSONObject()
    skipSpace()
    if skip(0x7d) { return object }
    while true {
      skipSpace()
      let start = at
      guard byte == 0x22 else { throw missing("no key in a JSON object") }
      let key = try string()
      if object.has(key) { throw fault("a JSON key that was there before", at: start) }
      skipSpace()
      guard skip(0x3a) else { throw missing("no : after a JSON key") }
      object.append(key, try value())
      skipSpace()
      if skip(0x7d) { return object }
      guard skip(0x2c) else { throw missing("no , between JSON members") }
    }
  }

  private mutating func array() throws(FormatError) -> [JSONValue] {
    var values: [JSONValue] = []
    skipSpace()
    if skip(0x5d) { return values }
    while true {
      values.append(try value())
      skipSpace()
      if skip(0x5d) { return values }
      guard skip(0x2c) else { throw missing("no , between JSON values") }
    }
  }

  private func missing(_ what: String) -> FormatError {
    fault(at < text.count ? what : "the JSON text is cut short")
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(FormatError)
    -> JSONValue
  {
    let start = at
    for expected in word.description.utf8 {
      guard let byte else { throw fault("the JSON text is cut short") }
      guard byte == expected else { throw fault("no JSON value", at: start) }
      at += 1
    }
    return value
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= 0x30 && byte <= 0x39
  }

  private mutating func digits() throws(FormatError) {
    guard isDigit(byte) else { throw missing("no digit where a JSON number has one") }
    while isDigit(byte) { at += 1 }
  }

  private mutating func number() throws(FormatError) -> JSONNumber {
    let start = at
    _ = skip(0x2d)
    if skip(0x30) {
      if isDigit(byte) { throw fault("a JSON number that begins with 0", at: start) }
    } else {
      try digits()
    }
    if skip(0x2e) { try digits() }
    if skip(0x65) || skip(0x45) {
      _ = skip(0x2b) || skip(0x2d)
      try digits()
    }
    return JSONNumber(text: String(decoding: text[start..<at], as: UTF8.self))
  }

  private mutating func string() throws(FormatError) -> [UInt8] {
    at += 1
    var bytes: [UInt8] = []
    while true {
      let run = at
      while let byte, byte != 0x22, byte != 0x5c, byte >= 0x20 { at += 1 }
      bytes += text[run..<at]
      switch byte {
      case 0x22:
        at += 1
        return bytes
      case 0x5c: try escape(&bytes)
      case nil: throw fault("the JSON text is cut short")
      default: throw fault("a control byte in a JSON string")
      }
    }
  }

  private mutating func escape(_ bytes: inout [UInt8]) throws(FormatError) {
    let start = at
    at += 1
    guard let letter = byte else { throw fault("the JSON text is cut short") }
    at += 1
    switch letter {
    case 0x22, 0x5c, 0x2f: bytes.append(letter)
    case 0x62: bytes.append(0x08)
    case 0x66: bytes.append(0x0c)
    case 0x6e: bytes.append(0x0a)
    case 0x72: bytes.append(0x0d)
    case 0x74: bytes.append(0x09)
    case 0x75: try character(&bytes, from: start)
    default: throw fault("a backslash that escapes nothing", at: start)
    }
  }

  /// After `\u`: a character, which takes a second escape when it is a high surrogate.
  private mutating func character(_ bytes: inout [UInt8], from start: Int) throws(FormatError) {
    var code = try unit(from: start)
    if code & 0xfc00 == 0xd800 {
      let second = at
      guard skip(0x5c), skip(0x75) else { throw fault("a lone surrogate", at: start) }
      let low = try unit(from: second)
      guard low & 0xfc00 == 0xdc00 else { throw fault("a lone surrogate", at: start) }
      code = 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff
    }
    if let scalar = Unicode.Scalar(code) {
      bytes += String(scalar).utf8
    } else if lossless && code >= 0xdc80 && code <= 0xdcff {
      bytes.append(UInt8(code & 0xff))
    } else {
      throw fault("a lone surrogate", at: start)
    }
  }

  private mutating func unit(from start: Int) throws(FormatError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard at < text.count else { throw fault("the JSON text is cut short") }
      guard let digit = hexValue(byte) else {
        throw fault("\\u without four hexadecimal digits", at: start)
      }
      at += 1
      code = code << 4 | UInt32(digit)
    }
    return code
  }
}
