import InvBytes

/// The values of a page, read as they are asked for, as they are stored.
enum ParquetValues {
  case plain(at: Int, end: Int)
  /// From a bit on, the lowest of each byte first.
  case bits(at: Int, end: Int)
  case booleans(HybridRuns)
  /// Numbers of words of the dictionary.
  case codes(HybridRuns)
  case delta(DeltaInts)
  /// The lengths of texts, and where the texts go on.
  case lengths(DeltaInts, at: Int, end: Int)
  /// How many bytes are shared with the text before, how many come from the page, and where.
  case frontCoded(DeltaInts, DeltaInts, at: Int, end: Int)
  /// All that there are, split into streams of bytes, and the number of the next.
  case split(at: Int, total: Int, next: Int)

  /// The values of `column` in `page[range]`.
  init(
    _ encoding: ParquetPage.Encoding, _ column: ParquetColumn, _ range: Range<Int>, _ page: RawSpan
  ) throws(FormatError) {
    let (start, end) = (range.lowerBound, range.upperBound)
    guard column.storage != .fixed || column.length <= Self.valueLimit else {
      throw FormatError(
        "a value of \(column.length) bytes, more than \(Self.valueLimit)", at: 0)
    }
    switch (encoding, column.storage) {
    case (.plain, .boolean): self = .bits(at: start * 8, end: end * 8)
    case (.plain, _): self = .plain(at: start, end: end)
    case (.runs, .boolean):
      // A page of nothing but nulls need not even have a length.
      let length = range.count < 4 ? 0 : Int(page.u32(at: start))
      guard length <= max(0, range.count - 4) else {
        throw FormatError("values of \(length) bytes in \(range.count)", at: 0)
      }
      let first = min(start + 4, end)
      self = .booleans(HybridRuns(first..<first + length, width: 1))
    case (.dictionary, let storage) where storage != .boolean,
      (.plainDictionary, let storage) where storage != .boolean:
      let width = range.isEmpty ? 1 : Int(page.u8(at: start))
      guard width <= 32 else { throw FormatError("codes of \(width) bits", at: 0) }
      self = .codes(HybridRuns(min(start + 1, end)..<end, width: width))
    case (.delta, .int32), (.delta, .int64):
      self = range.isEmpty ? .plain(at: start, end: end) : .delta(try DeltaInts(range, page))
    case (.deltaLength, .text) where !range.isEmpty:
      let lengths = try DeltaInts(range, page)
      self = .lengths(lengths, at: try lengths.following(page), end: end)
    case (.deltaText, .text) where !range.isEmpty, (.deltaText, .fixed) where !range.isEmpty:
      let shared = try DeltaInts(range, page)
      let more = try DeltaInts(try shared.following(page)..<end, page)
      self = .frontCoded(shared, more, at: try more.following(page), end: end)
    case (.deltaLength, .text), (.deltaText, .text), (.deltaText, .fixed):
      self = .plain(at: start, end: end)
    case (.split, let storage) where ![.boolean, .text, .int96].contains(storage):
      guard let width = column.width, range.count % width == 0 else {
        throw FormatError("\(range.count) bytes of split values", at: 0)
      }
      self = .split(at: start, total: range.count / width, next: 0)
    default:
      throw FormatError(
        "page of encoding \(encoding.rawValue) for type \(column.storage) is not understood", at: 0)
    }
  }
}

/// What reading values needs beside, kept from one time to the next.
struct ParquetScratch {
  var shared: [Int64] = []
  var more: [Int64] = []
  var bytes: [UInt8] = []
  /// The last of texts that are front-coded, and `textSlack` bytes behind it.
  var last = [UInt8](repeating: 0, count: textSlack)

  mutating func clear() {
    shared.removeAll(keepingCapacity: true)
    more.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}
