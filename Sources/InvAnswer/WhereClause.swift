public import InvSystem
import InvBytes
import InvText

/// What `--where` asks for, before an index says what there is: `class=GLACIER,age=1y..`.
///
/// Items are separated by commas. An item is a dimension, an equals sign and a value, or one more value
/// of the dimension before: `class=GLACIER,DEEP_ARCHIVE`. A comma in a value is written `\x2c`, and an
/// equals sign in a value without its dimension `\x3d`.
public struct WhereClause: Equatable, Sendable {
  public struct Term: Equatable, Sendable {
    public let name: [UInt8]
    /// Words and ranges as they were written, without escapes.
    public internal(set) var values: [[UInt8]]
  }

  /// Each dimension once, in the order of their coming.
  public private(set) var terms: [Term] = []

  public init(_ text: some Collection<UInt8>) throws(Failure) {
    for item in text.split(separator: 0x2c, omittingEmptySubsequences: false) {
      if let equals = item.firstIndex(of: 0x3d) {
        let name = Array(item[..<equals])
        let value = try Self.value(item[item.index(after: equals)...])
        if let place = terms.firstIndex(where: { $0.name == name }) {
          // It is the last now, so that further values go with it.
          terms.append(terms.remove(at: place))
        } else {
          terms.append(Term(name: name, values: []))
        }
        terms[terms.count - 1].values.append(value)
      } else {
        guard !terms.isEmpty else {
          throw Failure.usage("'\(text8(item))' names no dimension; write such as class=GLACIER")
        }
        terms[terms.count - 1].values.append(try Self.value(item))
      }
    }
  }

  private static func value(_ item: some Collection<UInt8>) throws(Failure) -> [UInt8] {
    do { return try TextEscape.unescaped(item) } catch {
      throw Failure.usage("'\(text8(item))' has \(error.what)")
    }
  }
}

/// Bytes as they may stand in a message or a heading: where they are not UTF-8, as `\xHH`.
func text8(_ bytes: some Collection<UInt8>) -> String {
  let text = TextEscape.escaped(bytes)
  if let text = String(validating: text, as: UTF8.self) { return text }
  return text.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined()
}
