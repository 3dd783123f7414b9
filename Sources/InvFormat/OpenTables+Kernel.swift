import InvSystem

/// The memory of the sums of open entries; those of the outermost are on disk when there is too much.
@safe struct OpenTables: ~Copyable {
  let limit: Int
  /// How many bytes the tables take that are in memory.
  var held = 0
  /// How many entries, from the outermost, have their tables on disk.
  private(set) var spilled = 0
  private var stack: SpillStack<Cell>
  private var counts = PlainList<Int>(capacity: 16)
  private var spare = PlainList<CellTable>(capacity: 64)
  private var scratch = PlainList<Cell>(capacity: 64)

  /// More unused tables than this are freed.
  private static let spareLimit = 256

  init(in folder: String, memory: Int) {
    limit = memory
    stack = SpillStack(in: folder)
  }

  deinit {
    for index in 0..<spare.count { spare[index].free() }
    spare.free()
    counts.free()
    scratch.free()
  }

  /// An empty table.
  @inline(__always)
  mutating func make() -> CellTable {
    if spare.isEmpty { return CellTable(for: 0) }
    let table = spare[spare.count &- 1]
    spare.removeLast()
    return table
  }

  /// Takes a table that is not needed any more.
  @inline(__always)
  mutating func take(_ table: CellTable) {
    if spare.count >= Self.spareLimit || table.size > 64 * MemoryLayout<Cell>.stride {
      table.free()
      return
    }
    var table = table
    table.removeAll()
    spare.append(table)
  }

  /// Puts the next table, from the outermost, on disk.
  mutating func spill(_ table: inout CellTable) throws(Failure) {
    scratch.removeAll()
    table.append(to: &scratch)
    unsafe try stack.push(scratch.start, count: scratch.count)
    counts.append(scratch.count)
    spilled += 1
    held -= table.size
    table.free()
    table = CellTable()
  }

  /// Gets back the table that was put there last.
  mutating func restore(_ table: inout CellTable) throws(Failure) {
    let count = counts[counts.count - 1]
    counts.removeLast()
    spilled -= 1
    scratch.removeAll(keeping: 1 << 16)
    scratch.setCount(count)
    unsafe try stack.pop(scratch.start, count: count)
    table = CellTable(for: count)
    for index in 0..<count { _ = table.add(scratch[index]) }
    held += table.size
  }
}
