import InvBytes
import InvSystem

/// The files of an index while they are written.
final class IndexColumns {
  private let strings: PrefixStringWriter
  private let depths: ColumnWriter
  private let depthIndex: DepthSorter
  private let listed: ColumnWriter?
  private let waiting: WaitingColumns
  private let directObjects: ColumnWriter
  private let directBytes: ColumnWriter
  private let directTimes: [ColumnWriter]
  private let cells: CellsWriter
  private let rollups: CellsWriter
  private let schema: PrefixSchema
  private var position: UInt64 = 0

  init(_ schema: PrefixSchema, code: PointCode, in place: IndexPlace, memory: Int) throws(Failure) {
    self.schema = schema
    strings = try PrefixStringWriter(in: place)
    depths = try ColumnWriter("depth.u32", in: place)
    depthIndex = DepthSorter(in: place, memory: memory / 4)
    listed = schema.hasListed ? try ColumnWriter("listed.u64", in: place) : nil
    let times = IndexNames.times(schema)
    waiting = try WaitingColumns(
      IndexNames.waiting + times, rising: [IndexNames.subtreeEnd], in: place)
    directObjects = try ColumnWriter(IndexNames.directObjects, in: place)
    directBytes = try ColumnWriter(IndexNames.directBytes, in: place)
    var columns: [ColumnWriter] = []
    for name in times { columns.append(try ColumnWriter("direct_" + name, in: place)) }
    directTimes = columns
    cells = try CellsWriter(
      "cells.bin", offsets: "cell_offsets.u64", rows: IndexNames.cellRows, code: code, in: place)
    rollups = try CellsWriter(
      "rollup_cells.bin", offsets: "rollup_offsets.u64", rows: IndexNames.rollupRows, code: code,
      in: place)
  }

  /// Adds what is known of the next entry when it opens.
  func open(_ path: [UInt8], sharing common: Int, depth: Int, listed: UInt64, cells: [Cell])
    throws(Failure)
  {
    try strings.append(path, length: path.count, sharing: common)
    try depths.append(UInt64(depth))
    try depthIndex.append(depth: depth, position: position)
    try self.listed?.append(listed)
    try self.cells.append(cells)
    try waiting.open()
    position += 1
  }

  /// Adds what the last entry holds itself; it has a descendant.
  func addInner(_ own: OwnFigures) throws(Failure) {
    try directObjects.append(own.objects)
    try directBytes.append(own.bytes)
    let times = own.times
    if schema.hasModified {
      try directTimes[0].append(UInt64(bitPattern: times.oldestModified))
      try directTimes[1].append(UInt64(bitPattern: times.newestModified))
    }
    if schema.hasAccessed {
      try directTimes[directTimes.count - 2].append(UInt64(bitPattern: times.oldestAccessed))
      try directTimes[directTimes.count - 1].append(UInt64(bitPattern: times.newestAccessed))
    }
  }

  /// The last entry has no descendant: what it holds itself is all.
  func addLeaf() throws(Failure) {
    try directObjects.append(0)
    try directBytes.append(0)
    for column in directTimes { try column.append(UInt64(bitPattern: absentInt)) }
  }

  func addRollup(_ cells: [Cell]) throws(Failure) { try rollups.append(cells) }

  /// Adds what is known of an entry when it closes.
  func close(_ position: UInt64, _ figures: [UInt64]) throws(Failure) {
    try waiting.close(position, figures)
  }

  /// Ends all files.
  func end() throws(Failure) -> [IndexFileWriter] {
    var files = try strings.end() + waiting.end()
    files += [try depths.end(), try directObjects.end(), try directBytes.end()]
    if let listed { files.append(try listed.end()) }
    for column in directTimes { files.append(try column.end()) }
    files += try cells.end() + rollups.end() + depthIndex.write()
    return files
  }
}

/// The names of the files of an index: inv-index(5), "Files".
enum IndexNames {
  static let subtreeEnd = "subtree_end.u64"
  static let directObjects = "direct_objects.u64"
  static let directBytes = "direct_bytes.u64"
  /// The columns that are known when an entry closes, in this order, and then `times`.
  static let waiting = [
    "object_count.u64", "total_bytes.u64", subtreeEnd, "max_depth_in_subtree.u32", "rollup.u64",
  ]
  static let cellRows = 128
  static let rollupRows = 16

  /// The columns of times, the oldest and the newest of each kind.
  static func times(_ schema: PrefixSchema) -> [String] {
    (schema.hasModified ? ["oldest_modified.i64", "newest_modified.i64"] : [])
      + (schema.hasAccessed ? ["oldest_accessed.i64", "newest_accessed.i64"] : [])
  }
}
