import InvBytes
import InvSystem

/// Packs blocks into the files of an index.
final class IndexPacker {
  private let strings: PrefixStringWriter
  /// The columns of `EntryBlock` that the index has.
  private var columns: [(EntryBlock.Column, ColumnWriter)] = []
  private let closed: ClosedColumns
  private let cells: CellsWriter
  private let sums: CellsWriter
  private var depths: DepthSorter
  private var hash: PerfectHashBuilder?
  private let place: IndexPlace
  private let threads: Int
  private var count: UInt64 = 0
  /// How many columns a block of what is closed has.
  let closedColumns: Int

  /// Starts the files of an index in the folder of `place`, which is empty.
  init(
    _ schema: PrefixSchema, code: PointCode, in place: IndexPlace, memory: IndexMemory, threads: Int
  ) throws(Failure) {
    self.place = place
    self.threads = threads
    strings = try PrefixStringWriter(in: place)
    let names = IndexNames.closed(schema)
    closedColumns = names.count
    closed = try ClosedColumns(names, rising: [IndexNames.subtreeEnd], in: place)
    cells = try CellsWriter(
      "cells.bin", offsets: "cell_offsets.u64", rows: IndexNames.cellRows, sorted: true, code: code,
      in: place)
    sums = try CellsWriter(
      "rollup_cells.bin", offsets: "rollup_offsets.u64", rows: IndexNames.rollupRows, sorted: false,
      code: code, in: place)
    depths = DepthSorter(in: place, memory: memory.depths)
    hash = PerfectHashBuilder(
      temporary: place.temporaryFolder, memory: memory.hash, threads: threads)
    for (column, name) in IndexNames.opened(schema) {
      columns.append((column, try ColumnWriter(name, in: place)))
    }
  }

  /// Packs a block, whose memory stays whose it is.
  func take(_ block: IndexBlock) throws(Failure) {
    switch block {
    case .entries(let block): try append(block)
    case .closed(let block): try closed.append(block)
    case .sums(let rows): try sums.append(rows)
    }
  }

  private func append(_ block: EntryBlock) throws(Failure) {
    count += UInt64(block.count)
    try strings.append(block)
    for (column, writer) in columns {
      unsafe try writer.append(block: block.column(column), block.count)
    }
    unsafe try depths.append(block.column(.depth), block.count)
    unsafe try hash?.add(block.hashes, block.count)
    try cells.append(block.own)
  }

  /// Ends all files; all blocks have come.
  func end() throws(Failure) -> [IndexFileWriter] {
    var files = try strings.end() + closed.end() + cells.end() + sums.end()
    for (_, writer) in columns { files.append(try writer.end()) }
    files += try depths.write()
    return files + (try endHash())
  }

  private func endHash() throws(Failure) -> [IndexFileWriter] {
    let file = try IndexFileWriter("mph.bin", in: place)
    let slots = try IndexFileWriter("mph_pos.bin", in: place)
    try hash.take()?.finish { bytes throws(Failure) in
      try file.append(bytes)
    } slots: { bytes throws(Failure) in
      try slots.append(bytes)
    }
    try file.end(IndexHeader(.hash, count: count))
    try slots.end(IndexHeader(.slots, count: count))
    return [file, slots]
  }
}

extension PerfectHashBuilder {
  /// Adds the keys of the next `count` positions.
  mutating func add(_ hashes: UnsafePointer<KeyHash>, _ count: Int) throws(Failure) {
    for index in 0..<count { unsafe try add(hashes[index]) }
  }
}

/// What each part of making an index may take of the memory.
struct IndexMemory {
  let hash: UInt64
  let depths: Int
  let open: Int

  /// Shares out `memory`, of which something is always needed for buffers and blocks.
  init(_ memory: UInt64) {
    let rest = memory - min(memory / 2, 32 << 20)
    hash = rest / 4
    depths = Int(clamping: rest / 8)
    open = Int(clamping: rest / 8)
  }
}
