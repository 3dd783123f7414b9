import InvBytes

/// Where a row group keeps the values of one column.
struct ParquetChunk {
  enum Flaw { case none, isEncrypted, isElsewhere }

  var offset: UInt64 = 0
  var length: UInt64 = 0
  var codec: Int32 = 0
  var flaw = Flaw.none
}

/// What stands at the end of a Parquet file: FileMetaData of parquet.thrift.
struct ParquetFooter {
  static let groupLimit = 1 << 20
  /// What a row group says of a column takes more bytes than this.
  private static let leastOfColumn = 16

  let schema: ParquetSchema
  private(set) var parts: [TablePart] = []
  /// The chunks of all row groups, one for each column that is read.
  private var chunks: [ParquetChunk] = []

  /// The chunk of `column` in row group `part`.
  func chunk(part: Int, of column: ParquetColumn) -> ParquetChunk {
    chunks[part * schema.readColumns + column.number]
  }

  /// Reads the footer of a file whose chunks lie before byte `end`; offsets in errors count from the
  /// start of the footer.
  init(_ bytes: RawSpan, end: UInt64) throws(FormatError) {
    var reader = ThriftCompactReader(bytes)
    var field = ThriftField()
    var schema: ParquetSchema?
    var rows: Int64?
    var hasGroups = false
    while try reader.next(&field) {
      switch field.id {
      case 2:
        guard schema == nil else { throw reader.fault("a second schema") }
        schema = try ParquetSchema(&reader, field)
      case 3: rows = try reader.integer(field)
      case 4:
        guard let schema, !hasGroups else { throw reader.fault("row groups out of order") }
        hasGroups = true
        try Self.groups(&reader, field, schema, end, &parts, &chunks)
      default: try reader.skip(field)
      }
    }
    guard let schema, let rows, rows >= 0 else {
      throw reader.fault("the footer has no schema or no number of rows")
    }
    let sum = parts.last.map { $0.firstRow + $0.rows } ?? 0
    guard UInt64(rows) == sum else {
      throw reader.fault("\(rows) rows are promised, and \(sum) in the row groups")
    }
    self.schema = schema
  }

  private static func groups(
    _ reader: inout ThriftCompactReader, _ field: ThriftField, _ schema: ParquetSchema,
    _ end: UInt64, _ parts: inout [TablePart], _ chunks: inout [ParquetChunk]
  ) throws(FormatError) {
    let count = try reader.structures(field)
    guard count <= groupLimit else { throw reader.fault("\(count) row groups") }
    let (total, overflow) = count.multipliedReportingOverflow(by: schema.readColumns)
    guard !overflow, total <= max(schema.readColumns, reader.left / leastOfColumn) else {
      throw reader.fault("\(count) row groups of \(schema.readColumns) columns in so few bytes")
    }
    chunks.reserveCapacity(total)
    // By number of those that have chunks, which columns are read.
    var places = [Int?](repeating: nil, count: schema.leaves)
    for case let source? in schema.sources { places[source.leaf] = source.number }
    var firstRow: UInt64 = 0
    for _ in 0..<count {
      let start = chunks.count
      chunks += repeatElement(ParquetChunk(), count: schema.readColumns)
      let rows = try group(&reader, places, end, &chunks, start)
      let offset = chunks[start...].lazy.filter { $0.length > 0 }.map(\.offset).min()
      var bytes: UInt64 = 0
      for chunk in chunks[start...] { bytes &+= chunk.length }
      parts.append(TablePart(firstRow: firstRow, rows: rows, offset: offset ?? 0, bytes: bytes))
      let (next, overflow) = firstRow.addingReportingOverflow(rows)
      guard !overflow else { throw reader.fault("more rows than can be counted") }
      firstRow = next
    }
  }

  /// RowGroup of parquet.thrift; how many rows it has.
  private static func group(
    _ reader: inout ThriftCompactReader, _ places: [Int?], _ end: UInt64,
    _ chunks: inout [ParquetChunk], _ start: Int
  ) throws(FormatError) -> UInt64 {
    var field = ThriftField()
    var rows: Int64?
    var values: [Int64] = []
    var hasColumns = false
    while try reader.next(&field) {
      switch field.id {
      case 1:
        let count = try reader.structures(field)
        guard count == places.count, !hasColumns else {
          throw reader.fault("a row group of \(count) columns where the schema has \(places.count)")
        }
        hasColumns = true
        for place in places {
          var chunk = ParquetChunk()
          let count = try column(&reader, &chunk, end)
          guard let place else { continue }
          chunks[start + place] = chunk
          if let count { values.append(count) }
        }
      case 3: rows = try reader.integer(field)
      default: try reader.skip(field)
      }
    }
    guard let rows, rows >= 0, hasColumns || places.isEmpty else {
      throw reader.fault("a row group without columns or number of rows")
    }
    for count in values where count != rows {
      throw reader.fault("a column of \(count) values in a row group of \(rows) rows")
    }
    return UInt64(rows)
  }

  /// ColumnChunk of parquet.thrift; how many values it has, unless that is encrypted.
  private static func column(
    _ reader: inout ThriftCompactReader, _ chunk: inout ParquetChunk, _ end: UInt64
  ) throws(FormatError) -> Int64? {
    var field = ThriftField()
    var values: Int64?
    while try reader.next(&field) {
      switch field.id {
      case 1:
        if try reader.text(field) != "" { chunk.flaw = .isElsewhere }
      case 3: values = try content(&reader, field, &chunk, end)
      case 8:
        chunk.flaw = .isEncrypted
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    guard values != nil || chunk.flaw == .isEncrypted else {
      throw reader.fault("a column of a row group says nothing of itself")
    }
    return values
  }

  /// ColumnMetaData of parquet.thrift.
  private static func content(
    _ reader: inout ThriftCompactReader, _ field: ThriftField, _ chunk: inout ParquetChunk,
    _ end: UInt64
  ) throws(FormatError) -> Int64 {
    try reader.expectStructure(field)
    var field = ThriftField()
    var (values, length, data, dictionary) = (Int64?.none, Int64?.none, Int64?.none, Int64(0))
    while try reader.next(&field) {
      switch field.id {
      case 4: chunk.codec = Int32(truncatingIfNeeded: try reader.integer(field))
      case 5: values = try reader.integer(field)
      case 7: length = try reader.integer(field)
      case 9: data = try reader.integer(field)
      case 11: dictionary = try reader.integer(field)
      default: try reader.skip(field)
      }
    }
    guard let values, let length, let data else {
      throw reader.fault("a column of a row group does not say where it is")
    }
    // Writers say 0 where there is no dictionary, and some let `data` point at it.
    let start = dictionary > 0 ? min(dictionary, data) : data
    guard length >= 0, start >= 0, UInt64(start) <= end, UInt64(length) <= end - UInt64(start)
    else {
      throw reader.fault("a column of \(length) bytes at byte \(start) of \(end)")
    }
    chunk.offset = UInt64(start)
    chunk.length = UInt64(length)
    return values
  }
}
