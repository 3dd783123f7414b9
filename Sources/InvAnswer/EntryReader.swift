public import InvBytes
public import InvFormat

/// Reads what the entries of an index have, all of it or what a selection allows.
public final class EntryReader {
  public let index: Index
  /// What counts; nil for all current objects.
  public let selection: Selection?
  let cells: IndexCells
  private let objects: ColumnCursor
  private let bytes: ColumnCursor
  private let directObjects: ColumnCursor
  private let directBytes: ColumnCursor
  private let ends: ColumnCursor
  private let oldest: ColumnCursor?
  private let newest: ColumnCursor?
  private let directOldest: ColumnCursor?
  private let directNewest: ColumnCursor?
  private let code: PointCode
  /// The selection where it is about totals.
  private let counted: Selection
  private let countedPoints: SelectedPoints
  private let top: Int
  /// With a selection, which entries have something left, as soon as that is asked.
  private var matches: MatchCounter?

  /// Reads entries at and below `position`.
  ///
  /// With a selection, all cells there are read once for whoever asks what is left.
  public init(_ index: Index, _ selection: Selection?, below position: Int) {
    self.index = index
    self.selection = selection
    top = position
    code = index.code
    let counted = (selection ?? Selection(index.schema)).forTotals
    self.counted = counted
    countedPoints = SelectedPoints(counted, index.code)
    cells = IndexCells(index)
    objects = ColumnCursor(index.objects)
    bytes = ColumnCursor(index.bytes)
    directObjects = ColumnCursor(index.directObjects)
    directBytes = ColumnCursor(index.directBytes)
    ends = ColumnCursor(index.ends)
    oldest = index.times.first.map(ColumnCursor.init)
    newest = index.times.isEmpty ? nil : ColumnCursor(index.times[1])
    directOldest = index.directTimes.first.map(ColumnCursor.init)
    directNewest = index.directTimes.isEmpty ? nil : ColumnCursor(index.directTimes[1])
  }

  /// Nil where everything counts.
  private func counter() throws(FormatError) -> MatchCounter? {
    if selection != nil, matches == nil {
      matches = try MatchCounter(index, counted, below: top)
    }
    return matches
  }

  /// The position behind the last descendant.
  public func end(_ position: Int) throws(FormatError) -> Int {
    let end = try ends.value(position)
    guard end > UInt64(position), end <= UInt64(index.count) else {
      return try index.end(of: position)
    }
    return Int(end)
  }

  /// Whether the entry has anything that counts.
  public func isLeft(_ position: Int) throws(FormatError) -> Bool {
    try counter().map { $0.contains(position) } ?? true
  }

  /// The bytes of all current objects at and below the entry.
  func bytes(_ position: Int) throws(FormatError) -> UInt64 { try bytes.value(position) }

  /// The number of all current objects at and below the entry.
  func objects(_ position: Int) throws(FormatError) -> UInt64 { try objects.value(position) }

  /// What lies at and below the entry, and what it holds itself.
  public func figures(_ position: Int) throws(FormatError) -> Figures {
    var figures = Figures()
    let end = try end(position)
    if let matches = try counter() {
      try cells.readAll(position)
      (figures.objects, figures.bytes) = sum(cells.cells)
      if end == position + 1 {
        (figures.directObjects, figures.directBytes) = (figures.objects, figures.bytes)
      } else {
        try cells.readOwn(position)
        (figures.directObjects, figures.directBytes) = sum(cells.cells)
      }
      figures.prefixes = UInt64(matches.count(in: position + 1..<end))
      return figures
    }
    figures.objects = try objects.value(position)
    figures.bytes = try bytes.value(position)
    figures.prefixes = UInt64(end - position - 1)
    if let oldest, let newest {
      let times = (try oldest.signed(position), try newest.signed(position))
      figures.oldest = times.0 == absentInt ? nil : times.0
      figures.newest = times.1 == absentInt ? nil : times.1
    }
    if end == position + 1 {
      (figures.directObjects, figures.directBytes) = (figures.objects, figures.bytes)
    } else {
      figures.directObjects = try directObjects.value(position)
      figures.directBytes = try directBytes.value(position)
    }
    return figures
  }

  /// What the entry holds itself, as figures of their own.
  public func ownFigures(_ position: Int) throws(FormatError) -> Figures {
    let all = try figures(position)
    if try end(position) == position + 1 {
      var own = all
      own.prefixes = 0
      return own
    }
    var own = Figures()
    (own.objects, own.bytes) = (all.directObjects, all.directBytes)
    (own.directObjects, own.directBytes) = (own.objects, own.bytes)
    if selection == nil {
      own.oldest = try directOldest.map { c throws(FormatError) in try c.signed(position) }
      own.newest = try directNewest.map { c throws(FormatError) in try c.signed(position) }
      if own.oldest == absentInt { own.oldest = nil }
      if own.newest == absentInt { own.newest = nil }
    }
    return own
  }

  /// The objects and bytes of all that counts; a cell's numbers add up to no more than the root's.
  private func sum(_ cells: [Cell]) -> (UInt64, UInt64) {
    var (objects, bytes): (UInt64, UInt64) = (0, 0)
    for cell in cells where counts(cell) {
      objects &+= cell.objects
      bytes &+= cell.bytes
    }
    return (objects, bytes)
  }

  /// The cells at and below the entry, or only those that it holds itself, that the selection allows.
  public func cells(_ position: Int, own: Bool = false) throws(FormatError) -> [Cell] {
    if own { try cells.readOwn(position) } else { try cells.readAll(position) }
    guard let selection else { return cells.cells }
    return cells.cells.filter { selection.matches($0.code, code) }
  }

  /// Whether the cell is of objects that count.
  @inline(__always)
  func counts(_ cell: Cell) -> Bool { countedPoints.contains(cell.code) }

  /// Hands over all cells at and below the entry, or all that it holds itself, a few at a time, in any
  /// order and whatever the selection allows.
  public func readParts(
    _ position: Int, own: Bool = false, _ body: (Span<Cell>) throws(FormatError) -> Void
  ) throws(FormatError) {
    try cells.readParts(position, own: own, body)
  }
}
