import InvBytes

/// A cursor over the text of one XML document.
struct XMLParser {
  private let text: [UInt8]
  private var at = 0
  private var nodes: [XMLNode] = []
  /// The places of the elements whose end tags have not come.
  private var open: [Int] = []

  init(_ text: [UInt8]) { self.text = text }

  mutating func document() throws(FormatError) -> [XMLNode] {
    _ = skip(Mark.byteOrder)
    try declaration()
    while at < text.count {
      if text[at] == 0x3c { try markup() } else { try characters() }
    }
    if !open.isEmpty { throw cut() }
    if nodes.isEmpty { throw fault("no XML element") }
    return nodes
  }

  /// What separates the parts of a document.
  private enum Mark {
    static let byteOrder: [UInt8] = [0xef, 0xbb, 0xbf]
    static let declaration = Array("<?xml".utf8)
    static let instruction = Array("<?".utf8)
    static let instructionEnd = Array("?>".utf8)
    static let comment = Array("<!--".utf8)
    static let commentEnd = Array("-->".utf8)
    static let section = Array("<![CDATA[".utf8)
    static let sectionEnd = Array("]]>".utf8)
  }

  private func fault(_ what: String, at place: Int? = nil) -> FormatError {
    FormatError(what, at: UInt64(place ?? at))
  }

  private func cut() -> FormatError { fault("the XML text is cut short", at: text.count) }

  private func has(_ bytes: [UInt8]) -> Bool {
    bytes.count <= text.count - at && text[at..<at + bytes.count].elementsEqual(bytes)
  }

  private mutating func skip(_ bytes: [UInt8]) -> Bool {
    guard has(bytes) else { return false }
    at += bytes.count
    return true
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws(FormatError) {
    guard at < text.count else { throw cut() }
    guard text[at] == byte else { throw fault(what) }
    at += 1
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  private mutating func skipSpace() {
    while at < text.count, Self.isSpace(text[at]) { at += 1 }
  }

  /// Goes behind the next `end`; where that begins.
  @discardableResult
  private mutating func pass(_ end: [UInt8]) throws(FormatError) -> Int {
    while at < text.count {
      if text[at] == end[0] && has(end) {
        defer { at += end.count }
        return at
      }
      at += 1
    }
    throw cut()
  }

  /// `<?xml version="1.0" encoding="UTF-8"?>`, which may be missing.
  private mutating func declaration() throws(FormatError) {
    guard has(Mark.declaration) else { return }
    let start = at
    at += Mark.declaration.count
    while let (name, value) = try attribute() {
      guard String(decoding: text[name], as: UTF8.self) == "encoding" else { continue }
      let encoding = String(decoding: text[value], as: UTF8.self).lowercased()
      if encoding != "utf-8" && encoding != "us-ascii" {
        throw fault("XML in an encoding that is not UTF-8", at: start)
      }
    }
    guard skip(Mark.instructionEnd) else { throw fault("an XML declaration that does not end") }
  }

  /// At a `<`.
  private mutating func markup() throws(FormatError) {
    guard at + 1 < text.count else { throw cut() }
    switch text[at + 1] {
    case 0x2f: try endTag()
    case 0x3f:
      roughen()
      try pass(Mark.instructionEnd)
    case 0x21 where skip(Mark.comment):
      roughen()
      try pass(Mark.commentEnd)
    case 0x21 where has(Mark.section):
      guard !open.isEmpty else { throw fault("text outside of the XML root") }
      roughen()
      try pass(Mark.sectionEnd)
    case 0x21: throw fault("an XML document type")
    default: try startTag()
    }
  }

  /// The content of the innermost element is not its value as it stands.
  private mutating func roughen() {
    if let place = open.last { nodes[place].isPlain = false }
  }

  private mutating func startTag() throws(FormatError) {
    let start = at
    if open.isEmpty && !nodes.isEmpty { throw fault("a second XML root") }
    if open.count == XML.depthLimit { throw fault("XML more than \(XML.depthLimit) levels deep") }
    at += 1
    let name = try name()
    while try attribute() != nil {}
    let isEmpty = at < text.count && text[at] == 0x2f
    if isEmpty { at += 1 }
    try expect(0x3e, "an XML tag that does not end")
    let local = text[name].lastIndex(of: 0x3a).map { $0 + 1 } ?? start + 1
    if local == name.upperBound { throw fault("no XML name", at: start + 1) }
    let place = nodes.count
    nodes.append(
      XMLNode(
        name: UInt32(local)..<UInt32(name.upperBound), content: UInt32(at)..<UInt32(at),
        end: UInt32(place + 1)))
    if !isEmpty { open.append(place) }
  }

  private mutating func endTag() throws(FormatError) {
    let start = at
    at += 2
    let name = try name()
    guard let place = open.popLast() else { throw fault("an XML end tag too many", at: start) }
    let content = Int(nodes[place].content.lowerBound)
    let end = Int(nodes[place].name.upperBound)
    // A start tag's name reaches back to its `<`; what is kept of it lacks the prefix.
    let full = end - name.count
    guard full > 0, text[full - 1] == 0x3c, text[full..<end].elementsEqual(text[name]) else {
      throw fault("an XML end tag that does not match", at: start)
    }
    skipSpace()
    try expect(0x3e, "an XML tag that does not end")
    nodes[place].content = UInt32(content)..<UInt32(start)
    nodes[place].end = UInt32(nodes.count)
  }

  private mutating func name() throws(FormatError) -> Range<Int> {
    let start = at
    while at < text.count {
      switch text[at] {
      case 0x41...0x5a, 0x61...0x7a, 0x5f, 0x3a, 0x80...: break
      case 0x30...0x39, 0x2d, 0x2e: if at == start { throw fault("no XML name") }
      default:
        if at == start { throw fault("no XML name") }
        return start..<at
      }
      at += 1
    }
    throw cut()
  }

  /// ` name="value"`; nil where the tag ends.
  private mutating func attribute() throws(FormatError) -> (name: Range<Int>, value: Range<Int>)? {
    let start = at
    skipSpace()
    guard at < text.count else { throw cut() }
    if text[at] == 0x3e || text[at] == 0x2f || text[at] == 0x3f { return nil }
    if at == start { throw fault("no space before an XML attribute") }
    let name = try name()
    skipSpace()
    try expect(0x3d, "no = after an XML attribute's name")
    skipSpace()
    guard at < text.count else { throw cut() }
    let quote = text[at]
    guard quote == 0x22 || quote == 0x27 else { throw fault("no quote around an XML attribute") }
    at += 1
    let value = at
    while at < text.count, text[at] != quote {
      if text[at] == 0x3c { throw fault("a < in an XML attribute") }
      at += 1
    }
    try expect(quote, "an XML attribute that does not end")
    return (name, value..<at - 1)
  }

  /// Up to the next `<`.
  private mutating func characters() throws(FormatError) {
    guard let place = open.last else {
      skipSpace()
      if at < text.count && text[at] != 0x3c { throw fault("text outside of the XML root") }
      return
    }
    var isPlain = true
    while at < text.count, text[at] != 0x3c {
      if text[at] == 0x26 {
        guard let (_, length) = XMLReference.read(text[at...]) else {
          throw fault("an XML reference that stands for nothing")
        }
        at += length
        isPlain = false
      } else {
        if text[at] == 0x0d { isPlain = false }
        at += 1
      }
    }
    if !isPlain { nodes[place].isPlain = false }
  }
}

extension XMLParser {
  /// The value that `content` spells, which has been parsed and has no elements.
  static func value(of content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var parser = XMLParser(Array(content))
    var value: [UInt8] = []
    while parser.at < parser.text.count { parser.part(&value) }
    return value[...]
  }

  /// Appends what the next reference, section or piece of text stands for.
  private mutating func part(_ value: inout [UInt8]) {
    let start = at
    switch text[at] {
    case 0x26:
      let (bytes, length) = XMLReference.read(text[at...]) ?? ([0x26], 1)
      value += bytes
      at += length
    case 0x3c where skip(Mark.section):
      let first = at
      append(first..<((try? pass(Mark.sectionEnd)) ?? at), to: &value)
    case 0x3c where skip(Mark.comment): _ = try? pass(Mark.commentEnd)
    case 0x3c where skip(Mark.instruction): _ = try? pass(Mark.instructionEnd)
    default:
      at += 1
      while at < text.count, text[at] != 0x26, text[at] != 0x3c { at += 1 }
      append(start..<at, to: &value)
    }
  }

  /// Appends text as it was before its line ends came to be those of another system.
  private func append(_ range: Range<Int>, to value: inout [UInt8]) {
    for at in range {
      let byte = text[at]
      if byte != 0x0d {
        value.append(byte)
      } else if at + 1 == range.upperBound || text[at + 1] != 0x0a {
        value.append(0x0a)
      }
    }
  }
}
