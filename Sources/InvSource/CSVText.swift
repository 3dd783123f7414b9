import InvBytes
public import InvCompress
import InvFormat
public import InvSystem

/// The text of one data file of CSV, decoded piece by piece, and the rows in it.
public struct CSVText: ~Copyable {
  /// A longer row is not looked for its end.
  static let rowLimit = 1 << 20
  static let slack = 64

  private let file: String
  private var inflow: Inflow
  private let piece: Int
  /// What is not read yet is `text[start..<filled]`, which is at `base + start` of the file's text.
  private var text: [UInt8]
  private var start = 0
  private var filled = 0
  private var base: UInt64 = 0
  private var isAtEnd = false
  private var row = CSVRow()
  private var index = CSVIndex()

  /// The text that `inflow` yields `piece` bytes at a time.
  public init(_ inflow: consuming Inflow, piece: Int = 1 << 18) throws(Failure) {
    file = inflow.name
    self.inflow = inflow
    self.piece = piece
    text = [UInt8](repeating: 0, count: Self.rowLimit + piece + Self.slack)
    try refill()
    if let known = Self.otherFormat(text) { throw Failure.data("\(file) \(known)") }
    if text.starts(with: [0xef, 0xbb, 0xbf]) { start = 3 }
  }

  /// How many bytes of the file have been used.
  public var consumed: UInt64 { inflow.consumed }

  /// What a file that begins like this is, when it is no CSV.
  private static func otherFormat(_ text: [UInt8]) -> String? {
    if text.starts(with: Container.magic) {
      return "carries rows of inv, not CSV: name one such stream, on standard input"
    }
    if text.starts(with: Array("PAR1".utf8)) {
      return "is Parquet, which is read from files only, not as it comes"
    }
    if text.starts(with: Array("ORC".utf8)) { return "is ORC, which is not understood yet" }
    return nil
  }

  /// The fields of the first row, without taking it; nil when there is no row.
  public mutating func firstRow() throws(Failure) -> [String]? {
    while true {
      switch readRow() {
      case .row:
        return (0..<row.fields).map { String(decoding: row.field($0), as: UTF8.self) }
      case .blank(let length): start += length
      case .incomplete:
        if isAtEnd || filled - start >= Self.rowLimit { return nil }
        try refill()
      }
    }
  }

  /// Passes over the first row, which `firstRow` has found.
  public mutating func skipFirstRow() {
    if case .row(let length, _) = readRow() { start += length }
  }

  /// Makes object rows of all rows, or of as many as it takes to count `limit` in `account`; calls
  /// `between` now and then.
  ///
  /// Also when it throws, the rows that were counted have been written, if they could be.
  public mutating func read(
    into rows: inout RowAssembler, fields: Int, account: inout FileAccount, limit: UInt64 = .max,
    between: (borrowing CSVText) throws(Failure) -> Void
  ) throws(Failure) {
    do throws(Failure) {
      try readAll(into: &rows, fields, &account, limit, between)
    } catch {
      account.end = base + UInt64(filled)
      account.malformedKeys = rows.malformedKeys
      if rows.loss == nil { try rows.flush() }
      throw error
    }
    account.malformedKeys = rows.malformedKeys
    try rows.flush()
  }

  private mutating func readAll(
    into rows: inout RowAssembler, _ fields: Int, _ account: inout FileAccount, _ limit: UInt64,
    _ between: (borrowing CSVText) throws(Failure) -> Void
  ) throws(Failure) {
    while true {
      while account.counted < limit {
        if try readRegular(into: &rows, fields, &account, limit) { continue }
        guard try readCarefully(into: &rows, fields, &account, limit) else { break }
      }
      if account.counted >= limit || (isAtEnd && start == filled) { break }
      try between(self)
      if filled - start >= Self.rowLimit {
        try account.note(.longRow, at: base + UInt64(start))
        try skipLine()
      } else {
        try refill()
      }
    }
  }

  /// Takes the regular rows at the front of the text; false when there is none.
  private mutating func readRegular(
    into rows: inout RowAssembler, _ fields: Int, _ account: inout FileAccount, _ limit: UInt64
  ) throws(Failure) -> Bool {
    let found = index.rows(of: fields, in: text, start..<filled)
    guard found > 0 else { return false }
    let (text, index) = (text, index.opens)
    let part = text.raw.extracting(start..<filled + Self.slack)
    let opens = index.span
    var first = 0
    for _ in 0..<found {
      if account.counted >= limit { break }
      let verdict = try rows.take(part, opens.extracting(first...first &+ fields))
      if verdict == .counted {
        account.count()
      } else {
        try account.note(verdict, at: base + UInt64(start) + UInt64(opens[first]))
      }
      first &+= fields
    }
    start += Int(opens[first])
    return true
  }

  /// Takes rows one by one, about as many as are looked at together elsewhere; false when the next one
  /// is not at hand whole.
  private mutating func readCarefully(
    into rows: inout RowAssembler, _ fields: Int, _ account: inout FileAccount, _ limit: UInt64
  ) throws(Failure) -> Bool {
    let end = start + CSVIndex.stretch
    while start < end && account.counted < limit {
      switch readRow() {
      case .incomplete: return false
      case .blank(let length): start += length
      case .row(let length, var verdict):
        if length > Self.rowLimit {
          verdict = .longRow
        } else if verdict == .counted && row.fields != fields {
          verdict = .fieldCount
        }
        if verdict == .counted { verdict = try rows.take(row.bytes.raw, row.opens.span) }
        try account.note(verdict, at: base + UInt64(start))
        start += length
      }
    }
    return true
  }

  private mutating func readRow() -> CSVRow.Outcome {
    row.read(text, start..<filled, isAtEnd: isAtEnd)
  }

  /// Moves what is left to the front and reads on.
  private mutating func refill() throws(Failure) {
    let (start, filled, room) = (start, filled, piece)
    var outcome: Result<Int, Failure> = .success(0)
    unsafe text.withUnsafeMutableBytes { text in
      unsafe text.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[start..<filled]))
      let first = filled - start
      do throws(Failure) {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: text[first..<first + room])
        outcome = .success(unsafe try inflow.read(into: rest))
      } catch { outcome = .failure(error) }
    }
    let count = try outcome.get()
    base += UInt64(start)
    self.filled = filled - start + count
    self.start = 0
    isAtEnd = count == 0
  }

  /// Passes over the text up to the end of a line.
  private mutating func skipLine() throws(Failure) {
    start = filled
    repeat {
      try refill()
      if let end = text[..<filled].firstIndex(of: newline) {
        start = end + 1
        return
      }
      start = filled
    } while !isAtEnd
  }
}
