import InvBytes

/// Reads one row of CSV (RFC 4180) with care, and lays it out anew as a regular one: each field with one
/// byte before it and two after, so that both are taken in by the same code.
struct CSVRow {
  enum Outcome: Equatable {
    /// A row, or what should be one, of so many bytes with its end of line.
    case row(Int, RowVerdict)
    /// An empty line of so many bytes.
    case blank(Int)
    /// The row goes on behind the text.
    case incomplete
  }

  /// The fields, and behind them room for loads of whole words.
  private(set) var bytes: [UInt8] = []
  /// Field i is `bytes[opens[i] + 1..<opens[i + 1] - 2]`.
  private(set) var opens: [UInt32] = []

  private let dialect: CSVDialect

  init(_ dialect: CSVDialect = CSVDialect()) { self.dialect = dialect }

  var fields: Int { opens.count - 1 }

  func field(_ place: Int) -> [UInt8] {
    Array(bytes[Int(opens[place]) + 1..<Int(opens[place + 1]) - 2])
  }

  /// Reads the row that `text[range]` begins with; `isAtEnd` when nothing follows that.
  mutating func read(_ text: [UInt8], _ range: Range<Int>, isAtEnd: Bool) -> Outcome {
    let text = text.raw.extracting(range)
    bytes.removeAll(keepingCapacity: true)
    opens.removeAll(keepingCapacity: true)
    if let length = endOfLine(text, at: 0, isAtEnd) { return .blank(length) }
    if text.byteCount == 0 || (!isAtEnd && text.byteCount == 1) { return .incomplete }
    var place = 0
    var verdict = RowVerdict.counted
    while true {
      opens.append(UInt32(bytes.count))
      bytes.append(quote)
      guard let fault = field(text, &place, isAtEnd) else { return .incomplete }
      if verdict == .counted { verdict = fault }
      bytes += [quote, comma]
      if place < text.byteCount && text.u8(at: place) == dialect.delimiter {
        place += 1
        continue
      }
      if let length = endOfLine(text, at: place, isAtEnd) {
        place += length
      } else if place < text.byteCount {
        return .incomplete
      }
      opens.append(UInt32(bytes.count))
      bytes += repeatElement(0, count: 64)
      return .row(place, verdict)
    }
  }

  /// Reads a field up to the comma or the end of line behind it; nil when that has not come yet.
  private mutating func field(_ text: RawSpan, _ place: inout Int, _ isAtEnd: Bool) -> RowVerdict? {
    var verdict = RowVerdict.counted
    if dialect.hasQuotes && place < text.byteCount && text.u8(at: place) == quote {
      place += 1
      while true {
        guard place < text.byteCount else { return isAtEnd ? .openQuote : nil }
        let byte = text.u8(at: place)
        place += 1
        if byte == quote {
          guard place < text.byteCount else { return isAtEnd ? verdict : nil }
          if text.u8(at: place) != quote { break }
          place += 1
        }
        bytes.append(byte)
      }
      if isAtBoundary(text, place, isAtEnd) ?? true { return verdict }
      verdict = .afterQuote
    }
    while true {
      guard place < text.byteCount else { return isAtEnd ? verdict : nil }
      guard let isOver = isAtBoundary(text, place, isAtEnd) else { return nil }
      if isOver { return verdict }
      let byte = text.u8(at: place)
      if byte == quote && dialect.hasQuotes && verdict == .counted { verdict = .strayQuote }
      bytes.append(byte)
      place += 1
    }
  }

  /// Whether a field ends before `place`; nil when the next byte must tell.
  private func isAtBoundary(_ text: RawSpan, _ place: Int, _ isAtEnd: Bool) -> Bool? {
    let byte = text.u8(at: place)
    if byte == dialect.delimiter || byte == newline { return true }
    guard byte == carriageReturn else { return false }
    if place + 1 < text.byteCount { return text.u8(at: place + 1) == newline }
    return isAtEnd ? true : nil
  }

  /// The length of the end of line at `place`.
  private func endOfLine(_ text: RawSpan, at place: Int, _ isAtEnd: Bool) -> Int? {
    guard place < text.byteCount else { return nil }
    if text.u8(at: place) == newline { return 1 }
    guard text.u8(at: place) == carriageReturn else { return nil }
    if place + 1 < text.byteCount { return text.u8(at: place + 1) == newline ? 2 : nil }
    return isAtEnd ? 1 : nil
  }
}
