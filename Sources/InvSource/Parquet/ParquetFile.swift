import InvBytes
public import InvSystem

/// A file in Parquet's format.
///
/// Columns that are nested or repeated, and those of types that are not understood, are of kind `other`.
/// Times of day are integers, of nanoseconds since midnight; decimal numbers without a fraction are
/// integers too, and those with one the nearest reals.
public final class ParquetFile: TableFile {
  private static let magic = [UInt8]("PAR1".utf8)
  private static let encrypted = [UInt8]("PARE".utf8)
  private static let footerLimit = 32 << 20

  private let file: SeekableFile
  private let footer: ParquetFooter
  private let memory: TableMemory

  public var name: String { file.name }
  public var columns: [TableColumn] { footer.schema.columns }
  public var parts: [TablePart] { footer.parts }

  /// Opens `file`, of which readers hold what `memory` allows.
  public init(_ file: SeekableFile, memory: TableMemory = TableMemory()) throws(Failure) {
    self.file = file
    self.memory = memory
    guard file.size >= 12 else { throw file.fault("a file of Parquet cannot be that short", at: 0) }
    let start = try file.bytes(at: 0, count: 4)
    let end = try file.bytes(at: file.size - 8, count: 8)
    let last = Array(end[4...])
    if start == Self.encrypted || last == Self.encrypted {
      throw file.fault("the file is encrypted, which is not understood", at: 0)
    }
    guard start == Self.magic else { throw file.fault("not Parquet", at: 0) }
    guard last == Self.magic else {
      throw file.fault("the file does not end as Parquet does: it is cut short", at: file.size - 4)
    }
    let length = UInt64(end.raw.u32(at: 0))
    guard length > 0, length <= file.size - 12 else {
      throw file.fault("a footer of \(length) bytes", at: file.size - 8)
    }
    guard length <= Self.footerLimit else {
      throw file.fault(
        "a footer of \(length) bytes, more than the \(Self.footerLimit) that are read",
        at: file.size - 8)
    }
    let place = file.size - 8 - length
    let bytes = try file.bytes(at: place, count: Int(length))
    do throws(FormatError) { footer = try ParquetFooter(bytes.raw, end: place) } catch {
      throw file.fault(error.what, at: place + error.at)
    }
  }

  public func reader(part: Int, columns: [Int]) throws(Failure) -> any TableReader {
    let room = TableRoom(memory)
    var readers: [ParquetColumnReader] = []
    for place in columns {
      guard let column = footer.schema.sources[place] else {
        preconditionFailure("a column that is not read")
      }
      let chunk = footer.chunk(part: part, of: column)
      readers.append(
        try ParquetColumnReader(file, column, chunk, rows: parts[part].rows, room: room))
    }
    return ParquetReader(readers, rows: parts[part].rows)
  }
}

/// Reads columns of a row group side by side.
final class ParquetReader: TableReader {
  private let columns: [ParquetColumnReader]
  private var rows: UInt64

  init(_ columns: [ParquetColumnReader], rows: UInt64) {
    self.columns = columns
    self.rows = rows
  }

  /// The rows of a batch come from one page of each column.
  func next(_ vectors: inout [ColumnVector], limit: Int) throws(Failure) -> Int {
    precondition(vectors.count == columns.count && limit > 0)
    var count = Int(min(UInt64(limit), rows))
    if count > 0 {
      for column in columns { count = min(count, try column.rowsAtHand()) }
      for column in columns { count = try column.rowsThatFit(count) }
    }
    for (place, column) in columns.enumerated() { try column.read(count, into: &vectors[place]) }
    rows -= UInt64(count)
    return count
  }
}
