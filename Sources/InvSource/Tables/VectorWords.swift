import InvBytes

/// Remembers which word one or two columns of text together stand for, by their codes where they have
/// some, else by their bytes.
struct VectorWords {
  /// Dictionaries of more words are not remembered by code.
  private static let limit = 1 << 16
  private static let unknown = UInt32.max

  private var dictionaries: (ColumnDictionary?, ColumnDictionary?) = (nil, nil)
  /// By codes, 0 for none and otherwise one more than the code.
  private var known: [UInt32] = []
  /// How many codes the second column has; 0 when words are not known by codes.
  private var stride = 0
  private var cache = WordCache()
  /// The bytes of the row that was looked for.
  private var scratch: [UInt8] = []
  private var fields = (WordCache.Field(start: 0, count: 0), WordCache.Field(start: 0, count: 0))
  private var place = 0

  /// Gets ready for rows of these columns.
  mutating func begin(_ first: ColumnVector, _ second: ColumnVector?) {
    let pair = (first.dictionary, second?.dictionary)
    if stride > 0 && pair.0 === dictionaries.0 && pair.1 === dictionaries.1 { return }
    dictionaries = pair
    stride = 0
    guard let dictionary = pair.0, second == nil || pair.1 != nil else { return }
    let others = (pair.1?.count ?? 0) + 1
    guard dictionary.count < Self.limit, others < Self.limit else { return }
    let all = (dictionary.count + 1) * others
    guard all <= Self.limit else { return }
    known = Array(repeating: Self.unknown, count: all)
    stride = others
  }

  /// The index of the word in `row` of the columns at `first` and `second`, if it is remembered.
  @inline(__always)
  mutating func index(_ row: Int, _ vectors: borrowing [ColumnVector], _ first: Int, _ second: Int?)
    -> UInt32?
  {
    guard stride > 0 else { return cached(row, vectors, first, second) }
    place = vectors[first].code(row) * stride
    if let second { place += vectors[second].code(row) }
    let index = known[place]
    return index == Self.unknown ? nil : index
  }

  private mutating func cached(
    _ row: Int, _ vectors: borrowing [ColumnVector], _ first: Int, _ second: Int?
  ) -> UInt32? {
    scratch.removeAll(keepingCapacity: true)
    vectors[first].append(row, to: &scratch)
    let count = scratch.count
    if let second { vectors[second].append(row, to: &scratch) }
    fields.0 = WordCache.Field(start: 0, count: count)
    fields.1 = WordCache.Field(start: count, count: scratch.count - count)
    scratch += repeatElement(0, count: 32)
    return cache.index(scratch.raw, fields.0, fields.1)
  }

  /// Remembers the word that was looked for last.
  mutating func remember(_ index: UInt32) {
    if stride > 0 {
      known[place] = index
    } else {
      let bytes = scratch
      cache.remember(index, bytes.raw, fields.0, fields.1)
    }
  }
}
