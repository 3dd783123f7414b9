import InvBytes

// What passes from the thread that reads rows to the one that packs them, in memory that is used
// again: these are plain values, and whoever holds one last frees it.

/// The cells of some entries, one entry's behind the other's.
@safe struct CellRows {
  var counts: PlainList<Int>
  var cells: PlainList<Cell>

  init(rows: Int) {
    counts = PlainList(capacity: rows)
    cells = PlainList(capacity: rows * 4)
  }

  /// How many bytes of it are used.
  var size: Int { cells.count * MemoryLayout<Cell>.stride }

  mutating func removeAll() {
    counts.removeAll()
    cells.removeAll(keeping: 1 << 14)
  }

  func free() {
    counts.free()
    cells.free()
  }
}

/// What is known of 128 entries when they open, the last block having what remains.
@safe struct EntryBlock {
  /// What each prefix shares with the one before in its block of strings, and its other bytes, of
  /// which `characters` has all but the last slash.
  let shared: UnsafeMutablePointer<UInt32>
  let rests: UnsafeMutablePointer<UInt32>
  var characters: PlainList<UInt8>
  let hashes: UnsafeMutablePointer<KeyHash>
  /// `BlockPacker.size` values of each column.
  let columns: UnsafeMutablePointer<UInt64>
  /// What the entries hold themselves.
  var own: CellRows

  /// The columns, in this order; those of times are there four times whatever the rows have.
  enum Column: Int {
    case depth, listed, objects, bytes, oldestModified, newestModified, oldestAccessed
    case newestAccessed
  }

  init() {
    unsafe shared = .allocate(capacity: BlockPacker.size)
    unsafe rests = .allocate(capacity: BlockPacker.size)
    unsafe hashes = .allocate(capacity: BlockPacker.size)
    unsafe columns = .allocate(capacity: 8 * BlockPacker.size)
    characters = PlainList(capacity: 4096)
    own = CellRows(rows: BlockPacker.size)
  }

  /// How many entries there are.
  @inline(__always)
  var count: Int { own.counts.count }

  /// How many bytes of it are used, nearly.
  var size: Int { 16 << 10 + characters.count + own.size }

  /// The values of a column.
  @inline(__always)
  func column(_ column: Column) -> UnsafeMutablePointer<UInt64> {
    unsafe columns + column.rawValue &* BlockPacker.size
  }

  /// Sets what entry `row` holds itself.
  @inline(__always)
  func setDirect(_ row: Int, objects: UInt64, bytes: UInt64, _ times: RowTimes) {
    unsafe column(.objects)[row] = objects
    unsafe column(.bytes)[row] = bytes
    unsafe column(.oldestModified)[row] = UInt64(bitPattern: times.oldestModified)
    unsafe column(.newestModified)[row] = UInt64(bitPattern: times.newestModified)
    unsafe column(.oldestAccessed)[row] = UInt64(bitPattern: times.oldestAccessed)
    unsafe column(.newestAccessed)[row] = UInt64(bitPattern: times.newestAccessed)
  }

  mutating func removeAll() {
    characters.removeAll(keeping: 1 << 18)
    own.removeAll()
  }

  func free() {
    unsafe shared.deallocate()
    unsafe rests.deallocate()
    unsafe hashes.deallocate()
    unsafe columns.deallocate()
    characters.free()
    own.free()
  }
}

/// What is known of 128 entries when they close, the last block having what remains.
@safe struct ClosedBlock {
  /// The number of the block.
  var number: UInt64 = 0
  var entries = 0
  /// How many of them are still open.
  var open = 0
  /// `BlockPacker.size` values of each column.
  let columns: UnsafeMutablePointer<UInt64>

  init(columns count: Int) {
    unsafe columns = .allocate(capacity: count * BlockPacker.size)
    unsafe columns.update(repeating: 0, count: count * BlockPacker.size)
  }

  func free() { unsafe columns.deallocate() }
}

/// A block that is to be packed.
enum IndexBlock: @unchecked Sendable {
  case entries(EntryBlock)
  case closed(ClosedBlock)
  /// The sums of entries, their cells in any order.
  case sums(CellRows)

  /// How many bytes of it are used, nearly.
  var size: Int {
    switch self {
    case .entries(let block): block.size
    case .closed: 9 << 10
    case .sums(let rows): rows.size
    }
  }

  func free() {
    switch self {
    case .entries(let block): block.free()
    case .closed(let block): block.free()
    case .sums(let rows): rows.free()
    }
  }
}
