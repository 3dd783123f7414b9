import InvBytes

/// A named, typed column of rows, as a `column` line of a header declares it.
public struct Column: Equatable, Sendable {
  public enum ColumnType: String, Sendable {
    /// Front-coded bytes.
    case key
    /// An unsigned integer.
    case uint
    /// A signed integer that may be absent.
    case int
    /// An index into the words of this column.
    case word
  }

  public let name: String
  public let type: ColumnType

  public init(_ name: String, _ type: ColumnType) {
    self.name = name
    self.type = type
  }

  /// How many sections of a block the column takes.
  public var sections: Int { type == .key ? 3 : 1 }

  init(_ parts: [[UInt8]]) throws(FormatError) {
    guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
      let text = String(validating: parts[1], as: UTF8.self)
    else { throw FormatError("a 'column' line is not a name and a type", at: 0) }
    guard let type = ColumnType(rawValue: text) else {
      throw FormatError("column '\(name)' is of unknown type '\(text)'", at: 0)
    }
    guard Self.isName(parts[0]) else {
      throw FormatError("a column's name is not of visible ASCII characters", at: 0)
    }
    self.init(name, type)
  }

  /// Whether `bytes` can be the name of a column or a dimension.
  static func isName(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { 0x21...0x7e ~= $0 }
  }

  /// Reads the `column` lines of a header: the first, and no other, is the key, called `key`.
  static func columns(_ header: Fields, key: String) throws(FormatError) -> [Column] {
    let lines = header.all("column")
    guard lines.count <= limit else {
      throw FormatError("there are more than \(limit) columns", at: 0)
    }
    var columns: [Column] = []
    for parts in lines {
      let column = try Column(parts)
      guard !columns.contains(where: { $0.name == column.name }) else {
        throw FormatError("column '\(column.name)' is declared twice", at: 0)
      }
      guard columns.isEmpty == (column.type == .key) else {
        throw FormatError(
          columns.isEmpty
            ? "the first column is not the \(key)" : "column '\(column.name)' is a second key",
          at: 0)
      }
      columns.append(column)
    }
    guard columns.first?.name == key else {
      throw FormatError("the first column is not the \(key)", at: 0)
    }
    return columns
  }

  static let limit = 256
}

/// What an absent value of an `int` column is in memory.
public let absentInt = Int64.min
