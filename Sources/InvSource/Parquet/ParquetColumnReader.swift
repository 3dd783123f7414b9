import InvBytes
import InvCompress
import InvSystem

/// Reads the values of one column of a row group, page by page.
final class ParquetColumnReader {
  private let column: ParquetColumn
  private let file: SeekableFile
  private var pages: ParquetPages
  /// How many rows are behind those of the present page.
  private var rows: UInt64
  /// How many rows of the present page are still to be read, and how many of those read have a value.
  private var left = 0
  private var valuesSeen = 0
  private var hasBegun = false
  private var levels = ParquetLevels.all
  private var values = ParquetValues.plain(at: 0, end: 0)
  private var scratch = ParquetScratch()
  private var dictionary: ParquetDictionary?

  init(
    _ file: SeekableFile, _ column: ParquetColumn, _ chunk: ParquetChunk, rows: UInt64,
    room: TableRoom
  ) throws(Failure) {
    self.file = file
    self.column = column
    self.rows = rows
    pages = try ParquetPages(file, column, chunk, room: room)
  }

  /// How many rows of the present page are still to be read; goes to the next page when there is none.
  func rowsAtHand() throws(Failure) -> Int {
    while left == 0 {
      guard rows > 0 else { return 0 }
      try nextPage()
    }
    return left
  }

  /// How many of the next `count` rows, which are at hand, are in a batch.
  func rowsThatFit(_ count: Int) throws(Failure) -> Int {
    guard column.isTextual, count > 1 else { return count }
    if case .codes = values { return count }
    do throws(FormatError) { return try fitting(count) } catch { throw pages.fault(error.what) }
  }

  private func fitting(_ count: Int) throws(FormatError) -> Int {
    var levels = levels
    var present: [UInt8] = []
    let page = pages.page
    let some = try levels.read(count, into: &present, page.raw)
    let fitting = try values.fitting(some, column, page.raw)
    if fitting == some { return count }
    if present.isEmpty { return fitting }
    var seen = 0
    for row in 0..<count {
      seen += Int(present[row])
      if seen > fitting { return row }
    }
    return count
  }

  /// Reads the next `count` rows, which are at hand and fit.
  func read(_ count: Int, into vector: inout ColumnVector) throws(Failure) {
    vector.clear()
    vector.count = count
    guard count > 0 else { return }
    do throws(FormatError) {
      let page = pages.page
      let some = try levels.read(count, into: &vector.present, page.raw)
      if case .codes(var runs) = values {
        try look(up: some, &runs, into: &vector, page.raw)
        values = .codes(runs)
      } else {
        if column.isTextual { vector.starts.append(0) }
        try values.read(some, column, into: &vector, &scratch, page.raw)
        try vector.interpret(column)
        if column.hasText { vector.text += repeatElement(0, count: textSlack) }
      }
      if some < count { vector.spread(column) }
      left -= count
      valuesSeen += some
      if left == 0 { try pages.check(values: valuesSeen) }
    } catch {
      throw pages.fault(error.what)
    }
  }

  /// Reads `count` values from the dictionary, whose codes come next.
  private func look(
    up count: Int, _ runs: inout HybridRuns, into vector: inout ColumnVector, _ page: RawSpan
  ) throws(FormatError) {
    // Where nothing has a value, writers may leave it out.
    guard let dictionary = dictionary ?? (count == 0 ? ParquetDictionary(column) : nil) else {
      throw FormatError("no dictionary comes before its codes", at: 0)
    }
    let greatest = try runs.append(count, to: &vector.codes, page)
    guard count == 0 || Int(greatest) < dictionary.count else {
      throw FormatError("word \(greatest) of a dictionary of \(dictionary.count)", at: 0)
    }
    dictionary.look(up: &vector)
  }

  /// Goes to the next page, and takes it in if it is a dictionary.
  private func nextPage() throws(Failure) {
    let kind = try pages.next(rows: rows)
    do throws(FormatError) {
      switch kind {
      case .index: return
      case .dictionary:
        guard dictionary == nil, !hasBegun else {
          throw FormatError("a dictionary that does not come first", at: 0)
        }
        dictionary = try ParquetDictionary(column, pages.header, pages.page, &scratch)
      case .data, .dataV2: try begin(pages.header.values)
      }
    } catch {
      throw pages.fault(error.what)
    }
  }

  /// Begins to read the present page, of so many rows.
  private func begin(_ count: Int) throws(FormatError) {
    guard UInt64(count) <= rows else {
      throw FormatError("\(count) values where \(rows) are left", at: 0)
    }
    (levels, values) = try pages.content(column)
    scratch.last = [UInt8](repeating: 0, count: textSlack)
    rows -= UInt64(count)
    left = count
    valuesSeen = 0
    hasBegun = true
  }
}
