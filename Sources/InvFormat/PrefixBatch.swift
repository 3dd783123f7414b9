import InvBytes

/// Prefix rows in order, of which any stretch can be made into a block.
public struct PrefixBatch: Sendable {
  struct Head {
    var shared: UInt32
    var suffix: UInt32
    var cells: UInt64
    var listed: UInt64
    var times: RowTimes
  }

  /// A place between two rows.
  struct Place: Sendable {
    var row = 0
    var byte = 0
    var cell = 0
  }

  private(set) var heads: [Head] = []
  private(set) var bytes: [UInt8] = []
  private(set) var cells: [Cell] = []

  public init() {}

  public var rows: Int { heads.count }

  /// How much memory the rows take.
  public var size: Int {
    heads.count * MemoryLayout<Head>.stride + bytes.count + cells.count * MemoryLayout<Cell>.stride
  }

  var end: Place { Place(row: heads.count, byte: bytes.count, cell: cells.count) }

  /// Adds a row whose prefix shares `common` bytes with the row before; the cells' codes rise.
  @inline(__always)
  public mutating func append(
    _ prefix: [UInt8], sharing common: Int, listed: UInt64, times: RowTimes, cells: [Cell]
  ) {
    heads.append(
      Head(
        shared: UInt32(common), suffix: UInt32(prefix.count - common), cells: UInt64(cells.count),
        listed: listed, times: times))
    bytes.append(contentsOf: prefix[common...])
    self.cells.append(contentsOf: cells)
  }

  /// Adds a row of which `suffix` follows the `common` bytes shared with the row before.
  @inline(__always)
  public mutating func append(
    _ suffix: UnsafeBufferPointer<UInt8>, sharing common: Int, listed: UInt64, times: RowTimes,
    cells: UnsafeBufferPointer<Cell>
  ) {
    heads.append(
      Head(
        shared: UInt32(common), suffix: UInt32(suffix.count), cells: UInt64(cells.count),
        listed: listed, times: times))
    unsafe bytes.append(contentsOf: suffix)
    unsafe self.cells.append(contentsOf: cells)
  }

  /// Adds the rows of `batch` between two places; the first must share nothing it has not here.
  mutating func append(_ batch: PrefixBatch, from first: Place, to end: Place) {
    heads.append(contentsOf: batch.heads[first.row..<end.row])
    bytes.append(contentsOf: batch.bytes[first.byte..<end.byte])
    cells.append(contentsOf: batch.cells[first.cell..<end.cell])
  }

  /// Forgets the rows and keeps the memory.
  public mutating func removeAll() {
    heads.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
  }
}

/// How far a block has come: the rule that ends it, which looks at nothing but its rows.
struct BlockSize {
  private var rows = 0
  private var keyBytes = 0
  private var cells = 0

  /// Counts a row; the first one's key bytes are its whole prefix.
  mutating func add(prefix: Int, suffix: Int, cells: Int) {
    keyBytes += rows == 0 ? prefix : suffix
    rows += 1
    self.cells += cells
  }

  var isEmpty: Bool { rows == 0 }

  var isFull: Bool {
    rows >= Container.prefixRowsPerBlock || keyBytes >= Container.blockKeyBytes
      || cells >= Container.blockCells
  }
}

/// A stretch of a batch that is a block.
public struct BlockCut: Sendable {
  let batch: PrefixBatch
  let from: PrefixBatch.Place
  let to: PrefixBatch.Place
  /// The whole prefix of its first row.
  let first: [UInt8]
}

/// Cuts a sequence of batches into blocks where one sequence of rows would be cut.
public struct BlockCutter: Sendable {
  /// The rows behind the last cut.
  private var carry = PrefixBatch()
  private var carryFirst: [UInt8] = []
  private var size = BlockSize()
  /// The prefix of the last row.
  private var last: [UInt8] = []

  public init() {}

  /// The blocks that end in `batch`, whose first row gives its prefix whole.
  public mutating func cut(_ batch: PrefixBatch) -> [BlockCut] {
    var cuts: [BlockCut] = []
    var (start, at) = (PrefixBatch.Place(), PrefixBatch.Place())
    var first: [UInt8] = []
    while at.row < batch.heads.count {
      let head = batch.heads[at.row]
      let before = last.count
      var shared = Int(head.shared)
      if at.row == 0 {
        let prefix = Array(batch.bytes[..<Int(head.suffix)])
        shared = commonPrefix(last.raw, prefix.raw)
        last = prefix
      } else {
        last.removeSubrange(shared..<before)
        last.append(contentsOf: batch.bytes[at.byte..<at.byte + Int(head.suffix)])
      }
      if size.isEmpty { (start, first) = (at, last) }
      let next = PrefixBatch.Place(
        row: at.row + 1, byte: at.byte + Int(head.suffix), cell: at.cell + Int(head.cells))
      if at.row == 0, carry.rows > 0 {
        // The only row whose sharing was not known before.
        carry.append(
          last, sharing: shared, listed: head.listed, times: head.times,
          cells: Array(batch.cells[at.cell..<next.cell]))
        start = next
      }
      size.add(prefix: last.count, suffix: last.count - shared, cells: Int(head.cells))
      at = next
      if size.isFull {
        cuts.append(take(batch, from: start, to: at, first: first))
        size = BlockSize()
      }
    }
    if !size.isEmpty {
      if carry.rows == 0 { carryFirst = first }
      carry.append(batch, from: start, to: at)
    }
    return cuts
  }

  private mutating func take(
    _ batch: PrefixBatch, from start: PrefixBatch.Place, to end: PrefixBatch.Place,
    first: [UInt8]
  ) -> BlockCut {
    if carry.rows == 0 { return BlockCut(batch: batch, from: start, to: end, first: first) }
    carry.append(batch, from: start, to: end)
    defer { carry = PrefixBatch() }
    return BlockCut(batch: carry, from: PrefixBatch.Place(), to: carry.end, first: carryFirst)
  }

  /// What is left when all batches have come.
  public mutating func rest() -> BlockCut? {
    guard carry.rows > 0 else { return nil }
    defer { self = BlockCutter() }
    return BlockCut(batch: carry, from: PrefixBatch.Place(), to: carry.end, first: carryFirst)
  }
}
