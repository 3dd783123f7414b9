import InvBytes
import InvSystem

/// Writes the columns whose blocks come in any order, as subtrees end.
final class ClosedColumns {
  private struct Column {
    let file: IndexFileWriter
    let form: BlockPacker.Form
    /// Of a column that is a plain array: how many bytes a value takes.
    let width: Int?
  }

  private let columns: [Column]
  private let directory: SpillFile
  /// How many blocks the directory has room for.
  private var known: UInt64 = 0
  private var count: UInt64 = 0
  private var room = PlainList<UInt8>(capacity: BlockPacker.size * 8 + 8)

  /// Columns of those names; those in `rising` grow with the position.
  init(_ names: [String], rising: Set<String>, in place: IndexPlace) throws(Failure) {
    var columns: [Column] = []
    for name in names {
      let form = BlockPacker.Form(isRising: rising.contains(name), isSigned: name.hasSuffix(".i64"))
      columns.append(
        Column(
          file: try IndexFileWriter(name, in: place), form: form,
          width: place.isRaw ? IndexNames.width(name) : nil))
    }
    self.columns = columns
    directory = SpillFile(in: place.temporaryFolder, limit: 1 << 20)
  }

  deinit { room.free() }

  /// Writes a block.
  func append(_ block: ClosedBlock) throws(Failure) {
    count += UInt64(block.entries)
    var entries: [UInt8] = []
    for (number, column) in columns.enumerated() {
      let values = unsafe block.columns + number * BlockPacker.size
      if let width = column.width {
        unsafe ColumnWriter.store(values, block.entries, width: width, in: room.start)
        let bytes = unsafe UnsafeRawBufferPointer(start: room.start, count: block.entries * width)
        let place = block.number * UInt64(BlockPacker.size * width)
        unsafe try column.file.write(bytes, at: place)
      } else {
        let (base, word) = unsafe try column.file.append(values, block.entries, column.form)
        entries.append(littleEndian: base)
        entries.append(littleEndian: word)
      }
    }
    if entries.isEmpty { return }
    while known <= block.number {
      try directory.append([UInt8](repeating: 0, count: entries.count))
      known += 1
    }
    try directory.replace(entries, at: block.number * UInt64(entries.count))
  }

  /// Writes the directories; all blocks have come.
  func end() throws(Failure) -> [IndexFileWriter] {
    let places = columns.map(\.file.length)
    let length = BlockPacker.Entry.length
    try directory.forEach(unit: columns.count * length) { bytes throws(Failure) in
      for (number, column) in columns.enumerated() {
        var part: [UInt8] = []
        var at = number * length
        while at < bytes.count {
          part += bytes[at..<at + length]
          at += columns.count * length
        }
        try column.file.append(part)
      }
    }
    for (column, place) in zip(columns, places) {
      if let width = column.width {
        try column.file.readBack()
        try column.file.end(IndexHeader(.raw, width: width, count: count))
      } else {
        let encoding: IndexEncoding = column.form.isRising ? .rising : .packed
        try column.file.end(IndexHeader(encoding, count: count, directory: place))
      }
    }
    return columns.map(\.file)
  }
}
