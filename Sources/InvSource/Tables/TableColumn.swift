/// A column of a file of rows, whatever format the file is of.
public struct TableColumn: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Text, or bytes of any length.
    case bytes
    case integer
    /// Integers without a sign: those from 2^63 on are refused where they occur.
    case unsigned
    case boolean
    case real
    /// A point in time, in seconds since 1970 and the nanoseconds after that.
    case time
    /// Something that is not read, such as "list"; the file's other columns are.
    case other(String)
  }

  public let name: String
  public let kind: Kind
  /// Whether a row may have no value.
  public let isOptional: Bool

  public init(_ name: String, _ kind: Kind, isOptional: Bool) {
    self.name = name
    self.kind = kind
    self.isOptional = isOptional
  }
}
