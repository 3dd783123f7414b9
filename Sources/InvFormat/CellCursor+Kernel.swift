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
    let left = try take(objects, bytes) { cell throws(FormatError) in list.append(cell) }
    if let left { list[left.place] = left.cell }
    swap(&list, &cells)
  }

  /// Hands over the cells of entry `index`, whose objects and bytes these are: in parts of a few, as much
  /// memory is slow the first time it is touched, and not by their codes.
  func readParts(
    _ index: Int, objects: UInt64, bytes: UInt64, _ body: ([Cell]) throws(FormatError) -> Void
  ) throws(FormatError) {
    try move(to: index)
    let limit = 1024
    var list: [Cell] = []
    list.reserveCapacity(limit)
    let left = try take(objects, bytes) { cell throws(FormatError) in
      if cell.objects > 0 { list.append(cell) }
      if list.count == limit {
        try body(list)
        list.removeAll(keepingCapacity: true)
      }
    }
    if let left { list.append(left.cell) }
    try body(list)
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
    guard unsafe readPoints(start, pointCount, codeWidth) else { throw blocks.fault(number) }
    block = number
    rewind()
  }

  /// Reads the points, which the block has room for; false when they are no points that rise.
  private func readPoints(_ start: UnsafeRawPointer, _ count: UInt64, _ codeWidth: UInt64) -> Bool {
    let (points, pointCode, shift) = (points, blocks.code, blocks.stateShift)
    points.reset(for: Int(count))
    var at: UInt64 = 96
    var code: UInt64 = 0
    for index in 0..<count {
      let delta = unsafe bits(start, at: at, width: codeWidth)
      let widths = unsafe bits(start, at: at &+ codeWidth, width: 12)
      let (next, overflow) = code.addingReportingOverflow(delta)
      let (objects, bytes) = (widths & 63, widths >> 6)
      guard !overflow, delta > 0 || index == 0, objects <= 56 || objects == 63,
        bytes <= 56 || bytes == 63, pointCode.contains(next)
      else { return false }
      code = next
      points.add(
        code,
        PointTable.Widths(
          objects: objects == 63 ? 64 : objects, bytes: bytes == 63 ? 64 : bytes,
          isCurrent: code >> shift == 0))
      at &+= codeWidth &+ 12
    }
    return true
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

  /// How many bits the figures of the next row take, without those that are left out: of the first
  /// current cell with the greatest widths; nil when there is no current cell.
  private func survey(_ count: UInt64) throws(FormatError) -> (bits: UInt64, leftOut: UInt64?) {
    let (start, width, pointCount) = unsafe (start, numberWidth, UInt64(points.count))
    let widths = unsafe points.widths
    var at = numbers + cell * width
    var (sum, greatest): (UInt64, UInt64) = (0, 0)
    var place: UInt64?
    for index in 0..<count {
      let number = unsafe bits(start, at: at, width: width)
      at &+= width
      guard number < pointCount else { throw fault() }
      let point = unsafe PointTable.Widths(widths[Int(truncatingIfNeeded: number)])
      sum &+= point.sum
      if point.isCurrent, place == nil || point.sum > greatest {
        (place, greatest) = (index, point.sum)
      }
    }
    return (sum &- greatest, place)
  }

  private func skip() throws(FormatError) {
    let count = try nextCount()
    let length = try survey(count).bits
    guard length <= end - figures else { throw fault() }
    (row, cell, figures) = (row + 1, cell + count, figures + length)
  }

  /// Hands over the cells of the next row by rising code, the one whose figures are left out without
  /// objects; answers which that is, and the whole of it.
  @inline(__always)
  private func take(
    _ objects: UInt64, _ bytes: UInt64, _ body: (Cell) throws(FormatError) -> Void
  ) throws(FormatError) -> (place: Int, cell: Cell)? {
    let count = try nextCount()
    let (length, left) = try survey(count)
    // What is behind here is in the block.
    guard length <= end - figures else { throw fault() }
    let (start, width) = unsafe (start, numberWidth)
    let (codes, widths) = unsafe (points.codes, points.widths)
    var (at, figure) = (numbers + cell * width, figures)
    var (restObjects, restBytes) = (objects, bytes)
    var last = -1
    var leftCode: UInt64 = 0
    for index in 0..<count {
      // The survey has found that there is a point of this number.
      let number = unsafe Int(truncatingIfNeeded: bits(start, at: at, width: width))
      at &+= width
      guard number > last else { throw fault() }
      last = number
      var value = unsafe Cell(code: codes[number], objects: 0, bytes: 0)
      if index == left {
        leftCode = value.code
      } else {
        let point = unsafe PointTable.Widths(widths[number])
        let stored = unsafe bits(start, at: figure, width: point.objects)
        guard stored < .max else { throw fault() }
        value.objects = stored &+ 1
        value.bytes = unsafe bits(start, at: figure &+ point.objects, width: point.bytes)
        figure &+= point.sum
        if point.isCurrent {
          guard value.objects <= restObjects, value.bytes <= restBytes else { throw fault() }
          restObjects &-= value.objects
          restBytes &-= value.bytes
        }
      }
      try body(value)
    }
    (row, cell, figures) = (row + 1, cell + count, figure)
    guard let left else {
      guard restObjects == 0, restBytes == 0 else { throw fault() }
      return nil
    }
    guard restObjects > 0 else { throw fault() }
    return (Int(left), Cell(code: leftCode, objects: restObjects, bytes: restBytes))
  }
}
