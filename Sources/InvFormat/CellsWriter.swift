import InvBytes
import InvSystem

/// Writes cells in blocks of a fixed number of entries: inv-index(5), "Cells".
final class CellsWriter {
  private let file: IndexFileWriter
  private let offsets: ColumnWriter
  private let rows: Int
  private var count: UInt64 = 0
  private var packer: CellPacker

  /// `sorted` says that each row's cells come by rising code.
  init(
    _ name: String, offsets: String, rows: Int, sorted: Bool, code: PointCode, in place: IndexPlace
  ) throws(Failure) {
    file = try IndexFileWriter(name, in: place)
    self.offsets = try ColumnWriter(offsets, in: place)
    self.rows = rows
    packer = CellPacker(stateShift: code.shift(of: 0), sorted: sorted)
  }

  /// Writes a block; all blocks but the last are whole.
  func append(_ block: CellRows) throws(Failure) {
    try offsets.append(file.length)
    guard block.cells.count < UInt32.max else {
      throw Failure.data("a block has over 2^32 cells")
    }
    let room = unsafe try file.room(for: packer.take(block))
    try file.advance(by: unsafe packer.write(block, into: room))
    count += UInt64(block.counts.count)
  }

  /// Writes what is left.
  func end() throws(Failure) -> [IndexFileWriter] {
    try offsets.append(file.length)
    try file.append([UInt8](repeating: 0, count: 8))
    try file.end(IndexHeader(.cells, rows: rows, count: count))
    return [file, try offsets.end()]
  }
}
