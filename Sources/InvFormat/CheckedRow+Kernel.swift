import Glibc
import InvBytes

/// Where the reading of a stream of prefix rows stands: what `PrefixRows` does, with its checks and
/// its sentences, on pointers and without an allocation for a row.
///
/// Every length and every dimension's value has been checked with the block; the key has room for the
/// longest there may be.
@safe struct CheckedRow: ~Copyable {
  /// A dimension's column and its place in a code.
  private struct Axis {
    var column: PackedInts
    let shift: UInt64
  }

  /// The present row's prefix.
  let key: UnsafeMutablePointer<UInt8>
  private(set) var length = 0
  /// What it has in common with the row before.
  private(set) var shared = 0
  private(set) var times = RowTimes()
  /// Of the row's current cells.
  private(set) var objects: UInt64 = 0
  private(set) var bytes: UInt64 = 0
  /// The sums over all rows up to this one.
  private(set) var totals = PrefixTotals()

  private let stateShift: UInt64
  private let maxDepth: Int?
  private let under: [UInt8]
  /// Keeps what `start` points to.
  private var block: PrefixBlock?
  private var start: UnsafeRawPointer
  private var row = 0
  private var rows = 0
  private var nextByte = 0
  private var nextCell = 0
  private var wasFull = true
  private var sharedColumn: PackedInts
  private var suffixColumn: PackedInts
  private var cellColumn: PackedInts
  private var objectColumn: PackedInts
  private var byteColumn: PackedInts
  private var listedColumn: PackedInts
  private var timeColumns: (PackedInts, PackedInts, PackedInts, PackedInts)
  private let axes: UnsafeMutablePointer<Axis>
  private let axisCount: Int

  /// A column that has 0, or nothing, in every row.
  private static let none = PackedInts(offset: 0, width: 0, count: 0, base: 0)

  init(_ schema: PrefixSchema, _ code: PointCode) {
    maxDepth = schema.maxDepth
    under = schema.under ?? []
    stateShift = code.shift(of: 0)
    unsafe key = .allocate(capacity: Container.keyLimit + 8)
    unsafe start = UnsafeRawPointer(key)
    let none = Self.none
    (sharedColumn, suffixColumn, cellColumn) = (none, none, none)
    (objectColumn, byteColumn, listedColumn) = (none, none, none)
    timeColumns = (none, none, none, none)
    axisCount = code.count
    unsafe axes = .allocate(capacity: max(1, axisCount))
    for index in 0..<axisCount {
      unsafe (axes + index).initialize(to: Axis(column: none, shift: code.shift(of: index)))
    }
  }

  deinit {
    unsafe key.deallocate()
    unsafe axes.deallocate()
  }

  /// Goes on with the rows of `block`; those of the block before have been walked.
  mutating func begin(_ block: PrefixBlock) throws(FormatError) {
    guard wasFull else {
      throw FormatError("the block before this one was cut too early", at: 0)
    }
    guard let bytes = unsafe block.frame.bytesStart else {
      throw FormatError("an empty block", at: 0)
    }
    unsafe start = bytes
    self.block = block
    (row, rows, nextByte, nextCell) = (0, block.rows, block.keys.bytes.lowerBound, 0)
    wasFull =
      rows == Container.prefixRowsPerBlock || block.keys.bytes.count >= Container.blockKeyBytes
      || block.objects.count >= Container.blockCells
    (sharedColumn, suffixColumn) = (block.keys.shared, block.keys.suffix)
    (cellColumn, objectColumn, byteColumn) = (block.cellCounts, block.objects, block.bytes)
    let none = Self.none
    listedColumn = block.listed ?? none
    timeColumns = (
      block.times[0] ?? none, block.times[1] ?? none, block.times[2] ?? none, block.times[3] ?? none
    )
    for (index, column) in block.dimensions.enumerated() { unsafe axes[index].column = column }
  }

  /// Goes to the next row's prefix; false when the block has no more.
  @inline(__always)
  mutating func next() throws(FormatError) -> Bool {
    if row >= rows { return false }
    let suffix = Int(truncatingIfNeeded: unsafe suffixColumn.value(row, from: start))
    let bytes = unsafe (start + nextByte).assumingMemoryBound(to: UInt8.self)
    nextByte &+= suffix
    // The first row of a block shares nothing, whatever it has in common with the one before.
    var (common, skipped) = (0, 0)
    if row > 0 {
      common = Int(truncatingIfNeeded: unsafe sharedColumn.value(row, from: start))
    } else {
      let limit = min(length, suffix)
      while common < limit, unsafe key[common] == bytes[common] { common &+= 1 }
      skipped = common
    }
    let rest = suffix &- skipped
    guard
      unsafe rest > 0 && (common == length || bytes[skipped] > key[common]) || totals.rows == 0
    else { throw unsafe disorder(common, bytes + skipped, rest) }
    unsafe memcpy(key + common, bytes + skipped, rest)
    (shared, length) = (common, common &+ rest)
    guard unsafe length == 0 || key[length &- 1] == 0x2f else {
      throw fault("prefix \(quoted(keyBytes)) does not end in a slash")
    }
    if common < under.count { try checkUnder() }
    if let maxDepth { try checkDepth(maxDepth) }
    return true
  }

  private func checkUnder() throws(FormatError) {
    if keyBytes.starts(with: under) { return }
    throw fault("prefix \(quoted(keyBytes)) is not under \(quoted(under))")
  }

  private func checkDepth(_ most: Int) throws(FormatError) {
    var depth = 0
    for at in 0..<length where unsafe key[at] == 0x2f { depth += 1 }
    if depth > most { throw fault("prefix \(quoted(keyBytes)) is deeper than \(most)") }
  }

  /// How often the present prefix was listed as a directory.
  var listed: UInt64 {
    @inline(__always) get { unsafe listedColumn.value(row, from: start) }
  }

  /// Adds the present row's cells to `cells` by rising code, sets its figures, and is done with it.
  @inline(__always)
  mutating func finish(into cells: inout PlainList<Cell>) throws(FormatError) {
    if row > 0, nextCell >= Container.blockCells {
      throw fault("the block has 65536 cells before its last row")
    }
    let count = Int(truncatingIfNeeded: unsafe cellColumn.value(row, from: start))
    cells.reserve(count)
    var previous: UInt64 = 0
    let first = nextCell
    (objects, bytes) = (0, 0)
    for index in first..<first &+ count {
      var code: UInt64 = 0
      for axis in 0..<axisCount {
        let axis = unsafe axes + axis
        code |= unsafe axis.pointee.column.value(index, from: start) &<< axis.pointee.shift
      }
      let cell = Cell(
        code: code, objects: unsafe objectColumn.value(index, from: start),
        bytes: unsafe byteColumn.value(index, from: start))
      guard index == first || code > previous else { throw fault("the cells do not rise") }
      guard cell.objects > 0 else { throw fault("a cell without objects") }
      previous = code
      if code &>> stateShift == 0 { try addUp(cell) }
      cells.add(cell)
    }
    nextCell = first &+ count
    totals.cells &+= UInt64(truncatingIfNeeded: count)
    try readTimes(hasCurrent: objects > 0)
    row &+= 1
    totals.rows &+= 1
  }

  /// Adds a current cell to the totals.
  @inline(__always)
  private mutating func addUp(_ cell: Cell) throws(FormatError) {
    let (allObjects, first) = totals.objects.addingReportingOverflow(cell.objects)
    let (allBytes, second) = totals.bytes.addingReportingOverflow(cell.bytes)
    if first || second { throw fault("the totals are over 2^64") }
    (totals.objects, totals.bytes) = (allObjects, allBytes)
    objects &+= cell.objects
    bytes &+= cell.bytes
  }

  @inline(__always)
  private mutating func readTimes(hasCurrent: Bool) throws(FormatError) {
    unsafe times.oldestModified = timeColumns.0.signed(row, from: start, absent: absentInt)
    unsafe times.newestModified = timeColumns.1.signed(row, from: start, absent: absentInt)
    unsafe times.oldestAccessed = timeColumns.2.signed(row, from: start, absent: absentInt)
    unsafe times.newestAccessed = timeColumns.3.signed(row, from: start, absent: absentInt)
    try check(times.oldestModified, times.newestModified, hasCurrent)
    try check(times.oldestAccessed, times.newestAccessed, hasCurrent)
  }

  @inline(__always)
  private func check(_ oldest: Int64, _ newest: Int64, _ hasCurrent: Bool) throws(FormatError) {
    guard (oldest == absentInt) == (newest == absentInt), oldest <= newest else {
      throw fault("the oldest time is after the newest")
    }
    guard hasCurrent || oldest == absentInt else {
      throw fault("times without a current object")
    }
  }

  var keyBytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: key, count: length)) }

  @inline(never)
  private func fault(_ what: String) -> FormatError {
    FormatError("row \(totals.rows): \(what)", at: 0)
  }

  /// The fault of a prefix of `common` bytes of the present key and `count` from `rest` on.
  @inline(never)
  private func disorder(_ common: Int, _ rest: UnsafePointer<UInt8>, _ count: Int) -> FormatError {
    if count > 0, common < length, unsafe rest[0] == key[common] {
      return fault("the prefix shares more bytes than it says")
    }
    let end = unsafe [UInt8](UnsafeBufferPointer(start: rest, count: count))
    return fault("prefix \(quoted(keyBytes[..<common] + end)) after \(quoted(keyBytes))")
  }
}
