import InvBytes
public import InvSystem
import InvText

/// The names that a file of passwd(5) or group(5) gives to the ids of users or groups.
public struct IDNames: Sendable {
  public enum Kind: String, Sendable {
    case passwd, group

    /// Both begin with a name, a password and an id.
    fileprivate var fields: Int {
      switch self {
      case .passwd: 7
      case .group: 4
      }
    }

    /// The dimension whose words are such ids.
    public var dimension: String {
      switch self {
      case .passwd: "owner"
      case .group: "group"
      }
    }
  }

  public let kind: Kind
  private static let colon: UInt8 = 0x3a
  /// The names one after another, each with a colon, and where that of an id begins.
  private var text: [UInt8] = []
  private var places: [UInt32: Int] = [:]

  /// Reads the file at `path`; `-` is no special name.
  public init(_ kind: Kind, file path: String) throws(Failure) {
    self.kind = kind
    var lines = TextLines(try Descriptor.reading(path), needsEnd: false)
    while try lines.next() {
      do throws(FormatError) { try take(lines.line) } catch { throw lines.failure(error.what) }
    }
  }

  private mutating func take(_ line: ArraySlice<UInt8>) throws(FormatError) {
    // Comments, and what refers to other sources of names.
    guard let first = line.first, !Array("#+-".utf8).contains(first) else { return }
    let fields = line.split(separator: Self.colon, omittingEmptySubsequences: false)
    guard fields.count == kind.fields else {
      throw FormatError(
        "the number of its fields is \(fields.count), and \(kind.fields) in \(kind.rawValue)(5)",
        at: 0)
    }
    guard !fields[0].isEmpty else { throw FormatError("its name is empty", at: 0) }
    guard !fields[0].contains(0) else { throw FormatError("a name with a NUL", at: 0) }
    guard let id = UInt64(decimal: fields[2]).flatMap({ UInt32(exactly: $0) }) else {
      let text = String(decoding: TextEscape.escaped(fields[2]), as: UTF8.self)
      throw FormatError("'\(text)' is not an id of 0 to 4294967295", at: 0)
    }
    guard places[id] == nil else { return }
    places[id] = text.count
    text += fields[0]
    text.append(Self.colon)
  }

  /// The name of the id that `word` is in decimal digits; nil for what is none or has no name.
  public func name(of word: [UInt8]) -> [UInt8]? {
    guard let number = UInt64(decimal: word), let id = UInt32(exactly: number),
      Array("\(id)".utf8) == word, let start = places[id]
    else { return nil }
    return Array(text[start...].prefix { $0 != Self.colon })
  }
}
