public import InvSystem

/// A file of rows in columns that can be read a column at a time, such as Parquet or ORC.
///
/// Opening reads and checks what the file says of itself; its rows are read part by part, by as many
/// threads as there are parts.
public protocol TableFile: Sendable {
  var name: String { get }
  /// The columns that stand side by side at the outermost level, in the order of the file.
  var columns: [TableColumn] { get }
  /// The row groups or stripes, in the order of the file.
  var parts: [TablePart] { get }

  /// A reader of the columns at the places `columns` in part `part`, none of them of kind `other`.
  func reader(part: Int, columns: [Int]) throws(Failure) -> any TableReader
}

/// A part of a table that is read on its own.
public struct TablePart: Equatable, Sendable {
  /// The number of its first row in the file, from 0.
  public let firstRow: UInt64
  public let rows: UInt64
  /// Where it begins in the file, for messages.
  public let offset: UInt64
  /// The stored bytes of all its columns, for progress.
  public let bytes: UInt64

  public init(firstRow: UInt64, rows: UInt64, offset: UInt64, bytes: UInt64) {
    self.firstRow = firstRow
    self.rows = rows
    self.offset = offset
    self.bytes = bytes
  }
}

/// Reads some columns of a part side by side.
public protocol TableReader: AnyObject {
  /// Puts the next rows, at most `limit` of them, into `vectors`, one for each column asked for, all with
  /// the same count; 0 rows come only at the end, when all that the part promised have come.
  ///
  /// A file that breaks the rules of its format is a failure of status 65 with name and byte offset.
  func next(_ vectors: inout [ColumnVector], limit: Int) throws(Failure) -> Int
}
