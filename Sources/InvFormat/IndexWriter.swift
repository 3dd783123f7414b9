import InvBytes
import InvSystem

/// Writes the columns of an index from prefix rows in order: inv-index(5).
///
/// Keeps one stack of open entries, creates missing ancestors, and adds each entry that is closed
/// into its parent.
final class IndexWriter {
  /// An entry whose subtree is still growing.
  private struct Open {
    var position: UInt64
    /// How long its prefix is, which is a part of `path`.
    var length: Int
    var depth: Int
    var objects: UInt64 = 0
    var bytes: UInt64 = 0
    var greatestDepth: Int
    var times = RowTimes()
    /// The cells of the subtree; nil while it has no descendant.
    var sums: CellSums?
  }

  let schema: PrefixSchema
  let code: PointCode
  private let columns: IndexColumns
  private var stack: [Open] = []
  /// The prefix of the entry that was opened last.
  private var path: [UInt8] = []
  /// What the entry that was opened last holds itself, while it is not known to be a leaf.
  private var own = OwnFigures()
  private var spare: [CellSums] = []
  private(set) var count: UInt64 = 0
  private(set) var rollups: UInt64 = 0
  private(set) var greatestDepth = 0
  /// Of the root, when it is closed.
  private(set) var objects: UInt64 = 0
  private(set) var bytes: UInt64 = 0
  private var figures: [UInt64] = []
  private let stateShift: UInt64
  private var hash: PerfectHashBuilder?
  private let place: IndexPlace

  /// Entries with more descendants than this have their sums stored.
  static let smallSubtree: UInt64 = 64

  /// Starts the files of an index in the folder of `place`, which is empty.
  init(
    _ schema: PrefixSchema, code: PointCode, in place: IndexPlace, memory: UInt64, threads: Int
  ) throws(Failure) {
    (self.schema, self.code, self.place) = (schema, code, place)
    hash = PerfectHashBuilder(
      temporary: place.temporaryFolder, memory: memory / 2, threads: threads)
    stateShift = code.shift(of: 0)
    columns = try IndexColumns(schema, code: code, in: place, memory: Int(clamping: memory / 4))
  }

  /// Adds a row, whose prefix shares `common` bytes with the one before it.
  func append(
    _ prefix: [UInt8], sharing common: Int, listed: UInt64, times: RowTimes, cells: [Cell]
  ) throws(Failure) {
    if stack.isEmpty {
      if prefix.isEmpty {
        return try open(prefix, length: 0, depth: 0, sharing: 0, listed, times, cells)
      }
      try openRoot()
    }
    while let top = stack.last, top.length > common { try closeTop() }
    // The ancestors that have no row of their own.
    var from = stack[stack.count - 1].length
    var depth = stack[stack.count - 1].depth
    var shared = common
    for at in from..<prefix.count - 1 where prefix[at] == 0x2f {
      depth += 1
      try open(prefix, length: at + 1, depth: depth, sharing: shared, 0, RowTimes(), [])
      (from, shared) = (at + 1, at + 1)
    }
    try open(
      prefix, length: prefix.count, depth: depth + 1, sharing: shared, listed, times, cells)
  }

  private func openRoot() throws(Failure) {
    try open([], length: 0, depth: 0, sharing: 0, 0, RowTimes(), [])
  }

  private func open(
    _ prefix: [UInt8], length: Int, depth: Int, sharing common: Int, _ listed: UInt64,
    _ times: RowTimes, _ cells: [Cell]
  ) throws(Failure) {
    if !stack.isEmpty { try growTop() }
    let position = count
    count += 1
    greatestDepth = max(greatestDepth, depth)
    path.removeSubrange(common...)
    path += prefix[common..<length]
    try own.set(cells, times, stateShift: stateShift)
    try hash?.add(KeyHash(path.raw))
    try columns.open(path, sharing: common, depth: depth, listed: listed, cells: cells)
    var entry = Open(position: position, length: length, depth: depth, greatestDepth: depth)
    (entry.objects, entry.bytes, entry.times) = (own.objects, own.bytes, times)
    stack.append(entry)
  }

  /// The last entry is about to get a descendant.
  private func growTop() throws(Failure) {
    let top = stack.count - 1
    guard stack[top].sums == nil else { return }
    let sums = spare.popLast() ?? CellSums()
    for cell in own.cells { _ = sums.add(cell) }
    stack[top].sums = sums
    try columns.addInner(own)
  }

  /// Closes the last entry and adds it to its parent.
  private func closeTop() throws(Failure) {
    guard let entry = stack.popLast() else { return }
    var rollup: UInt64 = 0
    if let sums = entry.sums {
      if count - entry.position > Self.smallSubtree {
        try columns.addRollup(sums.cells)
        rollups += 1
        rollup = rollups
      }
    } else {
      try columns.addLeaf()
    }
    figures.removeAll(keepingCapacity: true)
    figures.append(entry.objects)
    figures.append(entry.bytes)
    figures.append(count)
    figures.append(UInt64(entry.greatestDepth))
    figures.append(rollup)
    if schema.hasModified {
      figures.append(UInt64(bitPattern: entry.times.oldestModified))
      figures.append(UInt64(bitPattern: entry.times.newestModified))
    }
    if schema.hasAccessed {
      figures.append(UInt64(bitPattern: entry.times.oldestAccessed))
      figures.append(UInt64(bitPattern: entry.times.newestAccessed))
    }
    try columns.close(entry.position, figures)
    if stack.isEmpty {
      (objects, bytes) = (entry.objects, entry.bytes)
    } else {
      try addToParent(entry)
    }
    if let sums = entry.sums {
      sums.removeAll()
      spare.append(sums)
    }
  }

  private func addToParent(_ entry: Open) throws(Failure) {
    let parent = stack.count - 1
    let (objects, first) = stack[parent].objects.addingReportingOverflow(entry.objects)
    let (bytes, second) = stack[parent].bytes.addingReportingOverflow(entry.bytes)
    stack[parent].objects = objects
    stack[parent].bytes = bytes
    stack[parent].greatestDepth = max(stack[parent].greatestDepth, entry.greatestDepth)
    stack[parent].times.add(entry.times)
    var fits = !first && !second
    if let sums = stack[parent].sums {
      if let more = entry.sums {
        fits = sums.add(more) && fits
      } else {
        for cell in own.cells { fits = sums.add(cell) && fits }
      }
    }
    guard fits else { throw Failure.data("the total of all rows is over 2^64") }
  }

  /// Closes all entries and writes what is left; the files lack their headers.
  func end() throws(Failure) -> [IndexFileWriter] {
    if stack.isEmpty { try openRoot() }
    while !stack.isEmpty { try closeTop() }
    return try columns.end() + endHash()
  }

  private func endHash() throws(Failure) -> [IndexFileWriter] {
    let (file, table) = (
      try IndexFileWriter("mph.bin", in: place), try IndexFileWriter("mph_pos.bin", in: place)
    )
    try hash.take()?.finish { bytes throws(Failure) in
      try file.append(bytes)
    } slots: { bytes throws(Failure) in
      try table.append(bytes)
    }
    try file.end(IndexHeader(.hash, count: count))
    try table.end(IndexHeader(.slots, count: count))
    return [file, table]
  }

  /// The prefix of the last entry.
  var lastPrefix: [UInt8] { path }
}

/// What an entry holds itself.
struct OwnFigures {
  private(set) var objects: UInt64 = 0
  private(set) var bytes: UInt64 = 0
  private(set) var times = RowTimes()
  private(set) var cells: [Cell] = []

  /// Takes the figures of a row; objects and bytes are those of current cells.
  mutating func set(_ cells: [Cell], _ times: RowTimes, stateShift: UInt64) throws(Failure) {
    self.cells = cells
    self.times = times
    (objects, bytes) = (0, 0)
    for cell in cells where cell.code >> stateShift == 0 {
      let (objects, first) = objects.addingReportingOverflow(cell.objects)
      let (bytes, second) = bytes.addingReportingOverflow(cell.bytes)
      guard !first, !second else { throw Failure.data("the total of all rows is over 2^64") }
      (self.objects, self.bytes) = (objects, bytes)
    }
  }
}
