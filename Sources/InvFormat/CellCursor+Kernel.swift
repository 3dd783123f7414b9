import InvBytes

/// Reads the cells of one entry after the other; going back costs reading the block anew.
@safe final class CellCursor {
  private let blocks: CellBlocks
  private var block = -1
  private var start: UnsafeRawPointer
  private let points = PointTable()
  private var rows = 0
  /// In bits from `start`: the counts, the point numbers, the figures, and the end of the block.
  private var counts: UInt64 = 0
  private var numbers: UInt64 = 0
  private var end: UInt64 = 0
  private var countWidth: UInt64 = 0
  private var numberWidth: UInt64 = 0
  /// An entry has no more cells: each has a point of its own, which a number has to tell.
  private var most: UInt64 = 0
  /// The row of the block that comes next, its first cell, and where its figures begin.
  private var row = 0
  private var cell: UInt64 = 0
  private var cellCount: UInt64 = 0
  private var figures: UInt64 = 0
  private var firstFigures: UInt64 = 0

  /// The cells that were read last, by rising code.
  private(set) var cells: [Cell] = []

  init(_ blocks: CellBlocks) {
    self.blocks = blocks
    unsafe start = UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
  }

  /// Sets `cells` to those of entry `index`, whose objects and bytes these are.
  func read(_ index: Int, objects: UInt64, bytes: UInt64) throws(FormatError) {
    try move(to: index)
    var list: [Cell] = []
    swap(&list, &cells)
    list.removeAll(keepingCapacity: true)
    let left = try take(objects, bytes, readsAll: true) { cell throws(FormatError) in
      list.append(cell)
    }
    if let left { list[left.place] = left.cell }
    swap(&list, &cells)
  }

  /// Hands over the cells of entry `index`, whose objects and bytes these are: in parts of a few, as much
  /// memory is slow the first time it is touched, and not by their codes.
  func readParts(
    _ index: Int, objects: UInt64, bytes: UInt64, _ body: (Span<Cell>) throws(FormatError) -> Void
  ) throws(FormatError) {
    try move(to: index)
    let limit = 1024
    let list = UnsafeMutablePointer<Cell>.allocate(capacity: limit)
    defer { unsafe list.deallocate() }
    var count = 0
    let left = try take(objects, bytes, readsAll: false) { cell throws(FormatError) in
      // What was left out has no objects yet, and comes at the end.
      guard cell.objects > 0 else { return }
      if count == limit {
        try body(unsafe UnsafeBufferPointer(start: list, count: count).span)
        count = 0
      }
      unsafe list[count] = cell
      count &+= 1
    }
    try body(unsafe UnsafeBufferPointer(start: list, count: count).span)
    if let left {
      unsafe list[0] = left.cell
      try body(unsafe UnsafeBufferPointer(start: list, count: 1).span)
    }
  }

  private func move(to index: Int) throws(FormatError) {
    guard index >= 0, index < blocks.count else { throw blocks.fault(index) }
    let (number, place) = (index / blocks.rows, index % blocks.rows)
    if number != block { try load(number) }
    if place < row { rewind() }
    while row < place { try skip() }
  }

  private func fault() -> FormatError { blocks.fault(block) }

  private func load(_ number: Int) throws(FormatError) {
    let (start, length) = unsafe try blocks.block(number)
    block = -1
    unsafe self.start = start
    let sizes = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    let widths = unsafe UInt32(
      littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    let pointCount = sizes & 0xffff_ffff
    cellCount = sizes >> 32
    countWidth = UInt64(widths & 255)
    numberWidth = UInt64((widths >> 8) & 255)
    let codeWidth = UInt64((widths >> 16) & 255)
    rows = min(blocks.rows, blocks.count - number * blocks.rows)
    end = UInt64(length) * 8
    counts = 96 + pointCount * (codeWidth + 12)
    numbers = counts + UInt64(rows) * countWidth
    firstFigures = numbers + cellCount * numberWidth
    guard countWidth <= 32, numberWidth <= 32, codeWidth <= 56 || codeWidth == 64,
      widths >> 24 == 0, firstFigures <= end, cellCount <= pointCount * UInt64(rows)
    else { throw blocks.fault(number) }
    most = min(pointCount, 1 << numberWidth)
    let areRead = unsafe points.read(
      start, from: 96, count: Int(pointCount), codeWidth: codeWidth, blocks.code)
    guard areRead else { throw blocks.fault(number) }
    block = number
    rewind()
  }

  /// After the last entry of a block: whether there is nothing behind its cells.
  var isAtEnd: Bool {
    let padding = unsafe isZero(start, from: figures, to: end)
    return row == rows && cell == cellCount && end - figures < 8 && padding
  }

  private func rewind() { (row, cell, figures) = (0, 0, firstFigures) }

  /// How many cells the next row has.
  private func nextCount() throws(FormatError) -> UInt64 {
    let count = unsafe bits(start, at: counts + UInt64(row) * countWidth, width: countWidth)
    guard count <= cellCount - cell, count <= most else { throw fault() }
    return count
  }

  /// What the figures of the next row take.
  private func survey(_ count: UInt64) throws(FormatError) -> PointTable.Survey {
    let (start, width, pointCount) = unsafe (start, numberWidth, UInt64(points.count))
    // Whoever has as many cells as there are points has all.
    if count == pointCount { return points.all }
    let (widths, currentCount) = unsafe (points.widths, UInt64(points.currentCount))
    var survey = PointTable.Survey()
    var at = numbers + cell * width
    var index: UInt64 = 0
    // Two numbers are in one word, where they are not of many bits.
    if width <= 28 {
      let mask: UInt64 = 1 &<< width &- 1
      while index &+ 2 <= count {
        let pair = unsafe bits(start, at: at, width: 2 &* width)
        at &+= 2 &* width
        let (first, second) = (pair & mask, pair &>> width)
        guard max(first, second) < pointCount else { throw fault() }
        unsafe survey.add(
          widths[Int(truncatingIfNeeded: first)], isCurrent: first < currentCount, at: index)
        unsafe survey.add(
          widths[Int(truncatingIfNeeded: second)], isCurrent: second < currentCount,
          at: index &+ 1)
        index &+= 2
      }
    }
    while index < count {
      let number = unsafe bits(start, at: at, width: width)
      at &+= width
      guard number < pointCount else { throw fault() }
      unsafe survey.add(
        widths[Int(truncatingIfNeeded: number)], isCurrent: number < currentCount, at: index)
      index &+= 1
    }
    return survey
  }

  private func skip() throws(FormatError) {
    let count = try nextCount()
    let length = try survey(count).stored
    guard length <= end - figures else { throw fault() }
    (row, cell, figures) = (row + 1, cell + count, figures + length)
  }

  /// Hands over the cells of the next row by rising code, the one whose figures are left out without
  /// objects; answers which that is, and the whole of it. The numbers of a row that has all points tell
  /// nothing: unless `readsAll`, they are not looked at.
  @inline(__always)
  private func take(
    _ objects: UInt64, _ bytes: UInt64, readsAll: Bool, _ body: (Cell) throws(FormatError) -> Void
  ) throws(FormatError) -> (place: Int, cell: Cell)? {
    let count = try nextCount()
    let survey = try survey(count)
    // What is behind here is in the block.
    guard survey.stored <= end - figures else { throw fault() }
    let left = survey.hasCurrent ? survey.place : count
    let (start, width) = unsafe (start, numberWidth)
    let (pointCount, currentCount) = (points.count, points.currentCount)
    let (codes, widths) = unsafe (points.codes, points.widths)
    let objectWidths = unsafe points.objectWidths
    var (at, figure) = (numbers + cell * width, figures)
    var (restObjects, restBytes) = (objects, bytes)
    var last = -1
    var leftCode: UInt64 = 0
    let hasAll = !readsAll && count == pointCount
    for index in 0..<count {
      var number = Int(truncatingIfNeeded: index)
      if !hasAll {
        number = unsafe Int(truncatingIfNeeded: bits(start, at: at, width: width))
        at &+= width
        guard number > last, number < pointCount else { throw fault() }
        last = number
      }
      var value = unsafe Cell(code: codes[number], objects: 0, bytes: 0)
      if index == left {
        leftCode = value.code
      } else {
        let both = unsafe UInt64(widths[number])
        let own = unsafe UInt64(objectWidths[number])
        if both <= 56 {
          let word = unsafe bits(start, at: figure, width: both)
          value.objects = (word & (1 &<< own &- 1)) &+ 1
          value.bytes = word &>> own
        } else {
          let stored = unsafe bits(start, at: figure, width: own)
          guard stored < .max else { throw fault() }
          value.objects = stored &+ 1
          value.bytes = unsafe bits(start, at: figure &+ own, width: both &- own)
        }
        figure &+= both
        if number < currentCount {
          guard value.objects <= restObjects, value.bytes <= restBytes else { throw fault() }
          restObjects &-= value.objects
          restBytes &-= value.bytes
        }
      }
      try body(value)
    }
    (row, cell, figures) = (row + 1, cell + count, figure)
    guard survey.hasCurrent else {
      guard restObjects == 0, restBytes == 0 else { throw fault() }
      return nil
    }
    guard restObjects > 0 else { throw fault() }
    return (Int(left), Cell(code: leftCode, objects: restObjects, bytes: restBytes))
  }
}
