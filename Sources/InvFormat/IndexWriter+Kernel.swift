import InvBytes
import InvSystem

/// Makes the entries of an index from prefix rows in order, and their figures: inv-index(5).
///
/// Keeps one stack of open entries, creates missing ancestors, and adds each entry that is closed
/// into its parent.
@safe struct IndexWriter: ~Copyable {
  /// An entry whose subtree is still growing, and what has come of it.
  private struct Open {
    let position: UInt64
    /// How long its prefix is, which is a part of the present row's.
    let length: Int
    let depth: Int
    var greatestDepth: Int
    var objects: UInt64
    var bytes: UInt64
    var times: RowTimes
    /// The cells of the subtree; none while it has no descendant.
    var sums = CellTable()
  }

  private let line: IndexLine
  private let isRaw: Bool
  private let hasModified: Bool
  private let hasAccessed: Bool
  private let stateShift: UInt64
  private var stack = PlainList<Open>(capacity: 64)
  private var tables: OpenTables
  private var waiting: WaitingBlocks
  private var block: EntryBlock
  /// Where the cells of the entry that was opened last begin in the block.
  private var firstCell = 0
  private var sums: CellRows
  private(set) var count: UInt64 = 0
  private(set) var rollups: UInt64 = 0
  private(set) var greatestDepth = 0
  /// How many directories were listed more than once, of those that no deeper ones count in.
  private(set) var listedAgain: UInt64 = 0
  private let depthLimit: Int
  /// Of the root, when it is closed.
  private(set) var objects: UInt64 = 0
  private(set) var bytes: UInt64 = 0

  /// Entries with more descendants than this, less one, have their sums stored.
  static let smallSubtree: UInt64 = 64

  /// Hands blocks to `line`; what waits takes up to `memory` bytes.
  init(
    _ schema: PrefixSchema, code: PointCode, _ line: IndexLine, in place: IndexPlace, memory: Int
  ) {
    self.line = line
    isRaw = place.isRaw
    depthLimit = schema.maxDepth ?? .max
    (hasModified, hasAccessed) = (schema.hasModified, schema.hasAccessed)
    stateShift = code.shift(of: 0)
    waiting = WaitingBlocks(
      line, columns: IndexNames.closed(schema).count, in: place.temporaryFolder, memory: memory / 2)
    tables = OpenTables(in: place.temporaryFolder, memory: memory / 2)
    block = line.entries()
    sums = line.sums()
  }

  deinit {
    for index in tables.spilled..<max(tables.spilled, stack.count) { stack[index].sums.free() }
    stack.free()
    block.free()
    sums.free()
  }

  /// Adds the row that `row` has come to, with those of its ancestors that have none.
  @inline(__always)
  mutating func append(_ row: inout CheckedRow, _ failure: (FormatError) -> Failure) throws(Failure)
  {
    let common = row.shared
    if stack.isEmpty {
      if row.length > 0 { unsafe try openAncestor(row.key, 0, depth: 0, sharing: 0) }
    } else {
      while stack[stack.count &- 1].length > common { try closeTop() }
    }
    var depth = 0
    var shared = common
    if !stack.isEmpty {
      depth = stack[stack.count &- 1].depth &+ 1
      // The ancestors that have no row of their own.
      for at in common..<max(common, row.length &- 1) where unsafe row.key[at] == 0x2f {
        unsafe try openAncestor(row.key, at &+ 1, depth: depth, sharing: shared)
        shared = at &+ 1
        depth &+= 1
      }
    }
    unsafe try begin(row.key, row.length, depth: depth, sharing: shared)
    let listed = row.listed
    if listed > 1, depth < depthLimit { listedAgain += 1 }
    do throws(FormatError) { try row.finish(into: &block.own.cells) } catch {
      throw failure(error)
    }
    finish(
      row.length, depth: depth, listed: listed, objects: row.objects, bytes: row.bytes,
      row.times)
  }

  /// Adds an entry without a row: the first `length` bytes of `key`.
  @inline(never)
  private mutating func openAncestor(
    _ key: UnsafePointer<UInt8>, _ length: Int, depth: Int, sharing common: Int
  ) throws(Failure) {
    unsafe try begin(key, length, depth: depth, sharing: common)
    finish(length, depth: depth, listed: 0, objects: 0, bytes: 0, RowTimes())
  }

  /// Adds an entry, whose cells are to follow, to the block.
  @inline(__always)
  private mutating func begin(
    _ key: UnsafePointer<UInt8>, _ length: Int, depth: Int, sharing common: Int
  ) throws(Failure) {
    if !stack.isEmpty { try growTop() }
    if block.count == BlockPacker.size { try handOver() }
    try waiting.open()
    let row = block.count
    // The first of each block of strings is whole; every prefix but the root ends in a slash.
    let start = row & (PrefixStringWriter.blockSize &- 1) == 0 ? 0 : common
    let rest = max(0, length &- 1 &- start)
    unsafe block.shared[row] = UInt32(truncatingIfNeeded: start)
    unsafe block.rests[row] = UInt32(truncatingIfNeeded: rest)
    unsafe block.characters.append(key + start, count: rest)
    unsafe block.hashes[row] = KeyHash(RawSpan(_unsafeStart: key, byteCount: length))
    firstCell = block.own.cells.count
  }

  /// Opens the entry that has been begun.
  @inline(__always)
  private mutating func finish(
    _ length: Int, depth: Int, listed: UInt64, objects: UInt64, bytes: UInt64, _ times: RowTimes
  ) {
    let row = block.count
    unsafe block.column(.depth)[row] = UInt64(truncatingIfNeeded: depth)
    unsafe block.column(.listed)[row] = listed
    if isRaw {
      block.setDirect(row, objects: objects, bytes: bytes, times)
    } else {
      // A leaf's are what is at and below it.
      block.setDirect(row, objects: 0, bytes: 0, RowTimes())
    }
    block.own.counts.add(block.own.cells.count &- firstCell)
    if depth > greatestDepth { greatestDepth = depth }
    stack.append(
      Open(
        position: count, length: length, depth: depth, greatestDepth: depth, objects: objects,
        bytes: bytes, times: times))
    count &+= 1
  }

  @inline(never)
  private mutating func handOver() throws(Failure) {
    let full = block
    block = line.entries()
    firstCell = 0
    try line.push(.entries(full))
  }

  /// The last entry is about to get a descendant.
  @inline(__always)
  private mutating func growTop() throws(Failure) {
    let top = unsafe stack.start + (stack.count &- 1)
    guard unsafe !top.pointee.sums.isThere else { return }
    unsafe block.setDirect(
      block.count &- 1, objects: top.pointee.objects, bytes: top.pointee.bytes, top.pointee.times)
    unsafe top.pointee.sums = tables.make()
    for index in firstCell..<block.own.cells.count {
      unsafe _ = top.pointee.sums.add(block.own.cells[index])
    }
    unsafe tables.held &+= top.pointee.sums.size
    if tables.held > tables.limit { try spillBottom() }
  }

  /// Closes the last entry and adds it to its parent.
  @inline(__always)
  private mutating func closeTop() throws(Failure) {
    var entry = stack[stack.count &- 1]
    stack.removeLast()
    var rollup: UInt64 = 0
    if count &- entry.position > Self.smallSubtree {
      try addSums(entry.sums)
      rollup = rollups
    }
    try close(entry, rollup)
    if stack.isEmpty {
      (objects, bytes) = (entry.objects, entry.bytes)
      if entry.sums.isThere { tables.take(entry.sums) }
    } else {
      try addToParent(&entry)
    }
  }

  private mutating func addSums(_ table: CellTable) throws(Failure) {
    sums.counts.append(table.count)
    table.append(to: &sums.cells)
    rollups += 1
    if sums.counts.count == IndexNames.rollupRows { try handOverSums() }
  }

  private mutating func handOverSums() throws(Failure) {
    let full = sums
    sums = line.sums()
    try line.push(.sums(full))
  }

  /// Sets what is known now.
  @inline(__always)
  private mutating func close(_ entry: Open, _ rollup: UInt64) throws(Failure) {
    var place = unsafe try waiting.values(of: entry.position)
    let step = BlockPacker.size
    unsafe place[0] = entry.objects
    unsafe place[step] = entry.bytes
    unsafe place[2 &* step] = count
    unsafe place[3 &* step] = UInt64(truncatingIfNeeded: entry.greatestDepth)
    unsafe place[4 &* step] = rollup
    unsafe place += 5 &* step
    if hasModified {
      unsafe place[0] = UInt64(bitPattern: entry.times.oldestModified)
      unsafe place[step] = UInt64(bitPattern: entry.times.newestModified)
      unsafe place += 2 &* step
    }
    if hasAccessed {
      unsafe place[0] = UInt64(bitPattern: entry.times.oldestAccessed)
      unsafe place[step] = UInt64(bitPattern: entry.times.newestAccessed)
    }
    try waiting.close(entry.position)
  }

  @inline(__always)
  private mutating func addToParent(_ entry: inout Open) throws(Failure) {
    if stack.count &- 1 < tables.spilled { try restoreTop() }
    let parent = unsafe stack.start + (stack.count &- 1)
    let (objects, first) = unsafe parent.pointee.objects.addingReportingOverflow(entry.objects)
    let (bytes, second) = unsafe parent.pointee.bytes.addingReportingOverflow(entry.bytes)
    unsafe (parent.pointee.objects, parent.pointee.bytes) = (objects, bytes)
    if unsafe entry.greatestDepth > parent.pointee.greatestDepth {
      unsafe parent.pointee.greatestDepth = entry.greatestDepth
    }
    unsafe parent.pointee.times.add(entry.times)
    var fits = !first && !second
    let before = unsafe parent.pointee.sums.size &+ entry.sums.size
    if entry.sums.isThere {
      // The smaller table goes into the larger one, whichever is whose.
      if unsafe entry.sums.count > parent.pointee.sums.count {
        unsafe swap(&parent.pointee.sums, &entry.sums)
      }
      fits = unsafe parent.pointee.sums.add(entry.sums) && fits
      tables.take(entry.sums)
    } else {
      for index in firstCell..<block.own.cells.count {
        fits = unsafe parent.pointee.sums.add(block.own.cells[index]) && fits
      }
    }
    unsafe tables.held &+= parent.pointee.sums.size &- before
    guard fits else { throw Failure.data("the total of all rows is over 2^64") }
  }

  /// Puts the tables of the outer half of the open entries on disk.
  @inline(never)
  private mutating func spillBottom() throws(Failure) {
    while tables.spilled < stack.count - 1, tables.held > tables.limit / 2 {
      unsafe try tables.spill(&stack.start[tables.spilled].sums)
    }
  }

  @inline(never)
  private mutating func restoreTop() throws(Failure) {
    unsafe try tables.restore(&stack.start[stack.count - 1].sums)
  }

  /// Closes all entries and hands on what is left.
  mutating func end(_ root: borrowing CheckedRow) throws(Failure) {
    if stack.isEmpty { unsafe try openAncestor(root.key, 0, depth: 0, sharing: 0) }
    while !stack.isEmpty { try closeTop() }
    try handOver()
    if !sums.counts.isEmpty { try handOverSums() }
    try waiting.end()
  }
}
