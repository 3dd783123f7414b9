import InvBytes
public import InvSystem

/// The text of one scan, or of a part of it that begins with a record, and the rows in it.
public struct ScanText: ~Copyable {
  /// A longer record is not looked for its end.
  static let recordLimit = TextWindow.limit

  public let format: ScanFormat
  private var window: TextWindow

  /// The records in `window`, which are as `format` says.
  public init(_ window: consuming TextWindow, _ format: ScanFormat) {
    self.window = window
    self.format = format
  }

  /// How many bytes of the file have been used.
  public var consumed: UInt64 { window.consumed }

  /// Makes object rows of all records, or of as many as it takes to count `limit` in `account`; calls
  /// `between` now and then.
  ///
  /// Also when it throws, the rows that were counted have been written, if they could be.
  public mutating func read(
    into rows: inout ScanRows, account: inout FileAccount, limit: UInt64 = .max,
    between: (borrowing ScanText) throws(Failure) -> Void
  ) throws(Failure) {
    do throws(Failure) {
      try readAll(into: &rows, &account, limit, between)
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
    into rows: inout ScanRows, _ account: inout FileAccount, _ limit: UInt64,
    _ between: (borrowing ScanText) throws(Failure) -> Void
  ) throws(Failure) {
    while true {
      try readAtHand(into: &rows, &account, limit)
      if account.counted >= limit { return }
      if window.isAtEnd {
        try readLast(into: &rows, &account)
        return
      }
      try between(self)
      if window.filled - window.start >= Self.recordLimit {
        try account.note(.longRow, at: window.offset(window.start))
        try skipRecord()
      } else {
        try window.refill()
      }
    }
  }

  /// Takes the records that are at hand whole.
  private mutating func readAtHand(
    into rows: inout ScanRows, _ account: inout FileAccount, _ limit: UInt64
  ) throws(Failure) {
    let (terminator, filled) = (format.terminator, window.filled)
    let all = window.text
    let text = all.raw
    var start = window.start
    defer { window.start = start }
    while account.counted < limit {
      let end = text.end(of: terminator, start, filled)
      if end == filled { return }
      if end > start {
        let isLong = end &- start >= Self.recordLimit
        let verdict = isLong ? .longRow : try rows.take(text, start, end)
        if verdict == .counted {
          account.count()
        } else {
          try account.note(verdict, at: window.offset(start))
        }
      }
      start = end &+ 1
    }
  }

  /// Takes what is left at the end, a record without its end: it counts if it is whole, and is told,
  /// for it may be cut off.
  private mutating func readLast(into rows: inout ScanRows, _ account: inout FileAccount)
    throws(Failure)
  {
    let (start, filled) = (window.start, window.filled)
    guard start < filled else { return }
    // What lies behind it in the window is of earlier records.
    var record = Array(window.text[start..<filled])
    let end = record.count
    record.append(format.terminator)
    record += repeatElement(0, count: TextWindow.slack)
    let verdict = try rows.take(record.raw, 0, end)
    try account.note(verdict, at: window.offset(start))
    if verdict == .counted { account.noteUnended() }
    window.start = filled
  }

  /// Passes over the text up to the end of a record.
  private mutating func skipRecord() throws(Failure) {
    window.start = window.filled
    repeat {
      try window.refill()
      let end = window.text[..<window.filled].firstIndex(of: format.terminator)
      window.start = end.map { $0 + 1 } ?? window.filled
      if end != nil { return }
    } while !window.isAtEnd
  }
}
