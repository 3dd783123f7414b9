import InvBytes

/// The columns of an index, read in order and checked entry by entry.
final class IndexWalkColumns {
  /// What the columns say of an entry and what is below it.
  struct Entry {
    let end: UInt64
    let figures: IndexWalk.Figures
    let rollup: UInt64
  }

  private let index: Index
  private let objects: ColumnCursor
  private let bytes: ColumnCursor
  private let depths: ColumnCursor
  private let ends: ColumnCursor
  private let greatestDepths: ColumnCursor
  private let rollups: ColumnCursor
  private let directObjects: ColumnCursor
  private let directBytes: ColumnCursor
  private let listedColumn: ColumnCursor?
  private let times: TimeCursors
  private let directTimes: TimeCursors
  /// How often the entry read last was listed.
  private(set) var listed: UInt64 = 0

  init(_ index: Index) {
    self.index = index
    objects = ColumnCursor(index.objects)
    bytes = ColumnCursor(index.bytes)
    depths = ColumnCursor(index.depths)
    ends = ColumnCursor(index.ends)
    greatestDepths = ColumnCursor(index.greatestDepths)
    rollups = ColumnCursor(index.rollups)
    directObjects = ColumnCursor(index.directObjects)
    directBytes = ColumnCursor(index.directBytes)
    listedColumn = index.listed.map(ColumnCursor.init)
    times = TimeCursors(index.times, index.schema)
    directTimes = TimeCursors(index.directTimes, index.schema)
  }

  private func fault(_ column: IndexColumn, _ position: Int, _ value: UInt64, _ right: UInt64)
    -> FormatError
  {
    FormatError("\(column.name): entry \(position) has \(value), not \(right)", at: 0)
  }

  /// Reads an entry, whose prefix has so many slashes.
  func read(_ position: Int, depth right: UInt64) throws(FormatError) -> Entry {
    let depth = try depths.value(position)
    guard depth == right else { throw fault(index.depths, position, depth, right) }
    if let most = index.schema.maxDepth, depth > UInt64(most) {
      throw FormatError("depth.u32: entry \(position) is deeper than \(most)", at: 0)
    }
    listed = try listedColumn?.value(position) ?? 0
    var figures = IndexWalk.Figures()
    figures.objects = try objects.value(position)
    figures.bytes = try bytes.value(position)
    figures.greatestDepth = try greatestDepths.value(position)
    figures.times = try times.read(position)
    return Entry(
      end: try ends.value(position), figures: figures, rollup: try rollups.value(position))
  }

  /// What the entry holds itself.
  func own(_ position: Int, _ entry: Entry, isLeaf: Bool) throws(FormatError)
    -> (objects: UInt64, bytes: UInt64, times: RowTimes)
  {
    let own = (
      objects: try directObjects.value(position), bytes: try directBytes.value(position),
      times: try directTimes.read(position)
    )
    if isLeaf {
      let all = entry.figures
      let isRaw = index.manifest.isRaw
      let right = isRaw ? (all.objects, all.bytes, all.times) : (0, 0, RowTimes())
      guard own.objects == right.0 else {
        throw fault(index.directObjects, position, own.objects, right.0)
      }
      guard own.bytes == right.1 else {
        throw fault(index.directBytes, position, own.bytes, right.1)
      }
      if let column = directTimes.different(own.times, right.2) {
        throw FormatError("\(column.name): leaf \(position) has another time", at: 0)
      }
      try times.check(all.times, position, objects: all.objects)
      return (all.objects, all.bytes, all.times)
    }
    try directTimes.check(own.times, position, objects: own.objects)
    return own
  }

  /// Checks the sums of an entry that closes.
  func check(_ entry: IndexWalk.Open) throws(FormatError) {
    let (stored, found) = (entry.stored, entry.found)
    if stored == found { return }
    let numbers = [
      (index.objects, stored.objects, found.objects), (index.bytes, stored.bytes, found.bytes),
      (index.greatestDepths, stored.greatestDepth, found.greatestDepth),
    ]
    for (column, value, right) in numbers where value != right {
      throw fault(column, entry.position, value, right)
    }
    if let column = times.different(stored.times, found.times) {
      throw FormatError("\(column.name): entry \(entry.position) has another time", at: 0)
    }
  }
}

/// The oldest and newest times of entries, of those kinds that the index has.
private struct TimeCursors {
  private let modified: (oldest: ColumnCursor, newest: ColumnCursor)?
  private let accessed: (oldest: ColumnCursor, newest: ColumnCursor)?

  init(_ columns: [IndexColumn], _ schema: PrefixSchema) {
    let cursors = columns.map(ColumnCursor.init)
    modified = schema.hasModified ? (cursors[0], cursors[1]) : nil
    accessed = schema.hasAccessed ? (cursors[cursors.count - 2], cursors[cursors.count - 1]) : nil
  }

  func read(_ position: Int) throws(FormatError) -> RowTimes {
    var times = RowTimes()
    if let modified {
      times.oldestModified = try modified.oldest.signed(position)
      times.newestModified = try modified.newest.signed(position)
    }
    if let accessed {
      times.oldestAccessed = try accessed.oldest.signed(position)
      times.newestAccessed = try accessed.newest.signed(position)
    }
    return times
  }

  /// The first column in which two times are different.
  func different(_ a: RowTimes, _ b: RowTimes) -> IndexColumn? {
    if a.oldestModified != b.oldestModified { return modified?.oldest.column }
    if a.newestModified != b.newestModified { return modified?.newest.column }
    if a.oldestAccessed != b.oldestAccessed { return accessed?.oldest.column }
    if a.newestAccessed != b.newestAccessed { return accessed?.newest.column }
    return nil
  }

  /// Checks the times of what an entry holds itself.
  func check(_ times: RowTimes, _ position: Int, objects: UInt64) throws(FormatError) {
    if let modified {
      try check(times.oldestModified, times.newestModified, modified.oldest, position, objects)
    }
    if let accessed {
      try check(times.oldestAccessed, times.newestAccessed, accessed.oldest, position, objects)
    }
  }

  private func check(
    _ oldest: Int64, _ newest: Int64, _ cursor: ColumnCursor, _ position: Int, _ objects: UInt64
  ) throws(FormatError) {
    let name = cursor.column.name
    guard (oldest == absentInt) == (newest == absentInt), oldest <= newest else {
      throw FormatError("\(name): entry \(position): the time has no newest behind it", at: 0)
    }
    guard objects > 0 || oldest == absentInt else {
      throw FormatError("\(name): entry \(position): a time without a current object", at: 0)
    }
  }
}

/// Follows the depth index along while positions rise.
struct DepthCheck {
  private let index: Index
  /// Where the next position of each depth stands, and where the depth ends.
  private var next: [UInt64] = []
  private var ends: [UInt64] = []

  init(_ index: Index) throws(FormatError) {
    self.index = index
    var last: UInt64 = 0
    for depth in 0..<index.depthLevels.count {
      let start = try index.depthLevels.value(depth)
      guard start >= last, start <= UInt64(index.count), depth > 0 || start == 0 else {
        throw FormatError("depth_levels.u64: depth \(depth) begins at \(start)", at: 0)
      }
      next.append(start)
      if depth > 0 { ends.append(start) }
      last = start
    }
    next.removeLast()
  }

  /// Checks that `position` comes next among those of that depth.
  mutating func take(_ position: Int, at depth: UInt64) throws(FormatError) {
    guard depth < UInt64(next.count), next[Int(depth)] < ends[Int(depth)] else {
      throw FormatError("depth_levels.u64: there is no place for entry \(position)", at: 0)
    }
    let place = Int(next[Int(depth)])
    let found = try index.depthIndex.value(place)
    guard found == UInt64(position) else {
      throw FormatError("depth_index.u64: value \(place) is \(found), not \(position)", at: 0)
    }
    next[Int(depth)] += 1
  }

  /// Checks, after the last entry, that every place is taken.
  func end() throws(FormatError) {
    for depth in ends.indices where next[depth] != ends[depth] {
      throw FormatError(
        "depth_levels.u64: depth \(depth) ends at \(ends[depth]), not \(next[depth])", at: 0)
    }
    guard ends.last == UInt64(index.count) else {
      throw FormatError("depth_levels.u64: it does not end at \(index.count)", at: 0)
    }
  }
}
