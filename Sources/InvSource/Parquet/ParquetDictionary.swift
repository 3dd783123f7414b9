import InvBytes

/// The values that codes stand for.
struct ParquetDictionary {
  let count: Int
  /// Of text.
  private let words: ColumnDictionary?
  /// Of anything else.
  private let values: ColumnVector

  /// A dictionary of nothing.
  init(_ column: ParquetColumn) {
    count = 0
    values = ColumnVector()
    words = column.hasText ? ColumnDictionary(text: Self.slack, starts: [0]) : nil
  }

  /// Reads the dictionary of `column` that `page` is.
  init(
    _ column: ParquetColumn, _ header: ParquetPage, _ page: [UInt8],
    _ scratch: inout ParquetScratch
  ) throws(FormatError) {
    guard header.encoding == .plain || header.encoding == .plainDictionary else {
      throw FormatError(
        "a dictionary of encoding \(header.encoding.rawValue) is not understood", at: 0)
    }
    var vector = ColumnVector()
    if column.isTextual {
      vector.text.reserveCapacity(page.count)
      vector.starts.reserveCapacity(header.values + 1)
      vector.starts.append(0)
    }
    var plain = try ParquetValues(.plain, column, 0..<page.count - textSlack, page.raw)
    try plain.read(header.values, column, into: &vector, &scratch, page.raw)
    try vector.interpret(column)
    count = header.values
    if column.hasText {
      vector.text += Self.slack
      words = ColumnDictionary(text: vector.text, starts: vector.starts)
      values = ColumnVector()
    } else {
      words = nil
      values = vector
    }
  }

  /// How many bytes a dictionary takes beside its page, at most, while it is made.
  static func room(_ column: ParquetColumn, _ header: ParquetPage) throws(FormatError) -> Int {
    guard column.storage != .boolean else {
      throw FormatError("a dictionary of booleans is not understood", at: 0)
    }
    // A text has its length before it.
    guard header.values <= header.decoded / (column.width ?? 4) else {
      throw FormatError("a dictionary of \(header.values) values ends too early", at: 0)
    }
    let text = column.isTextual ? header.decoded + 2 * textSlack : 0
    // Integers or reals, and nanoseconds.
    let numbers = column.hasText ? 0 : column.hasReals && column.meaning != .asStored ? 16 : 12
    // Where text ends, and the days of times of 96 bits.
    let beside = column.isTextual ? column.storage == .int96 ? 12 : 4 : 0
    return text + header.values * (numbers + beside)
  }

  private static let slack = [UInt8](repeating: 0, count: textSlack)

  /// Puts values in the place of the codes of `vector`, which are all known; or, where they are text, the
  /// dictionary beside them.
  func look(up vector: inout ColumnVector) {
    vector.dictionary = words
    guard words == nil else { return }
    vector.append(vector.codes, of: values)
    vector.codes.removeAll(keepingCapacity: true)
  }
}
