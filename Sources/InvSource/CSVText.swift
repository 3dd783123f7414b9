import InvBytes
public import InvCompress
import InvFormat
public import InvSystem

/// How the fields of delimited text are told apart.
public struct CSVDialect: Equatable, Sendable {
  public var delimiter: UInt8
  /// Whether a field may stand in quotes.
  public var hasQuotes: Bool

  public init(delimiter: UInt8 = 0x2c, hasQuotes: Bool = true) {
    self.delimiter = delimiter
    self.hasQuotes = hasQuotes
  }
}

/// The text of one data file of CSV, decoded piece by piece, and the rows in it.
public struct CSVText: ~Copyable {
  /// A longer row is not looked for its end.
  static let rowLimit = TextWindow.limit

  private var window: TextWindow
  private var row: CSVRow
  private let isRegular: Bool
  private var index = CSVIndex()

  /// The rows of `window`.
  public init(_ window: consuming TextWindow, _ dialect: CSVDialect = CSVDialect()) {
    self.window = window
    self.window.skipByteOrderMark()
    row = CSVRow(dialect)
    isRegular = dialect == CSVDialect()
  }

  /// The rows of the text that `inflow` yields `piece` bytes at a time.
  public init(_ inflow: consuming Inflow, piece: Int = 1 << 18) throws(Failure) {
    self.init(try TextWindow(inflow, piece: piece))
  }

  /// How many bytes of the file have been used.
  public var consumed: UInt64 { window.consumed }

  /// The fields of the first row, without taking it; nil when there is no row.
  public mutating func firstRow() throws(Failure) -> [String]? {
    while true {
      switch readRow() {
      case .row:
        return (0..<row.fields).map { String(decoding: row.field($0), as: UTF8.self) }
      case .blank(let length): window.start += length
      case .incomplete:
        if window.isAtEnd || window.filled - window.start >= Self.rowLimit { return nil }
        try window.refill()
      }
    }
  }

  /// Passes over the first row, which `firstRow` has found.
  public mutating func skipFirstRow() {
    if case .row(let length, _) = readRow() { window.start += length }
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
      account.end = window.offset(window.filled)
      rows.remark(in: &account)
      if rows.loss == nil { try rows.flush() }
      throw error
    }
    rows.remark(in: &account)
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
      if account.counted >= limit || (window.isAtEnd && window.start == window.filled) { break }
      try between(self)
      if window.filled - window.start >= Self.rowLimit {
        try account.note(.longRow, at: window.offset(window.start))
        try skipLine()
      } else {
        try window.refill()
      }
    }
  }

  /// Takes the regular rows at the front of the text; false when there is none.
  private mutating func readRegular(
    into rows: inout RowAssembler, _ fields: Int, _ account: inout FileAccount, _ limit: UInt64
  ) throws(Failure) -> Bool {
    guard isRegular else { return false }
    let found = index.rows(of: fields, in: window.text, window.start..<window.filled)
    guard found > 0 else { return false }
    let (text, index) = (window.text, index.opens)
    let part = text.raw.extracting(window.start..<window.filled + TextWindow.slack)
    let opens = index.span
    var first = 0
    for _ in 0..<found {
      if account.counted >= limit { break }
      let verdict = try rows.take(part, opens.extracting(first...first &+ fields))
      if verdict == .counted {
        account.count()
      } else {
        try account.note(verdict, at: window.offset(window.start) + UInt64(opens[first]))
      }
      first &+= fields
    }
    window.start += Int(opens[first])
    return true
  }

  /// Takes rows one by one, about as many as are looked at together elsewhere; false when the next one
  /// is not at hand whole.
  private mutating func readCarefully(
    into rows: inout RowAssembler, _ fields: Int, _ account: inout FileAccount, _ limit: UInt64
  ) throws(Failure) -> Bool {
    let end = window.start + CSVIndex.stretch
    while window.start < end && account.counted < limit {
      switch readRow() {
      case .incomplete: return false
      case .blank(let length): window.start += length
      case .row(let length, var verdict):
        if length > Self.rowLimit {
          verdict = .longRow
        } else if verdict == .counted && row.fields != fields {
          verdict = .fieldCount
        }
        if verdict == .counted { verdict = try rows.take(row.bytes.raw, row.opens.span) }
        try account.note(verdict, at: window.offset(window.start))
        window.start += length
      }
    }
    return true
  }

  private mutating func readRow() -> CSVRow.Outcome {
    row.read(window.text, window.start..<window.filled, isAtEnd: window.isAtEnd)
  }

  /// Passes over the text up to the end of a line.
  private mutating func skipLine() throws(Failure) {
    window.start = window.filled
    repeat {
      try window.refill()
      if let end = window.text[..<window.filled].firstIndex(of: newline) {
        window.start = end + 1
        return
      }
      window.start = window.filled
    } while !window.isAtEnd
  }
}
