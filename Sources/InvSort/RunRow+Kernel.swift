import Glibc
import InvBytes
import InvFormat

/// Where one run of a merge stands: its key whole, its columns where they lie.
///
/// Nothing but numbers and pointers, so that the loop over rows counts no references; the run that
/// it belongs to keeps what they point to.
@safe struct RunRow {
  /// A dimension's column, and what its values are in the result.
  @safe struct Axis {
    var column: PackedInts
    let shift: UInt64
    /// What each word's rank in this run is in the result; nil where it is the same.
    let ranks: UnsafeMutablePointer<UInt64>?
  }

  /// The payload of the present block.
  private var start: UnsafeRawPointer
  /// The present key.
  let key: UnsafeMutablePointer<UInt8>
  private(set) var length = 0
  /// What the present key shares with the key that was written last.
  var shared = 0
  private(set) var row = -1
  private var rows = 0
  private var suffixAt = 0
  private var cellAt = 0
  private(set) var cellCount = 0
  private var isFirst = true
  /// The run ends before the first key that is not before this; nil for its last row.
  private let bound: UnsafeMutablePointer<UInt8>?
  private let boundLength: Int
  /// What the present key shares with the bound.
  private var boundShared = 0

  private var sharedColumn: PackedInts
  private var suffixColumn: PackedInts
  private var cellColumn: PackedInts
  private var objectColumn: PackedInts
  private var byteColumn: PackedInts
  private var listedColumn: PackedInts?
  private var timeColumns: (PackedInts?, PackedInts?, PackedInts?, PackedInts?)
  private let axes: UnsafeMutablePointer<Axis>
  private let axisCount: Int

  /// What comes of a step: a row, the end, or a fault.
  enum Step {
    case row, end, outOfOrder, noSlash
  }

  init(ranks: [[UInt64]], code: PointCode, upper: [UInt8]?) {
    boundLength = upper?.count ?? 0
    if let upper {
      let room = UnsafeMutablePointer<UInt8>.allocate(capacity: upper.count + 1)
      unsafe room.initialize(from: upper, count: upper.count)
      unsafe bound = room
    } else {
      unsafe bound = nil
    }
    unsafe key = .allocate(capacity: Container.keyLimit + 8)
    unsafe start = UnsafeRawPointer(key)
    axisCount = code.count
    unsafe axes = .allocate(capacity: max(1, code.count))
    let none = PackedInts(offset: 0, width: 0, count: 0, base: 0)
    (sharedColumn, suffixColumn, cellColumn) = (none, none, none)
    (objectColumn, byteColumn) = (none, none)
    timeColumns = (nil, nil, nil, nil)
    for (index, ranks) in ranks.enumerated() {
      var copy: UnsafeMutablePointer<UInt64>?
      if !ranks.isEmpty {
        let room = UnsafeMutablePointer<UInt64>.allocate(capacity: ranks.count)
        unsafe room.initialize(from: ranks, count: ranks.count)
        unsafe copy = room
      }
      unsafe (axes + index).initialize(
        to: Axis(column: none, shift: code.shift(of: index), ranks: copy))
    }
  }

  /// Frees what the pointers hold; nothing may be used afterwards.
  func free() {
    for index in 0..<axisCount { unsafe axes[index].ranks?.deallocate() }
    unsafe bound?.deallocate()
    unsafe key.deallocate()
    unsafe axes.deallocate()
  }

  /// Whether the next row is in another block.
  @inline(__always)
  var isAtBlockEnd: Bool { row &+ 1 >= rows }

  /// Goes to the next row and sets `shared` to what it shares with the row before.
  @inline(__always)
  mutating func advance() -> Step {
    row &+= 1
    cellAt &+= cellCount
    var common = Int(truncatingIfNeeded: unsafe sharedColumn.value(row, from: start))
    let suffix = Int(truncatingIfNeeded: unsafe suffixColumn.value(row, from: start))
    let bytes = unsafe (start + suffixAt).assumingMemoryBound(to: UInt8.self)
    let total = common &+ suffix
    if row == 0 {
      let limit = min(length, total)
      while common < limit, unsafe key[common] == bytes[common] { common &+= 1 }
    }
    let skipped = common &- (total &- suffix)
    if common < length {
      guard common < total, unsafe bytes[skipped] > key[common] else { return .outOfOrder }
    } else if common == total && !isFirst {
      return .outOfOrder
    }
    unsafe memcpy(key + common, bytes + skipped, suffix &- skipped)
    guard unsafe total == 0 || key[total &- 1] == 0x2f else { return .noSlash }
    shared = common
    length = total
    suffixAt &+= suffix
    isFirst = false
    cellCount = Int(truncatingIfNeeded: unsafe cellColumn.value(row, from: start))
    return isBeforeBound(common) ? .row : .end
  }

  /// Whether the present key, which shares `common` bytes with the one before, is before the bound.
  @inline(__always)
  private mutating func isBeforeBound(_ common: Int) -> Bool {
    guard let bound = unsafe bound else { return true }
    // The byte in which the key before was less than the bound is still there.
    if common > boundShared { return true }
    var at = min(common, boundShared)
    let limit = min(length, boundLength)
    while at < limit, unsafe key[at] == bound[at] { at &+= 1 }
    boundShared = at
    return unsafe at == limit ? length < boundLength : key[at] < bound[at]
  }

  /// The key that `advance` found out of order.
  var refused: [UInt8] {
    let suffix = Int(unsafe suffixColumn.value(row, from: start))
    let common = Int(unsafe sharedColumn.value(row, from: start))
    let part = unsafe UnsafeRawBufferPointer(start: start + suffixAt, count: suffix)
    return unsafe Array(UnsafeBufferPointer(start: key, count: common)) + Array(part)
  }

  var keyBytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: key, count: length)) }

  /// Whether the present key comes before `bound`.
  func isBefore(_ bound: [UInt8]) -> Bool {
    unsafe bound.withUnsafeBufferPointer { bound in
      guard let other = bound.baseAddress else { return false }
      let order = unsafe memcmp(key, other, min(length, bound.count))
      return order < 0 || (order == 0 && length < bound.count)
    }
  }

  /// Stands before the first row of `block`, which the caller keeps.
  mutating func take(_ block: PrefixBlock) {
    guard let bytes = unsafe block.frame.bytesStart else { return }
    unsafe start = bytes
    (row, rows, cellAt, cellCount) = (-1, block.rows, 0, 0)
    suffixAt = block.keys.bytes.lowerBound
    (sharedColumn, suffixColumn) = (block.keys.shared, block.keys.suffix)
    (cellColumn, objectColumn, byteColumn) = (block.cellCounts, block.objects, block.bytes)
    listedColumn = block.listed
    timeColumns = (block.times[0], block.times[1], block.times[2], block.times[3])
    for (index, column) in block.dimensions.enumerated() { unsafe axes[index].column = column }
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

  /// Appends the cells of the present row, with the codes of the result; false when they do not rise
  /// or one is empty.
  @inline(__always)
  func appendCells(to cells: inout CellList) -> Bool {
    cells.reserve(cellCount)
    var previous: UInt64 = 0
    for index in cellAt..<cellAt &+ cellCount {
      var code: UInt64 = 0
      for axis in 0..<axisCount {
        let axis = unsafe axes + axis
        var value = unsafe axis.pointee.column.value(index, from: start)
        if let ranks = unsafe axis.pointee.ranks { value = unsafe ranks[Int(value)] }
        code |= unsafe value &<< axis.pointee.shift
      }
      let objects = unsafe objectColumn.value(index, from: start)
      guard index == cellAt || code > previous, objects > 0 else { return false }
      previous = code
      cells.append(
        Cell(code: code, objects: objects, bytes: unsafe byteColumn.value(index, from: start)))
    }
    return true
  }
}
