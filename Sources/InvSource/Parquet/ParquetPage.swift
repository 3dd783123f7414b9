import InvBytes

/// What stands before a page: PageHeader of parquet.thrift.
struct ParquetPage {
  enum Kind: Int64 {
    case data, index, dictionary, dataV2
  }

  enum Encoding: Int64 {
    case plain = 0
    case plainDictionary = 2
    case runs = 3
    case bitPacked = 4
    case delta = 5
    case deltaLength = 6
    case deltaText = 7
    case dictionary = 8
    case split = 9
  }

  /// The bytes of the header itself.
  private(set) var headerLength = 0
  private(set) var kind = Kind.data
  /// The bytes of what follows the header, as they are stored and decompressed.
  private(set) var stored = 0
  private(set) var decoded = 0
  private(set) var checksum: UInt32?
  private(set) var values = 0
  private(set) var encoding = Encoding.plain
  /// Of `data`: how definition levels are stored.
  private(set) var levels = Encoding.runs
  /// Of `dataV2`: how many values are nulls, and the bytes of the levels, which are never compressed.
  private(set) var nulls = 0
  private(set) var levelBytes = 0
  private(set) var isCompressed = true

  /// The header of no page.
  init() {}

  /// Reads the header that `bytes` begin with.
  init(_ bytes: RawSpan) throws(FormatError) {
    var reader = ThriftCompactReader(bytes)
    var field = ThriftField()
    var seen: Set<Int> = []
    while try reader.next(&field) {
      seen.insert(field.id)
      switch field.id {
      case 1:
        let type = try reader.integer(field)
        guard let kind = Kind(rawValue: type) else {
          throw reader.fault("page of type \(type) is not understood")
        }
        self.kind = kind
      case 2: decoded = try reader.count(field, "a page length")
      case 3: stored = try reader.count(field, "a page length")
      case 4: checksum = UInt32(truncatingIfNeeded: try reader.integer(field))
      case 5, 7, 8: try readKind(&reader, field)
      default: try reader.skip(field)
      }
    }
    let detail =
      switch kind {
      case .data: 5
      case .dictionary: 7
      case .dataV2: 8
      case .index: 1
      }
    guard seen.isSuperset(of: [1, 2, 3, detail]) else {
      throw reader.fault("the header of a page lacks what it must have")
    }
    guard levelBytes <= min(stored, decoded) else {
      throw reader.fault("levels of \(levelBytes) bytes in a page of \(stored)")
    }
    headerLength = reader.position
  }

  /// DataPageHeader, DictionaryPageHeader and DataPageHeaderV2 of parquet.thrift.
  private mutating func readKind(_ reader: inout ThriftCompactReader, _ outer: ThriftField)
    throws(FormatError)
  {
    try reader.expectStructure(outer)
    var field = ThriftField()
    var (nulls, rows, definition, repetition) = (0, Int?.none, 0, 0)
    while try reader.next(&field) {
      switch (outer.id, field.id) {
      case (_, 1): values = try reader.count(field, "a number of values")
      case (5, 2), (7, 2), (8, 4): encoding = try Self.encoding(&reader, field)
      case (5, 3): levels = try Self.encoding(&reader, field)
      case (8, 2): nulls = try reader.count(field, "a number of nulls")
      case (8, 3): rows = try reader.count(field, "a number of rows")
      case (8, 5): definition = try reader.count(field, "a length of levels")
      case (8, 6): repetition = try reader.count(field, "a length of levels")
      case (8, 7): isCompressed = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
    guard outer.id == 8 else { return }
    guard repetition == 0, rows ?? values == values, nulls <= values else {
      throw reader.fault("a page of a column that is not nested has rows as if it were")
    }
    self.nulls = nulls
    levelBytes = definition
  }

  private static func encoding(_ reader: inout ThriftCompactReader, _ field: ThriftField)
    throws(FormatError) -> Encoding
  {
    let number = try reader.integer(field)
    guard let encoding = Encoding(rawValue: number) else {
      throw reader.fault("page of encoding \(number) is not understood")
    }
    return encoding
  }
}
