import InvBytes
import InvSystem
import InvText

/// One step through JSON text.
enum JSONToken: Equatable {
  case objectStart, objectEnd, arrayStart, arrayEnd
  /// A member's name or a value, which `bytes` holds.
  case key, string
  /// A number, which `bytes` holds as it is spelt.
  case number
  case bool(Bool)
  case null
  /// Only at the outermost level.
  case end
}

/// Reads JSON text of any length strictly, one token at a time; several documents may follow each other.
///
/// Bytes of strings that are not UTF-8 are kept, and a lone surrogate `\uDCHH` stands for byte 0xHH.
struct JSONTokens: ~Copyable {
  /// No name, text or number is longer.
  static let lengthLimit = 1 << 20
  /// Paths may be some thousand levels deep.
  static let depthLimit = 1 << 17

  private var window: TextWindow
  /// What the last key, string or number says.
  private(set) var bytes: [UInt8] = []
  /// Where the last token begins in the decoded text.
  private(set) var start: UInt64 = 0
  /// One entry for each array (false) and object (true) that is open.
  private var open: [Bool] = []
  private var state = State.value

  private enum State {
    /// A value must come; or, in an array that has just been opened, its end.
    case value, firstValue
    /// A key must come; or, in an object that has just been opened, its end.
    case key, firstKey
    /// A value has come.
    case afterValue
  }

  init(_ window: consuming TextWindow) {
    self.window = window
    self.window.skipByteOrderMark()
  }

  var name: String { window.name }
  var consumed: UInt64 { window.consumed }
  var position: UInt64 { window.offset(window.start) }
  var depth: Int { open.count }

  func fault(_ why: String) -> Failure { window.fault(why, at: start) }

  private func faultHere(_ why: String) -> Failure {
    window.isAtEnd && window.start == window.filled
      ? window.fault("the JSON text is cut short", at: position) : window.fault(why, at: position)
  }

  /// The next token.
  mutating func next() throws(Failure) -> JSONToken {
    while true {
      guard let byte = try nonSpace() else {
        start = position
        guard open.isEmpty && state == .afterValue || open.isEmpty && state == .value else {
          throw faultHere("")
        }
        return .end
      }
      start = position
      switch state {
      case .afterValue:
        guard let isObject = open.last else {
          state = .value
          continue
        }
        if byte == comma {
          window.start += 1
          state = isObject ? .key : .value
          continue
        }
        guard byte == (isObject ? 0x7d : 0x5d) else {
          throw faultHere(isObject ? "no , between JSON members" : "no , between JSON values")
        }
        return close(isObject)
      case .firstKey where byte == 0x7d: return close(true)
      case .firstValue where byte == 0x5d: return close(false)
      case .key, .firstKey:
        guard byte == quote else { throw faultHere("no key in a JSON object") }
        try string()
        guard try nonSpace() == 0x3a else { throw faultHere("no : after a JSON key") }
        window.start += 1
        state = .value
        return .key
      case .value, .firstValue: return try value(byte)
      }
    }
  }

  private mutating func close(_ isObject: Bool) -> JSONToken {
    window.start += 1
    open.removeLast()
    state = .afterValue
    return isObject ? .objectEnd : .arrayEnd
  }

  private mutating func value(_ byte: UInt8) throws(Failure) -> JSONToken {
    switch byte {
    case 0x7b, 0x5b:
      guard open.count < Self.depthLimit else {
        throw faultHere("JSON more than \(Self.depthLimit) levels deep")
      }
      window.start += 1
      open.append(byte == 0x7b)
      state = byte == 0x7b ? .firstKey : .firstValue
      return byte == 0x7b ? .objectStart : .arrayStart
    case quote:
      try string()
      state = .afterValue
      return .string
    case 0x74: return try word("true", .bool(true))
    case 0x66: return try word("false", .bool(false))
    case 0x6e: return try word("null", .null)
    case 0x2d, 0x30...0x39:
      try number()
      state = .afterValue
      return .number
    default: throw faultHere("no JSON value")
    }
  }

  private mutating func word(_ word: StaticString, _ token: JSONToken) throws(Failure) -> JSONToken
  {
    let count = word.utf8CodeUnitCount
    try window.gather(count)
    guard window.front(count).elementsEqual(word.description.utf8) else {
      throw faultHere("no JSON value")
    }
    window.start += count
    state = .afterValue
    return token
  }

  /// Passes over white space and answers the byte behind it, nil at the end.
  private mutating func nonSpace() throws(Failure) -> UInt8? {
    while true {
      let place = Self.space(window.text, window.start, window.filled)
      window.start = place
      if place < window.filled { return window.text[place] }
      if window.isAtEnd { return nil }
      try window.refill()
    }
  }

  /// Where the white space ends that begins at `start`, at `end` at the latest.
  private static func space(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
    let bytes = text.span
    var at = start
    while at < end {
      let byte = bytes[at]
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { break }
      at &+= 1
    }
    return at
  }

  /// The byte at hand, which is taken; an error at the end.
  private mutating func take() throws(Failure) -> UInt8 {
    while window.start == window.filled {
      if window.isAtEnd { throw faultHere("") }
      try window.refill()
    }
    defer { window.start += 1 }
    return window.text[window.start]
  }

  private mutating func number() throws(Failure) {
    bytes.removeAll(keepingCapacity: true)
    while true {
      try window.gather(1)
      guard window.start < window.filled else { break }
      let byte = window.text[window.start]
      guard 0x30...0x39 ~= byte || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains(byte) else { break }
      bytes.append(byte)
      window.start += 1
      guard bytes.count <= 400 else { throw fault("a JSON number of more than 400 characters") }
    }
    guard Self.isNumber(bytes) else { throw fault("a JSON number that is not one") }
  }

  /// Whether `text` is a number as RFC 8259 spells it.
  static func isNumber(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }
    if rest.first == 0x2d { rest.removeFirst() }
    guard isDigit(rest.first) else { return false }
    if rest.first == 0x30 { rest.removeFirst() } else { rest = rest.drop(while: isDigit) }
    if rest.first == 0x2e {
      rest.removeFirst()
      guard isDigit(rest.first) else { return false }
      rest = rest.drop(while: isDigit)
    }
    if rest.first == 0x65 || rest.first == 0x45 {
      rest.removeFirst()
      if rest.first == 0x2b || rest.first == 0x2d { rest.removeFirst() }
      guard isDigit(rest.first) else { return false }
      rest = rest.drop(while: isDigit)
    }
    return rest.isEmpty
  }

  /// Reads the string that begins here into `bytes`.
  private mutating func string() throws(Failure) {
    bytes.removeAll(keepingCapacity: true)
    window.start += 1
    while true {
      let run = Self.run(window.text, window.start, window.filled)
      if run > window.start {
        let text = window.text
        bytes.append(text.raw.extracting(window.start..<run))
      }
      window.start = run
      guard bytes.count <= Self.lengthLimit else {
        throw fault("JSON text of more than \(Self.lengthLimit) bytes")
      }
      let byte = try take()
      switch byte {
      case quote: return
      case 0x5c: try escape()
      case 0..<0x20:
        window.start -= 1
        throw faultHere("a control byte in JSON text")
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escape() throws(Failure) {
    switch try take() {
    case 0x22: bytes.append(0x22)
    case 0x5c: bytes.append(0x5c)
    case 0x2f: bytes.append(0x2f)
    case 0x62: bytes.append(0x08)
    case 0x66: bytes.append(0x0c)
    case 0x6e: bytes.append(0x0a)
    case 0x72: bytes.append(0x0d)
    case 0x74: bytes.append(0x09)
    case 0x75:
      let unit = try hex()
      if unit & 0xff80 == 0xdc80 {
        bytes.append(UInt8(truncatingIfNeeded: unit))
      } else if unit & 0xfc00 == 0xd800 {
        guard try take() == 0x5c, try take() == 0x75 else {
          throw fault("half a character in JSON")
        }
        let low = try hex()
        guard low & 0xfc00 == 0xdc00 else { throw fault("half a character in JSON") }
        append(0x10000 + (UInt32(unit & 0x3ff) << 10 | UInt32(low & 0x3ff)))
      } else {
        guard unit & 0xfc00 != 0xdc00 else { throw fault("half a character in JSON") }
        append(UInt32(unit))
      }
    default: throw fault("an unknown escape in JSON text")
    }
  }

  private mutating func append(_ scalar: UInt32) {
    guard let scalar = Unicode.Scalar(scalar) else { return }
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.EncodedScalar())
  }

  private mutating func hex() throws(Failure) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      let byte = try take()
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw fault("a JSON escape without four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// Passes over the rest of the value whose first token was `token`.
  mutating func skip(_ token: JSONToken) throws(Failure) {
    guard token == .objectStart || token == .arrayStart else { return }
    let outside = depth - 1
    while depth > outside { _ = try next() }
  }
}
