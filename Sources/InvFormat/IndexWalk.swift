import InvBytes

/// Goes through the entries of an index in order and checks that all its columns say the same, and
/// what inv-index(5) has them say.
///
/// Keeps the open ancestors of an entry, their sums among them, as the writer of an index does.
final class IndexWalk {
  /// What is summed up over a subtree.
  struct Figures: Equatable {
    var objects: UInt64 = 0
    var bytes: UInt64 = 0
    var greatestDepth: UInt64 = 0
    var times = RowTimes()
  }

  /// An entry whose subtree has not ended.
  struct Open {
    let position: Int
    /// How long its prefix is, which is the start of the present one.
    let length: Int
    let depth: UInt64
    /// Where its subtree ends, and what lies in it, as the columns say.
    let end: UInt64
    let stored: Figures
    let rollup: UInt64
    /// What has been found so far.
    var found: Figures
    var sums: CellSums?
  }

  let index: Index
  private let names: PrefixCursor
  let columns: IndexWalkColumns
  private let own: CellCursor
  private let rollups: CellCursor
  private var depths: DepthCheck
  private var open: [Open] = []
  /// How many of `open`, the first ones, have their sums stored.
  private var large = 0
  private var spare: [CellSums] = []
  private(set) var rollupCount: UInt64 = 0
  private(set) var cellCount: UInt64 = 0
  private(set) var greatestDepth: UInt64 = 0
  /// The present prefix, and how much of it the one before has.
  private(set) var prefix: [UInt8] = []
  private var common = 0

  init(_ index: Index) throws(FormatError) {
    self.index = index
    names = PrefixCursor(index.strings)
    columns = IndexWalkColumns(index)
    own = CellCursor(index.cells)
    rollups = CellCursor(index.sums)
    depths = try DepthCheck(index)
  }

  /// Goes through all entries.
  func run() throws(FormatError) {
    for position in 0..<index.count {
      try readPrefix(position)
      try checkParent(position)
      while let top = open.last, top.length > common { try close(before: position) }
      try enter(position)
    }
    while !open.isEmpty { try close(before: index.count) }
    try depths.end()
    guard rollupCount == index.manifest.rollups else {
      throw FormatError(
        "\(index.sums.name): it has \(index.manifest.rollups) rows, not \(rollupCount)", at: 0)
    }
  }

  private func readPrefix(_ position: Int) throws(FormatError) {
    try names.move(to: position)
    let next = names.prefix
    common = commonPrefix(prefix.raw, next.raw)
    func fault(_ what: String) -> FormatError {
      FormatError("prefix_blob.bin: entry \(position): prefix \(quoted(next)) \(what)", at: 0)
    }
    if position == 0 {
      guard next.isEmpty else { throw fault("is not the root") }
    } else {
      guard common < next.count, common == prefix.count || prefix[common] < next[common] else {
        throw fault("after \(quoted(prefix))")
      }
      guard next.last == 0x2f else { throw fault("does not end in a slash") }
      guard next.count <= Container.keyLimit else { throw fault("is too long") }
    }
    prefix.removeSubrange(common...)
    prefix += next[common...]
  }

  /// Checks that the parent is among the open entries.
  private func checkParent(_ position: Int) throws(FormatError) {
    let length = prefix.dropLast().lastIndex(of: 0x2f).map { $0 + 1 } ?? 0
    let parent = open.last { $0.length <= common }
    guard position == 0 || parent?.length == length else {
      throw FormatError(
        "prefix_blob.bin: entry \(position): the parent of prefix \(quoted(prefix)) is missing",
        at: 0)
    }
  }

  /// Checks what is known of an entry when it opens.
  private func enter(_ position: Int) throws(FormatError) {
    let depth = open.last.map { $0.depth + 1 } ?? 0
    greatestDepth = max(greatestDepth, depth)
    let entry = try columns.read(position, depth: depth)
    guard entry.end > UInt64(position), entry.end <= open.last?.end ?? UInt64(index.count) else {
      throw FormatError("subtree_end.u64: entry \(position) has \(entry.end)", at: 0)
    }
    try depths.take(position, at: depth)
    let isLeaf = entry.end == UInt64(position) + 1
    let (objects, bytes, times) = try columns.own(position, entry, isLeaf: isLeaf)
    try own.read(position, objects: objects, bytes: bytes)
    cellCount += UInt64(own.cells.count)
    try checkEnd(own, index.cells, row: position)
    if position > 0, isLeaf || !own.cells.isEmpty || columns.listed > 0 {
      guard prefix.starts(with: index.schema.under ?? []) else {
        throw FormatError(
          "prefix_blob.bin: entry \(position): prefix \(quoted(prefix)) is not under"
            + " \(quoted(index.schema.under ?? []))", at: 0)
      }
    }
    push(
      Open(
        position: position, length: prefix.count, depth: depth, end: entry.end,
        stored: entry.figures, rollup: entry.rollup,
        found: Figures(objects: objects, bytes: bytes, greatestDepth: depth, times: times)))
    if large > 0, let sums = open[large - 1].sums { try add(own.cells, to: sums) }
  }

  private func push(_ entry: Open) {
    var entry = entry
    if entry.end - UInt64(entry.position) > IndexWriter.smallSubtree {
      // All ancestors of such an entry are such: no subtree ends behind that of its parent.
      entry.sums = spare.popLast() ?? CellSums()
      large += 1
    }
    open.append(entry)
  }

  private func add(_ cells: [Cell], to sums: CellSums) throws(FormatError) {
    for cell in cells {
      guard sums.add(cell) else {
        throw FormatError("cells.bin: the sum of a subtree is over 2^64", at: 0)
      }
    }
  }

  /// Checks what is known of the last entry when it closes, and adds it to its parent.
  private func close(before position: Int) throws(FormatError) {
    guard let entry = open.popLast() else { return }
    guard entry.end == UInt64(position) else {
      throw FormatError(
        "subtree_end.u64: entry \(entry.position) has \(entry.end), not \(position)", at: 0)
    }
    try columns.check(entry)
    var rollup: UInt64 = 0
    if let sums = entry.sums {
      rollupCount += 1
      rollup = rollupCount
      large -= 1
      try checkRollup(entry, sums.cells)
    }
    guard entry.rollup == rollup else {
      throw FormatError(
        "rollup.u64: entry \(entry.position) has \(entry.rollup), not \(rollup)", at: 0)
    }
    guard let parent = open.indices.last else { return }
    try addToParent(parent, entry)
    if let sums = entry.sums {
      sums.removeAll()
      spare.append(sums)
    }
  }

  private func addToParent(_ parent: Int, _ entry: Open) throws(FormatError) {
    let (objects, first) = open[parent].found.objects.addingReportingOverflow(entry.found.objects)
    let (bytes, second) = open[parent].found.bytes.addingReportingOverflow(entry.found.bytes)
    guard !first, !second, entry.sums.map({ open[parent].sums?.add($0) ?? true }) ?? true else {
      throw FormatError("object_count.u64: the sum of a subtree is over 2^64", at: 0)
    }
    (open[parent].found.objects, open[parent].found.bytes) = (objects, bytes)
    open[parent].found.times.add(entry.found.times)
    open[parent].found.greatestDepth = max(
      open[parent].found.greatestDepth, entry.found.greatestDepth)
  }

  private func checkRollup(_ entry: Open, _ cells: [Cell]) throws(FormatError) {
    let row = Int(rollupCount) - 1
    guard row < index.sums.count else {
      throw FormatError("\(index.sums.name): it has no row for entry \(entry.position)", at: 0)
    }
    try rollups.read(row, objects: entry.found.objects, bytes: entry.found.bytes)
    guard rollups.cells == cells else {
      throw FormatError(
        "\(index.sums.name): row \(row) is not the sum of what is at and below entry"
          + " \(entry.position)", at: 0)
    }
    try checkEnd(rollups, index.sums, row: row)
  }

  /// Checks, when that row was the last of a block, that there is nothing behind it.
  private func checkEnd(_ cursor: CellCursor, _ blocks: CellBlocks, row: Int) throws(FormatError) {
    guard (row + 1) % blocks.rows == 0 || row + 1 == blocks.count else { return }
    guard cursor.isAtEnd else {
      throw FormatError(
        "\(blocks.name): block \(row / blocks.rows): there is something behind its cells", at: 0)
    }
  }
}
