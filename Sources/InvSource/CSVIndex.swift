import InvBytes

/// Where the fields of regular CSV rows open: those with every field in quotes, without quotes within,
/// and nothing but a comma between two, as S3 writes them.
///
/// Field i of the first row is `text[opens[i] + 1..<opens[i + 1] - 2]`.
struct CSVIndex {
  /// How many bytes are looked at together: some hundred rows, in the nearest cache.
  static let stretch = 1 << 15
  static let block = 64

  /// The first `count` are offsets of quotes.
  private(set) var opens = [UInt32](repeating: 0, count: stretch + 64)
  private(set) var count = 0

  /// How many whole rows of `fields` fields the front of `text[range]` holds, which begins with a row.
  ///
  /// 0 when it is not certain that all rows found are regular; the row that follows them begins at
  /// `opens[rows * fields]`.
  mutating func rows(of fields: Int, in text: [UInt8], _ range: Range<Int>) -> Int {
    let text = text.raw.extracting(range)
    let length = min(text.byteCount, Self.stretch) & ~(Self.block - 1)
    guard length > 0 else { return 0 }
    let found = unsafe opens.withUnsafeMutableBufferPointer { opens in
      unsafe text.withUnsafeBytes { text in
        unsafe Self.scan(UnsafeRawBufferPointer(rebasing: text[..<length]), into: opens)
      }
    }
    guard let found else { return 0 }
    count = found.opens
    let rows = (count - 1) / fields
    guard rows > 0 else { return 0 }
    // Every row ends with a newline, and there are no other newlines.
    for row in 1...rows {
      guard text.u8(at: Int(opens[row * fields]) - 1) == newline else { return 0 }
    }
    var others = 0
    for place in Int(opens[rows * fields])..<length where text.u8(at: place) == newline {
      others += 1
    }
    return found.newlines == rows + others ? rows : 0
  }

  /// The safe twin of the kernel.
  static func scanPlainly(_ text: [UInt8]) -> (opens: [Int], newlines: Int)? {
    func isQuote(_ place: Int) -> Bool { place == -2 || place >= 0 && text[place] == quote }
    func isMark(_ place: Int) -> Bool {
      place == -1 || place >= 0 && (text[place] == comma || text[place] == newline)
    }
    func isOpen(_ place: Int) -> Bool {
      place >= 0 && isQuote(place) && isMark(place - 1) && isQuote(place - 2)
    }
    for place in text.indices {
      // A quote opens a field, or it closes one and the next opens two bytes on.
      let isRight = isQuote(place - 2) == (isOpen(place - 2) != isOpen(place))
      if !isRight { return nil }
    }
    return (text.indices.filter(isOpen), text.count { $0 == newline })
  }
}

let quote: UInt8 = 0x22
let comma: UInt8 = 0x2c
let newline: UInt8 = 0x0a
let carriageReturn: UInt8 = 0x0d
