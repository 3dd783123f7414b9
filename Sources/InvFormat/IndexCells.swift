public import InvBytes

/// Reads the cells of an index's entries; one for each thread.
public final class IndexCells {
  private let index: Index
  private let own: CellCursor
  private let stored: CellCursor
  private let sums = CellSums()
  /// The cells that were read last, by rising code.
  public private(set) var cells: [Cell] = []

  public init(_ index: Index) {
    self.index = index
    own = CellCursor(index.cells)
    stored = CellCursor(index.sums)
  }

  /// Sets `cells` to what the entry at `position` holds itself.
  public func readOwn(_ position: Int) throws(FormatError) {
    try takeOwn(position)
    cells = own.cells
  }

  private func takeOwn(_ position: Int) throws(FormatError) {
    let isLeaf = try index.end(of: position) == position + 1
    try own.read(
      position,
      objects: try (isLeaf ? index.objects : index.directObjects).value(position),
      bytes: try (isLeaf ? index.bytes : index.directBytes).value(position))
  }

  /// Hands over what lies at and below the entry at `position`, or what it holds itself, in parts, each a
  /// few cells, in any order.
  public func readParts(
    _ position: Int, own isOwn: Bool = false, _ body: (Span<Cell>) throws(FormatError) -> Void
  ) throws(FormatError) {
    let row = isOwn ? 0 : try index.rollups.value(position)
    if row > 0 {
      return try stored.readParts(
        Int(clamping: row - 1), objects: try index.objects.value(position),
        bytes: try index.bytes.value(position), body)
    }
    if isOwn { try readOwn(position) } else { try readAll(position) }
    let list = cells
    try body(list.span)
  }

  /// Sets `cells` to what lies at and below the entry at `position`.
  public func readAll(_ position: Int) throws(FormatError) {
    let row = try index.rollups.value(position)
    if row > 0 {
      try stored.read(
        Int(clamping: row - 1), objects: try index.objects.value(position),
        bytes: try index.bytes.value(position))
      cells = stored.cells
      return
    }
    let end = try index.end(of: position)
    guard UInt64(end - position) <= IndexWriter.smallSubtree else {
      throw FormatError("rollup.u64: a large subtree has no sums", at: 0)
    }
    if end == position + 1 { return try readOwn(position) }
    sums.removeAll()
    for place in position..<end {
      try takeOwn(place)
      for cell in own.cells {
        guard sums.add(cell) else {
          throw FormatError("cells.bin: the sum of a subtree is over 2^64", at: 0)
        }
      }
    }
    cells = sums.cells
  }
}

extension Index {
  /// The position behind the last descendant of the entry at `position`.
  @inline(__always)
  public func end(of position: Int) throws(FormatError) -> Int {
    let end = try ends.value(position)
    // Whoever goes from entry to entry by these must get on.
    guard end > UInt64(position), end <= UInt64(count) else {
      throw FormatError("subtree_end.u64: entry \(position) ends at \(end)", at: 0)
    }
    return Int(end)
  }

  /// The positions of those `levels` below the entry at `position`, as places in the depth index.
  public func descendants(of position: Int, levels: Int) throws(FormatError) -> Range<Int> {
    let (depth, overflow) = Int(clamping: try depths.value(position))
      .addingReportingOverflow(levels)
    guard !overflow, depth <= manifest.depth else { return 0..<0 }
    let from = Int(clamping: try depthLevels.value(depth))
    let to = Int(clamping: try depthLevels.value(depth + 1))
    guard from <= to, to <= count else {
      throw FormatError("depth_levels.u64: depth \(depth) is damaged", at: 0)
    }
    let first = try place(of: position, in: from..<to)
    return first..<max(first, try place(of: try end(of: position), in: from..<to))
  }

  /// The first place in `range` of the depth index whose position is not before `position`.
  private func place(of position: Int, in range: Range<Int>) throws(FormatError) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if try depthIndex.value(middle) < UInt64(position) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
