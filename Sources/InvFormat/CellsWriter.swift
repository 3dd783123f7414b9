import InvBytes
import InvSystem

/// Writes cells in blocks of a fixed number of entries: inv-index(5), "Cells".
final class CellsWriter {
  private let file: IndexFileWriter
  private let offsets: ColumnWriter
  private let rows: Int
  /// How far the state's value is shifted in a code.
  private let stateShift: UInt64
  private var count: UInt64 = 0
  private var counts: [Int] = []
  private var cells: [Cell] = []
  private var bits = BitWriter()
  /// The codes of the present block, and their widths.
  private var points: [Point] = []
  private var numbers: [Int] = []

  private struct Point {
    let code: UInt64
    var objects: UInt64 = 0
    var bytes: UInt64 = 0

    /// The widths by which figures are stored; 57 to 63 are taken as 64.
    var objectWidth: UInt64 { CellsWriter.width(objects) }
    var byteWidth: UInt64 { CellsWriter.width(bytes) }
  }

  fileprivate static func width(_ value: UInt64) -> UInt64 {
    let width = UInt64(64 - value.leadingZeroBitCount)
    return width > 56 ? 64 : width
  }

  init(_ name: String, offsets: String, rows: Int, code: PointCode, in place: IndexPlace)
    throws(Failure)
  {
    file = try IndexFileWriter(name, in: place)
    self.offsets = try ColumnWriter(offsets, in: place)
    self.rows = rows
    stateShift = code.shift(of: 0)
  }

  /// Adds the cells of the next entry, by rising code.
  func append(_ row: [Cell]) throws(Failure) {
    counts.append(row.count)
    cells += row
    count += 1
    if counts.count == rows { try flush() }
  }

  private func flush() throws(Failure) {
    try offsets.append(file.length)
    guard cells.count <= UInt32.max else { throw Failure.data("a block has over 2^32 cells") }
    try file.append(block())
    counts.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
  }

  private func block() -> [UInt8] {
    gather()
    var last: UInt64 = 0
    var greatest: UInt64 = 0
    for point in points {
      greatest = max(greatest, point.code - last)
      last = point.code
    }
    let codeWidth = Self.width(greatest)
    let countWidth = Self.width(UInt64(counts.max() ?? 0))
    let numberWidth = Self.width(UInt64(max(0, points.count - 1)))
    var block: [UInt8] = []
    block.append(littleEndian: UInt32(points.count))
    block.append(littleEndian: UInt32(cells.count))
    block += [UInt8(countWidth), UInt8(numberWidth), UInt8(codeWidth), 0]
    bits.removeAll()
    last = 0
    for point in points {
      bits.append(point.code - last, width: codeWidth)
      bits.append(min(point.objectWidth, 63), width: 6)
      bits.append(min(point.byteWidth, 63), width: 6)
      last = point.code
    }
    for count in counts { bits.append(UInt64(count), width: countWidth) }
    for number in numbers { bits.append(UInt64(number), width: numberWidth) }
    var at = 0
    for count in counts {
      addFigures(at..<at + count)
      at += count
    }
    bits.align(to: 1)
    return block + bits.bytes
  }

  /// Sets `points` to those of the block's cells, and `numbers` to what each cell's is among them.
  private func gather() {
    let codes = cells.map(\.code).sorted()
    points.removeAll(keepingCapacity: true)
    for code in codes where points.last?.code != code { points.append(Point(code: code)) }
    numbers.removeAll(keepingCapacity: true)
    for cell in cells {
      var (low, high) = (0, points.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if points[middle].code <= cell.code { low = middle } else { high = middle }
      }
      numbers.append(low)
      points[low].objects |= cell.objects - 1
      points[low].bytes |= cell.bytes
    }
  }

  /// Adds the figures of one entry's cells, but not of the widest that is current.
  private func addFigures(_ range: Range<Int>) {
    var widest = -1
    var greatest: UInt64 = 0
    for index in range where cells[index].code >> stateShift == 0 {
      let point = points[numbers[index]]
      let width = point.objectWidth + point.byteWidth
      if widest < 0 || width > greatest { (widest, greatest) = (index, width) }
    }
    for index in range where index != widest {
      let point = points[numbers[index]]
      bits.append(cells[index].objects - 1, width: point.objectWidth)
      bits.append(cells[index].bytes, width: point.byteWidth)
    }
  }

  /// Writes what is left.
  func end() throws(Failure) -> [IndexFileWriter] {
    if !counts.isEmpty { try flush() }
    try offsets.append(file.length)
    try file.append([UInt8](repeating: 0, count: 8))
    try file.end(IndexHeader(.cells, rows: rows, count: count))
    return [file, try offsets.end()]
  }
}
