import InvBytes
import InvSystem

/// The cells of an index, where they are mapped: inv-index(5), "Cells".
@safe struct CellBlocks: @unchecked Sendable {
  let name: StaticString
  let count: Int
  let rows: Int
  let code: PointCode
  /// How far the state's value is shifted in a code.
  let stateShift: UInt64
  let start: UnsafeRawPointer
  /// How many bytes of the payload may be parts of blocks; eight more can be read.
  let limit: UInt64
  let offsets: IndexColumn

  init(
    _ name: StaticString, _ file: MappedFile, _ header: IndexHeader, offsets: IndexColumn,
    code: PointCode
  ) throws(FormatError) {
    self.name = name
    count = Int(clamping: header.count)
    rows = header.rows
    self.code = code
    stateShift = code.shift(of: 0)
    unsafe start = file.start + IndexHeader.length
    guard header.encoding == .cells, rows == (name.description == "cells.bin" ? 128 : 16) else {
      throw FormatError("\(name): it has blocks of \(rows) rows", at: 12)
    }
    guard header.payloadLength >= 8 else {
      throw FormatError("\(name): the payload is too short", at: 24)
    }
    limit = header.payloadLength - 8
    self.offsets = offsets
    guard offsets.count == count / rows + (count % rows > 0 ? 1 : 0) + 1 else {
      throw FormatError("\(offsets.name): its values are not those of \(count) rows", at: 16)
    }
  }

  func fault(_ block: Int) -> FormatError {
    FormatError("\(name): block \(block) is damaged", at: 0)
  }

  /// Where block `number` lies: at least its header of 12 bytes.
  func block(_ number: Int) throws(FormatError) -> (UnsafeRawPointer, length: Int) {
    let (from, to) = (try offsets.value(number), try offsets.value(number + 1))
    guard from <= to, to <= limit, to - from >= 12 else { throw fault(number) }
    return unsafe (start + Int(from), Int(to - from))
  }
}

/// Reads the cells of one entry after the other; going back costs reading the block anew.
@safe final class CellCursor {
  private struct Point {
    let code: UInt64
    let objectWidth: UInt64
    let byteWidth: UInt64
  }

  private let blocks: CellBlocks
  private var block = -1
  private var start: UnsafeRawPointer
  private var points: [Point] = []
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
    guard index >= 0, index < blocks.count else { throw blocks.fault(index) }
    let (number, place) = (index / blocks.rows, index % blocks.rows)
    if number != block { try load(number) }
    if place < row { rewind() }
    while row < place { try skip() }
    try take(objects, bytes)
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
    points.removeAll(keepingCapacity: true)
    var at: UInt64 = 96
    var code: UInt64 = 0
    for _ in 0..<pointCount {
      let (next, overflow) = unsafe code.addingReportingOverflow(
        bits(start, at: at, width: codeWidth))
      let widths = unsafe bits(start, at: at + codeWidth, width: 12)
      let (objects, bytes) = (widths & 63, widths >> 6)
      guard !overflow, next > code || points.isEmpty, objects <= 56 || objects == 63,
        bytes <= 56 || bytes == 63, blocks.code.contains(next)
      else { throw blocks.fault(number) }
      code = next
      points.append(
        Point(
          code: code, objectWidth: objects == 63 ? 64 : objects,
          byteWidth: bytes == 63 ? 64 : bytes))
      at += codeWidth + 12
    }
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

  /// The point of cell `index` of the next row.
  @inline(__always)
  private func point(_ index: UInt64) throws(FormatError) -> Point {
    let number = unsafe bits(start, at: numbers + (cell + index) * numberWidth, width: numberWidth)
    guard number < UInt64(points.count) else { throw fault() }
    return points[Int(number)]
  }

  /// The cell of the next row whose figures are left out; nil when there is none.
  private func leftOut(_ count: UInt64) throws(FormatError) -> UInt64? {
    var place: UInt64?
    var greatest: UInt64 = 0
    for index in 0..<count {
      let point = try point(index)
      // States come first in a code: no current cell follows one that is not.
      guard point.code >> blocks.stateShift == 0 else { break }
      let width = point.objectWidth + point.byteWidth
      if place == nil || width > greatest { (place, greatest) = (index, width) }
    }
    return place
  }

  private func skip() throws(FormatError) {
    let count = try nextCount()
    let left = try leftOut(count)
    for index in 0..<count where index != left {
      let point = try point(index)
      figures += point.objectWidth + point.byteWidth
    }
    guard figures <= end else { throw fault() }
    (row, cell) = (row + 1, cell + count)
  }

  private func take(_ objects: UInt64, _ bytes: UInt64) throws(FormatError) {
    let count = try nextCount()
    let left = try leftOut(count)
    cells.removeAll(keepingCapacity: true)
    var at = figures
    var (restObjects, restBytes) = (objects, bytes)
    var last: UInt64?
    for index in 0..<count {
      let point = try point(index)
      guard last.map({ $0 < point.code }) ?? true else { throw fault() }
      last = point.code
      var value = Cell(code: point.code, objects: 0, bytes: 0)
      if index != left {
        guard at + point.objectWidth + point.byteWidth <= end else { throw fault() }
        let stored = unsafe bits(start, at: at, width: point.objectWidth)
        guard stored < .max else { throw fault() }
        value.objects = stored + 1
        value.bytes = unsafe bits(start, at: at + point.objectWidth, width: point.byteWidth)
        at += point.objectWidth + point.byteWidth
        if point.code >> blocks.stateShift == 0 {
          guard value.objects <= restObjects, value.bytes <= restBytes else { throw fault() }
          restObjects -= value.objects
          restBytes -= value.bytes
        }
      }
      cells.append(value)
    }
    if let left {
      guard restObjects > 0 else { throw fault() }
      cells[Int(left)].objects = restObjects
      cells[Int(left)].bytes = restBytes
    } else if restObjects > 0 || restBytes > 0 {
      throw fault()
    }
    (row, cell, figures) = (row + 1, cell + count, at)
  }
}
