import InvSystem

/// A file of sections with keys and values, read as the AWS tools read theirs.
///
/// `[name]` begins a section; `key = value` or `key: value` stands in one; a line that is indented
/// deeper goes on with the value above it; a line that begins with `#` or `;` is a comment. Keys are
/// the same in either case, and none may be there twice in a section, nor a section twice.
struct INIFile {
  struct Value: Equatable, Sendable {
    var text: String
    /// What the lines below an empty value say: `key = value` each.
    var nested: [String: String] = [:]
    var line: Int
  }

  typealias Section = [String: Value]

  static let sizeLimit = 1 << 20

  private(set) var sections: [(name: String, values: Section)] = []
  private let name: String
  private var names: Set<String> = []
  /// The key whose value may go on, and how deep it is indented.
  private var key: String?
  private var indent = 0

  /// In messages the text goes by `name`; nothing of it is ever in one.
  init(_ bytes: [UInt8], named name: String) throws(Failure) {
    self.name = name
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    for (number, line) in text.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
    {
      guard let line = String(validating: line, as: UTF8.self) else {
        throw fault(number + 1, "not UTF-8")
      }
      try take(line.unicodeScalars[...], number + 1)
    }
    try parseNested()
  }

  private func fault(_ line: Int, _ what: String) -> Failure {
    .data("\(printable(name)): line \(line): \(what)")
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || (scalar.value >= 0x09 && scalar.value <= 0x0d)
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }

  private mutating func take(_ line: Substring.UnicodeScalarView, _ number: Int) throws(Failure) {
    let text = Self.trimmed(line)
    guard let first = text.first, first != "#", first != ";" else { return }
    let depth = line.prefix(while: Self.isBlank).count
    if let key, depth > indent {
      sections[sections.count - 1].values[key]?.text += "\n" + String(text)
      return
    }
    indent = depth
    if first == "[" { try begin(text, number) } else { try add(text, number) }
  }

  private mutating func begin(_ text: Substring.UnicodeScalarView, _ number: Int) throws(Failure) {
    guard let end = text.firstIndex(of: "]"), text.index(after: text.startIndex) < end else {
      throw fault(number, "a section without a name")
    }
    let name = String(text[text.startIndex..<end].dropFirst())
    guard names.insert(name).inserted else {
      throw fault(number, "a section that was there before")
    }
    sections.append((name, [:]))
    key = nil
  }

  private mutating func add(_ text: Substring.UnicodeScalarView, _ number: Int) throws(Failure) {
    guard !sections.isEmpty else { throw fault(number, "a key before the first section") }
    guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
      throw fault(number, "neither a section nor a key with a value")
    }
    let name = String(Self.trimmed(text[..<mark])).lowercased()
    guard !name.isEmpty else { throw fault(number, "a value without a key") }
    let value = Value(text: String(Self.trimmed(text[mark...].dropFirst())), line: number)
    guard sections[sections.count - 1].values.updateValue(value, forKey: name) == nil else {
      throw fault(number, "a key that was there before in its section")
    }
    key = name
  }

  /// Parts the values that begin with the end of their line.
  private mutating func parseNested() throws(Failure) {
    for place in sections.indices {
      for (key, value) in sections[place].values where value.text.utf8.first == 0x0a {
        var nested: [String: String] = [:]
        for line in value.text.unicodeScalars.split(separator: "\n") {
          guard let mark = line.firstIndex(of: "=") else {
            throw fault(value.line, "a key whose nested lines are no keys with values")
          }
          let name = String(Self.trimmed(line[..<mark]))
          nested[name] = String(Self.trimmed(line[mark...].dropFirst()))
        }
        sections[place].values[key]?.nested = nested
      }
    }
  }
}
