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
  private var pair: [UInt8] = []
  private static let unknown = UInt32.max
  /// More pairs of codes are not kept by their codes.
  private static let pairLimit = 1 << 16

  init(place: Int) { self.place = place }

  /// Puts the numbers of `count` rows of `vector` into `target` from `start` on; of `vector` and `other`
  /// if words have two parts.
  ///
  /// `absent` has the number for rows where `vector` says nothing, `spell` for all others.
  mutating func fill(
    _ target: inout [UInt64], from start: Int, _ count: Int, _ vector: ColumnVector,
    _ other: ColumnVector?, absent: (Int) throws(Failure) -> UInt32,
    spell: (Int) throws(Failure) -> UInt32
  ) throws(Failure) {
    prepare(vector, other)
    if !numbers.isEmpty {
      try fillByCodes(&target, from: start, count, vector, other, absent, spell)
      return
    }
    for row in 0..<count {
      let number: UInt32
      if !vector.isFilled(row, .bytes) {
        number = try absent(row)
      } else if let other {
        number = try lookUp(row, vector, other, spell)
      } else {
        number = try lookUp(row, vector, spell)
      }
      target[start + row] = UInt64(number)
    }
  }

  /// Gets ready for the dictionaries of rows that come.
  private mutating func prepare(_ vector: ColumnVector, _ other: ColumnVector?) {
    guard vector.dictionary !== dictionary || other?.dictionary !== second else { return }
    (dictionary, second) = (vector.dictionary, other?.dictionary)
    numbers.removeAll(keepingCapacity: true)
    guard let dictionary, other == nil || second != nil else { return }
    // One code more, for rows where the second part says nothing.
    let (pairs, overflow) = dictionary.count.multipliedReportingOverflow(by: stride)
    guard !overflow, pairs <= Self.pairLimit else { return }
    numbers += repeatElement(Self.unknown, count: pairs)
  }

  /// Lets go of the dictionaries.
  mutating func release() {
    (dictionary, second) = (nil, nil)
    numbers.removeAll(keepingCapacity: true)
  }

  private var stride: Int { second.map { $0.count + 1 } ?? 1 }

  private mutating func fillByCodes(
    _ target: inout [UInt64], from start: Int, _ count: Int, _ vector: ColumnVector,
    _ other: ColumnVector?, _ absent: (Int) throws(Failure) -> UInt32,
    _ spell: (Int) throws(Failure) -> UInt32
  ) throws(Failure) {
    let (codes, present, stride) = (vector.codes, vector.present, stride)
    let (otherCodes, otherPresent) = (other?.codes ?? [], other?.present ?? [])
    for row in 0..<count {
      guard present.isEmpty || present[row] != 0 else {
        target[start &+ row] = UInt64(try absent(row))
        continue
      }
      var code = Int(codes[row])
      if stride > 1 {
        let hasBoth = otherPresent.isEmpty || otherPresent[row] != 0
        code = code &* stride &+ (hasBoth ? Int(otherCodes[row]) : stride &- 1)
      }
      var number = numbers[code]
      if number == Self.unknown {
        if vector.place(row).count == 0 {
          number = try absent(row)
        } else {
          number = try spell(row)
          numbers[code] = number
        }
      }
      target[start &+ row] = UInt64(number)
    }
  }

  private mutating func lookUp(
    _ row: Int, _ vector: ColumnVector, _ spell: (Int) throws(Failure) -> UInt32
  ) throws(Failure) -> UInt32 {
    let field = vector.place(row)
    let none = WordCache.Field(start: 0, count: 0)
    if vector.dictionary != nil { return try spell(row) }
    if let known = cache.index(vector.text.raw, field, none) { return known }
    let number = try spell(row)
    cache.remember(number, vector.text.raw, field, none)
    return number
  }

  /// Both parts side by side, where the cache can compare them.
  private mutating func lookUp(
    _ row: Int, _ vector: ColumnVector, _ other: ColumnVector,
    _ spell: (Int) throws(Failure) -> UInt32
  ) throws(Failure) -> UInt32 {
    let first = vector.place(row)
    let second = other.has(row) ? other.place(row) : WordCache.Field(start: 0, count: 0)
    guard first.count + second.count <= WordCache.limit else { return try spell(row) }
    pair.removeAll(keepingCapacity: true)
    pair.append(vector.bytes.raw.extracting(first.start..<first.start + first.count))
    pair.append(other.bytes.raw.extracting(second.start..<second.start + second.count))
    pair += repeatElement(0, count: 16)
    let (a, b) = (
      WordCache.Field(start: 0, count: first.count),
      WordCache.Field(start: first.count, count: second.count)
    )
    if let known = cache.index(pair.raw, a, b) { return known }
    let number = try spell(row)
    let text = pair
    cache.remember(number, text.raw, a, b)
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
