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
    self.init(name, type)
  }
}

/// What an absent value of an `int` column is in memory.
public let absentInt = Int64.min
