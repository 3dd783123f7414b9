import InvBytes
import InvFormat
import InvSystem

/// Finds the numbers of words for the rows of one column, or of two that make up one word together.
///
/// What a dictionary of the file says is asked for once for each of its words.
struct TableWords {
  /// The place of the column among those of the rows.
  let place: Int
  private var cache = WordCache()
  /// The numbers by the codes of the dictionaries at hand; nothing asked for yet is `unknown`.
  private var numbers: [UInt32] = []
  private var dictionary: ColumnDictionary?
  private var second: ColumnDictionary?
  private var values: [[UInt8]: UInt32] = [:]
  private static let unknown = UInt32.max
  /// More pairs of codes are not kept by their codes.
  private static let pairLimit = 1 << 16

  init(place: Int) { self.place = place }

  /// Gets ready for rows of `vector`, and of `other` if the words have two parts.
  mutating func begin(_ vector: ColumnVector, _ other: ColumnVector? = nil) {
    guard vector.dictionary !== dictionary || other?.dictionary !== second else { return }
    (dictionary, second) = (vector.dictionary, other?.dictionary)
    numbers.removeAll(keepingCapacity: true)
    guard let dictionary, dictionary.count <= Self.pairLimit, other == nil || second != nil else {
      return
    }
    let (pairs, overflow) = dictionary.count.multipliedReportingOverflow(by: second?.count ?? 1)
    guard !overflow, pairs <= Self.pairLimit else { return }
    numbers += repeatElement(Self.unknown, count: pairs)
  }

  /// The place in `numbers` of a row that has values; nil where they are not told by codes.
  @inline(__always)
  private func code(_ row: Int, _ vector: ColumnVector, _ other: ColumnVector?) -> Int? {
    if numbers.isEmpty { return nil }
    guard let other, let second else { return Int(vector.codes[row]) }
    return Int(vector.codes[row]) * second.count + Int(other.codes[row])
  }

  /// The number of the word of a row that has a value, spelt by `spell` when it is not known.
  @inline(__always)
  mutating func number(
    _ row: Int, _ vector: ColumnVector, _ other: ColumnVector?,
    _ spell: () throws(Failure) -> UInt32
  ) throws(Failure) -> UInt32 {
    // Where the second part is missing, its code means nothing.
    let hasBoth = other.map { $0.has(row) } ?? true
    if hasBoth, let code = code(row, vector, other) {
      if numbers[code] != Self.unknown { return numbers[code] }
      let number = try spell()
      numbers[code] = number
      return number
    }
    guard other == nil, vector.dictionary == nil else { return try spell() }
    let field = vector.place(row)
    let none = WordCache.Field(start: 0, count: 0)
    if let known = cache.index(vector.text.raw, field, none) { return known }
    let number = try spell()
    cache.remember(number, vector.text.raw, field, none)
    return number
  }

  /// The number of a value that is no text.
  mutating func number(of value: [UInt8], _ ask: () throws(Failure) -> UInt32) throws(Failure)
    -> UInt32
  {
    if let number = values[value] { return number }
    let number = try ask()
    if values.count < 1 << 12 { values[value] = number }
    return number
  }
}
