import InvText

/// The rows of a table for people, kept until the widths of its columns are known.
///
/// Where the width of a terminal is given, names that leave no room for the rest are cut in the middle.
/// Past 4 MiB of cells the widths are settled with what has come, and longer cells stand out.
struct AlignedRows: Sendable {
  private struct Style {
    static let bold = Array("\u{1b}[1m".utf8)
    static let faint = Array("\u{1b}[2m".utf8)
    static let bar = Array("\u{1b}[36m".utf8)
    static let plain = Array("\u{1b}[0m".utf8)
  }

  private struct Cell {
    /// Where its text ends.
    var end: UInt32
    var width: UInt32
    /// In thousandths; 0 where there is none.
    var share: UInt16 = 0
    var isFaint = false
  }

  private let names: [[UInt8]]
  private let kinds: [Table.Kind]
  private let width: Int?
  private let isColored: Bool
  private var widths: [Int]
  private var text: [UInt8] = []
  private var cells: [Cell] = []
  private var isSettled = false
  private var barLength = 0

  private let limit: Int
  private static let gap = 2
  private static let bars = 8...24
  private static let leastName = 20

  init(
    _ columns: [(name: String, kind: Table.Kind)], width: Int?, isColored: Bool,
    limit: Int = 4 << 20
  ) {
    names = columns.map { Array($0.name.utf8) }
    kinds = columns.map(\.kind)
    widths = names.map { ScreenWidth.of($0) }
    self.width = width
    self.isColored = isColored
    self.limit = limit
  }

  /// Adds a cell with the text that `write` appends.
  mutating func add(share: UInt16 = 0, isFaint: Bool = false, _ write: (inout [UInt8]) -> Void) {
    let start = text.count
    write(&text)
    let width = ScreenWidth.of(text[start...])
    let column = cells.count % max(1, kinds.count)
    if !isSettled { widths[column] = max(widths[column], width) }
    cells.append(
      Cell(end: UInt32(text.count), width: UInt32(width), share: share, isFaint: isFaint))
  }

  mutating func endRow(into lines: inout [UInt8]) {
    if isSettled || text.count > limit { flush(into: &lines) }
  }

  /// Writes what is kept, and the lines below the table.
  mutating func finish(footer: [String], into lines: inout [UInt8]) {
    flush(into: &lines)
    for line in footer {
      styled(Style.faint, line.utf8, into: &lines)
      lines.append(0x0a)
    }
  }

  private mutating func flush(into lines: inout [UInt8]) {
    if !isSettled { settle(into: &lines) }
    var start = 0
    var line: [UInt8] = []
    for (number, cell) in cells.enumerated() {
      let column = number % kinds.count
      append(text[start..<Int(cell.end)], cell, column, to: &line)
      start = Int(cell.end)
      if column == kinds.count - 1 { end(&line, into: &lines) }
    }
    cells.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }

  /// Fixes the widths and writes the names of the columns.
  private mutating func settle(into lines: inout [UInt8]) {
    isSettled = true
    let sum = widths.reduce(0, +) + Self.gap * max(0, widths.count - 1)
    if let width {
      if sum > width,
        let longest = widths.indices.filter({ kinds[$0] == .text }).max(by: {
          widths[$0] < widths[$1]
        })
      {
        widths[longest] = min(widths[longest], max(Self.leastName, widths[longest] - (sum - width)))
      }
      let spare = width - sum - 1
      if kinds.contains(.share), spare >= Self.bars.lowerBound {
        barLength = min(spare, Self.bars.upperBound)
      }
    }
    var line: [UInt8] = []
    for (column, name) in names.enumerated() {
      append(
        name[...], Cell(end: 0, width: UInt32(ScreenWidth.of(name))), column, to: &line,
        style: Style.bold)
    }
    if !names.isEmpty { end(&line, into: &lines) }
  }

  private func append(
    _ bytes: ArraySlice<UInt8>, _ cell: Cell, _ column: Int, to line: inout [UInt8],
    style: [UInt8]? = nil
  ) {
    if column > 0 { line.append(blanks: Self.gap) }
    let isLeft = kinds[column] == .text || kinds[column] == .time
    var (bytes, padding) = (bytes, widths[column] - Int(cell.width))
    if padding < 0, width != nil, kinds[column] == .text {
      bytes = ScreenWidth.cut(bytes, to: widths[column])[...]
      padding = widths[column] - ScreenWidth.of(bytes)
    }
    padding = max(0, padding)
    if !isLeft { line.append(blanks: padding) }
    if let style = style ?? (cell.isFaint ? Style.faint : nil) {
      styled(style, bytes, into: &line)
    } else {
      line += bytes
    }
    if isLeft { line.append(blanks: padding) }
    if kinds[column] == .share, barLength > 0 {
      let length = (Int(cell.share) * barLength + 500) / 1000
      line.append(blanks: 1)
      if length > 0 { styled(Style.bar, repeatElement(0x23, count: length), into: &line) }
      line.append(blanks: barLength - length)
    }
  }

  private func end(_ line: inout [UInt8], into lines: inout [UInt8]) {
    while line.last == 0x20 { line.removeLast() }
    lines += line
    lines.append(0x0a)
    line.removeAll(keepingCapacity: true)
  }

  private func styled(
    _ style: [UInt8], _ bytes: some Collection<UInt8>, into line: inout [UInt8]
  ) {
    if isColored { line += style }
    line += bytes
    if isColored { line += Style.plain }
  }
}

extension [UInt8] {
  fileprivate mutating func append(blanks count: Int) {
    append(contentsOf: repeatElement(0x20, count: count))
  }
}
