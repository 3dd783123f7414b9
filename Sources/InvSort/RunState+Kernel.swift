import Glibc
import InvBytes
import InvFormat
import InvSystem

/// One run of a merge at its present row: the key whole, the columns where they lie.
///
/// Lives behind a pointer, so that the loop over rows touches fields and nothing else.
@safe struct RunState {
  private let reader: PrefixReader
  /// Keeps the bytes that `start` points to; never changed while it does.
  private var block: PrefixBlock?
  private var start: UnsafeRawPointer
  /// The present key.
  let key: UnsafeMutablePointer<UInt8>
  private(set) var length = 0
  /// What the present key shares with the key that was written last.
  var shared = 0
  private var row = -1
  private var rows = 0
  private var suffixAt = 0
  private var cellAt = 0
  private(set) var cellCount = 0
  private var isFirst = true

  private var sharedColumn: PackedInts
  private var suffixColumn: PackedInts
  private var cellColumn: PackedInts
  private var objectColumn: PackedInts
  private var byteColumn: PackedInts
  private var listedColumn: PackedInts?
  private var timeColumns: (PackedInts?, PackedInts?, PackedInts?, PackedInts?)
  private let dimensionColumns: UnsafeMutablePointer<PackedInts>
  /// What each word's rank in this run is in the result; empty where it is the same.
  private let ranks: [[UInt64]]
  private let shifts: [UInt64]

  /// Ends before the first key that is not before this.
  private let upper: [UInt8]?
  /// Where blocks at the borders of ranges are handed on.
  private let shelf: Shelf?
  private(set) var ending: (Audit, PrefixTotals)?
  private(set) var makers: [Fields] = []

  /// A shelf with the numbers that this run and its range have there.
  struct Shelf {
    let blocks: BlockShelf
    let run: Int
    let range: Int
  }

  init(
    _ reader: PrefixReader, ranks: [[UInt64]], code: PointCode, upper: [UInt8]? = nil,
    shelf: Shelf? = nil
  ) {
    self.reader = reader
    self.shelf = shelf
    self.ranks = ranks
    self.upper = upper
    shifts = (0..<code.count).map { code.shift(of: $0) }
    unsafe key = .allocate(capacity: Container.keyLimit + 8)
    unsafe start = UnsafeRawPointer(key)
    unsafe dimensionColumns = .allocate(capacity: max(1, code.count))
    let none = PackedInts(offset: 0, width: 0, count: 0, base: 0)
    (sharedColumn, suffixColumn, cellColumn) = (none, none, none)
    (objectColumn, byteColumn) = (none, none)
    timeColumns = (nil, nil, nil, nil)
    unsafe dimensionColumns.initialize(repeating: none, count: max(1, code.count))
  }

  /// Frees what the pointers hold; nothing may be used afterwards.
  func free() {
    unsafe key.deallocate()
    unsafe dimensionColumns.deallocate()
  }

  var name: String { reader.name }
  var progress: (done: UInt64, total: UInt64) { reader.progress }

  /// Goes to the next row and sets `shared` to what it shares with the row before; false at the end.
  @inline(__always)
  mutating func advance() throws(Failure) -> Bool {
    row &+= 1
    cellAt &+= cellCount
    if row >= rows {
      guard try load() else { return false }
    }
    var common = Int(unsafe sharedColumn.value(row, from: start))
    let suffix = Int(unsafe suffixColumn.value(row, from: start))
    let bytes = unsafe (start + suffixAt).assumingMemoryBound(to: UInt8.self)
    let total = common &+ suffix
    if row == 0 {
      let limit = min(length, total)
      while common < limit, unsafe key[common] == bytes[common] { common &+= 1 }
    }
    let skipped = common &- (total &- suffix)
    if common < length {
      guard common < total, unsafe bytes[skipped] > key[common] else { throw outOfOrder() }
    } else if common == total && !isFirst {
      throw outOfOrder()
    }
    unsafe memcpy(key + common, bytes + skipped, suffix &- skipped)
    guard unsafe total == 0 || key[total &- 1] == 0x2f else {
      throw fault("a prefix does not end in a slash")
    }
    shared = common
    length = total
    suffixAt &+= suffix
    isFirst = false
    cellCount = Int(unsafe cellColumn.value(row, from: start))
    if let upper, isBehind(upper) { return false }
    return true
  }

  private func isBehind(_ bound: [UInt8]) -> Bool { !isBefore(bound) }

  /// Whether the present key comes before `bound`.
  func isBefore(_ bound: [UInt8]) -> Bool {
    unsafe bound.withUnsafeBufferPointer { bound in
      guard let other = bound.baseAddress else { return false }
      let order = unsafe memcmp(key, other, min(length, bound.count))
      return order < 0 || (order == 0 && length < bound.count)
    }
  }

  private mutating func load() throws(Failure) -> Bool {
    let place = reader.position
    if let shelf, let (block, next) = shelf.blocks.take(shelf.run, place, range: shelf.range) {
      reader.seek(to: next)
      take(block)
      return true
    }
    while let event = try reader.next() {
      switch event {
      case .block(let block):
        if self.block == nil, let shelf {
          shelf.blocks.put(shelf.run, place, block, next: reader.position, range: shelf.range)
        }
        take(block)
        return true
      case .maker(let maker): makers.append(maker)
      case .progress: continue
      case .end(let audit, let totals): ending = (audit, totals)
      }
    }
    block = nil
    rows = 0
    return false
  }

  private mutating func take(_ block: PrefixBlock) {
    guard let bytes = unsafe block.frame.bytesStart else { return }
    self.block = block
    unsafe start = bytes
    (row, rows, cellAt, cellCount) = (0, block.rows, 0, 0)
    suffixAt = block.keys.bytes.lowerBound
    (sharedColumn, suffixColumn) = (block.keys.shared, block.keys.suffix)
    (cellColumn, objectColumn, byteColumn) = (block.cellCounts, block.objects, block.bytes)
    listedColumn = block.listed
    timeColumns = (block.times[0], block.times[1], block.times[2], block.times[3])
    for (index, column) in block.dimensions.enumerated() {
      unsafe dimensionColumns[index] = column
    }
  }

  var listed: UInt64 {
    @inline(__always) get { unsafe listedColumn?.value(row, from: start) ?? 0 }
  }

  var times: RowTimes {
    @inline(__always)
    get {
      var times = RowTimes()
      if let column = timeColumns.0 {
        unsafe times.oldestModified = column.signed(row, from: start, absent: absentInt)
      }
      if let column = timeColumns.1 {
        unsafe times.newestModified = column.signed(row, from: start, absent: absentInt)
      }
      if let column = timeColumns.2 {
        unsafe times.oldestAccessed = column.signed(row, from: start, absent: absentInt)
      }
      if let column = timeColumns.3 {
        unsafe times.newestAccessed = column.signed(row, from: start, absent: absentInt)
      }
      return times
    }
  }

  /// Appends the cells of the present row to `cells`, with the codes of the result.
  @inline(__always)
  func appendCells(to cells: inout [Cell]) throws(Failure) {
    var previous: UInt64 = 0
    for index in cellAt..<cellAt &+ cellCount {
      var code: UInt64 = 0
      for dimension in shifts.indices {
        var value = unsafe dimensionColumns[dimension].value(index, from: start)
        if !ranks[dimension].isEmpty { value = ranks[dimension][Int(value)] }
        code |= value &<< shifts[dimension]
      }
      let objects = unsafe objectColumn.value(index, from: start)
      guard index == cellAt || code > previous, objects > 0 else {
        throw fault("the cells of a prefix do not rise, or one is empty")
      }
      previous = code
      cells.append(
        Cell(code: code, objects: objects, bytes: unsafe byteColumn.value(index, from: start)))
    }
  }

  private func outOfOrder() -> Failure {
    let before = unsafe text(UnsafeBufferPointer(start: key, count: length))
    let suffix = Int(unsafe suffixColumn.value(row, from: start))
    let common = Int(unsafe sharedColumn.value(row, from: start))
    let part = unsafe UnsafeRawBufferPointer(start: start + suffixAt, count: suffix)
    let next = unsafe Array(UnsafeBufferPointer(start: key, count: common)) + Array(part)
    return fault("the rows are not sorted: '\(text(next))' after '\(before)'")
  }

  private func text(_ bytes: some Collection<UInt8>) -> String {
    printable(String(decoding: bytes, as: UTF8.self))
  }

  func fault(_ what: String) -> Failure {
    guard let block else { return Failure.data("\(printable(name)): \(what)") }
    return reader.failure("row \(row) of the block: \(what)", in: block)
  }
}
