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
    if column.isTextual { vector.starts.append(0) }
    var plain = try ParquetValues(.plain, column, 0..<page.count - textSlack, page.raw)
    try plain.read(header.values, column, into: &vector, &scratch, page.raw)
    try vector.interpret(column)
    count = header.values
    if column.hasText {
      words = ColumnDictionary(text: vector.text + Self.slack, starts: vector.starts)
      values = ColumnVector()
    } else {
      words = nil
      values = vector
    }
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
