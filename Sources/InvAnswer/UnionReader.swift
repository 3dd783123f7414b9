public import InvBytes
public import InvFormat

/// Reads what the entries of one index have, or of several together.
public final class UnionReader {
  public let union: IndexUnion
  /// What counts; nil for all current objects.
  public let selection: Selection?
  let readers: [EntryReader]
  /// The only one; asked without further ado, as there are millions of questions.
  let one: EntryReader?
  /// What counts for totals.
  private let counted: SelectedPoints

  /// Reads entries at and below `entry`.
  public init(_ union: IndexUnion, _ selection: Selection?, below entry: Int) {
    (self.union, self.selection) = (union, selection)
    readers = union.indexes.indices.map { number in
      let own = selection.map { union.translations[number]?.own($0) ?? $0 }
      return EntryReader(
        union.indexes[number], own, below: union.place(of: entry, in: number) ?? 0)
    }
    one = union.isSeveral ? nil : readers[0]
    counted = SelectedPoints((selection ?? Selection(union.schema)).forTotals, union.code)
  }

  /// Goes through the indexes that have the entry.
  func forEach(
    _ entry: Int, _ body: (EntryReader, Int, PointTranslation?) throws(FormatError) -> Void
  ) throws(FormatError) {
    for (number, reader) in readers.enumerated() {
      guard let place = union.place(of: entry, in: number) else { continue }
      do throws(FormatError) { try body(reader, place, union.translations[number]) } catch {
        throw union.fault(error, in: number)
      }
    }
  }

  /// Whether there is no prefix below.
  func isLeaf(_ entry: Int) throws(FormatError) -> Bool {
    if let one { return try one.end(entry) == entry + 1 }
    var isLeaf = true
    try forEach(entry) { reader, place, _ throws(FormatError) in
      if try reader.end(place) != place + 1 { isLeaf = false }
    }
    return isLeaf
  }

  /// Whether the entry has anything that counts.
  public func isLeft(_ entry: Int) throws(FormatError) -> Bool {
    if let one { return try one.isLeft(entry) }
    if selection == nil { return true }
    var isLeft = false
    try forEach(entry) { reader, place, _ throws(FormatError) in
      if !isLeft { isLeft = try reader.isLeft(place) }
    }
    return isLeft
  }

  /// The bytes of all current objects at and below the entry.
  func bytes(_ entry: Int) throws(FormatError) -> UInt64 {
    if let one { return try one.bytes(entry) }
    var sum: UInt64 = 0
    try forEach(entry) { reader, place, _ throws(FormatError) in sum &+= try reader.bytes(place) }
    return sum
  }

  /// The number of all current objects at and below the entry.
  func objects(_ entry: Int) throws(FormatError) -> UInt64 {
    if let one { return try one.objects(entry) }
    var sum: UInt64 = 0
    try forEach(entry) { reader, place, _ throws(FormatError) in sum &+= try reader.objects(place) }
    return sum
  }

  /// What lies at and below the entry, and what it holds itself.
  ///
  /// Of several indexes a prefix below that is in two of them is there twice.
  public func figures(_ entry: Int) throws(FormatError) -> Figures {
    if let one { return try one.figures(entry) }
    var sum = Figures()
    try forEach(entry) { reader, place, _ throws(FormatError) in
      sum.add(try reader.figures(place))
    }
    return timed(sum)
  }

  /// What the entry holds itself, as figures of their own.
  public func ownFigures(_ entry: Int) throws(FormatError) -> Figures {
    if let one { return try one.ownFigures(entry) }
    var sum = Figures()
    try forEach(entry) { reader, place, _ throws(FormatError) in
      sum.add(try reader.ownFigures(place))
    }
    return timed(sum)
  }

  /// Without times where they are not of all.
  private func timed(_ figures: Figures) -> Figures {
    if union.hasTimes { return figures }
    var figures = figures
    (figures.oldest, figures.newest) = (nil, nil)
    return figures
  }

  /// The cells at and below the entry, or only those that it holds itself, that the selection allows.
  public func cells(_ entry: Int, own: Bool = false) throws(FormatError) -> [Cell] {
    if let one { return try one.cells(entry, own: own) }
    let sums = CellSums()
    try forEach(entry) { reader, place, translation throws(FormatError) in
      for var cell in try reader.cells(place, own: own) {
        if let translation { cell.code = translation.code(cell.code) }
        guard sums.add(cell) else { throw FormatError("a sum of cells is over 2^64", at: 0) }
      }
    }
    return sums.cells
  }

  /// Whether the cell is of objects that count.
  @inline(__always)
  func counts(_ cell: Cell) -> Bool { counted.contains(cell.code) }

  /// Hands over all cells at and below the entry, or all that it holds itself, a few at a time, in any
  /// order and whatever the selection allows.
  public func readParts(
    _ entry: Int, own: Bool = false, _ body: (Span<Cell>) throws(FormatError) -> Void
  ) throws(FormatError) {
    if let one { return try one.readParts(entry, own: own, body) }
    try forEach(entry) { reader, place, translation throws(FormatError) in
      try reader.readParts(place, own: own) { cells throws(FormatError) in
        guard let translation else { return try body(cells) }
        let translated = cells.indices.map { index in
          let cell = cells[index]
          return Cell(
            code: translation.code(cell.code), objects: cell.objects, bytes: cell.bytes)
        }
        try body(translated.span)
      }
    }
  }
}
