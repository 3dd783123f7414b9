import InvBytes

/// The columns of a Parquet file.
struct ParquetSchema {
  static let elementLimit = 100_000

  /// Those at the outermost level.
  private(set) var columns: [TableColumn] = []
  /// How those are read that are; one each.
  private(set) var sources: [ParquetColumn?] = []
  /// How many columns have chunks, nested ones too.
  private(set) var leaves = 0
  /// How many columns are read.
  private(set) var readColumns = 0

  /// A line of the schema, which is a tree in preorder.
  private struct Element {
    var name = ""
    var storage: Int64?
    var length = 0
    var repetition: Int64 = 0
    var children = 0
    var converted: Int64?
    var scale = 0
    var annotation: ParquetAnnotation?
  }

  /// Reads the list of elements that `field` announces.
  init(_ reader: inout ThriftCompactReader, _ field: ThriftField) throws(FormatError) {
    let count = try reader.structures(field)
    guard count > 0, count <= Self.elementLimit else {
      throw reader.fault("a schema of \(count) elements")
    }
    // How many elements are still to come in each group that is open, the root first.
    var open = [try Self.element(&reader).children]
    for _ in 1..<count {
      while let rest = open.last, rest == 0 { open.removeLast() }
      guard let rest = open.last else { throw reader.fault("elements after the end of the schema") }
      open[open.count - 1] = rest - 1
      let element = try Self.element(&reader)
      if open.count == 1 { try add(element, reader.fault("")) }
      if element.children > 0 {
        guard open.count < ThriftCompactReader.depthLimit else {
          throw reader.fault("columns too deep in each other")
        }
        open.append(element.children)
      } else if element.storage != nil {
        leaves += 1
      }
    }
    guard open.allSatisfy({ $0 == 0 }) else { throw reader.fault("the schema ends too early") }
  }

  /// Adds a column of the outermost level.
  private mutating func add(_ element: Element, _ place: FormatError) throws(FormatError) {
    let isOptional = element.repetition == 1
    let annotation =
      element.annotation
      ?? element.converted.map { ParquetAnnotation(converted: $0, scale: element.scale) } ?? .none
    func add(_ kind: TableColumn.Kind, _ source: ParquetColumn?) {
      columns.append(TableColumn(element.name, kind, isOptional: isOptional))
      sources.append(source)
      if source != nil { readColumns += 1 }
    }
    guard element.children == 0, let type = element.storage else {
      if case .named(let name) = annotation { return add(.other(name), nil) }
      return add(.other("struct"), nil)
    }
    guard element.repetition < 2 else { return add(.other("list"), nil) }
    guard let storage = ParquetColumn.Storage(rawValue: type) else {
      throw FormatError("column '\(element.name)' is of type \(type)", at: place.at)
    }
    if storage == .fixed && element.length == 0 { return add(.other("nothing"), nil) }
    let (kind, meaning) = annotation.kind(storage, length: element.length)
    add(
      kind,
      meaning.map {
        ParquetColumn(
          name: element.name, storage: storage, length: element.length, meaning: $0,
          isOptional: isOptional, leaf: leaves, number: readColumns)
      })
  }

  /// SchemaElement of parquet.thrift.
  private static func element(_ reader: inout ThriftCompactReader) throws(FormatError) -> Element {
    var element = Element()
    var field = ThriftField()
    while try reader.next(&field) {
      switch field.id {
      case 1: element.storage = try reader.integer(field)
      case 2: element.length = try reader.count(field, "a length")
      case 3: element.repetition = try reader.integer(field)
      case 4: element.name = try reader.text(field)
      case 5: element.children = try reader.count(field, "a number of columns")
      case 6: element.converted = try reader.integer(field)
      case 7: element.scale = try scale(&reader, field)
      case 10: element.annotation = try logicalType(&reader, field)
      default: try reader.skip(field)
      }
    }
    return element
  }

  private static func scale(_ reader: inout ThriftCompactReader, _ field: ThriftField)
    throws(FormatError) -> Int
  {
    let scale = try reader.count(field, "a scale")
    guard scale <= 38 else { throw reader.fault("a scale of \(scale)") }
    return scale
  }

  /// LogicalType of parquet.thrift, a union.
  private static func logicalType(_ reader: inout ThriftCompactReader, _ field: ThriftField)
    throws(FormatError) -> ParquetAnnotation?
  {
    try reader.expectStructure(field)
    var annotation: ParquetAnnotation?
    var choice = ThriftField()
    while try reader.next(&choice) {
      switch choice.id {
      case 2: annotation = .named("map")
      case 3: annotation = .named("list")
      case 6: annotation = .date
      case 15: annotation = .named("float16")
      case 16: annotation = .named("variant")
      case 5, 7, 8, 10:
        annotation = try parameters(&reader, choice)
        continue
      default: break
      }
      try reader.skip(choice)
    }
    return annotation
  }

  /// What DecimalType, TimeType, TimestampType and IntType of parquet.thrift say.
  private static func parameters(_ reader: inout ThriftCompactReader, _ choice: ThriftField)
    throws(FormatError) -> ParquetAnnotation?
  {
    try reader.expectStructure(choice)
    var field = ThriftField()
    var (scale, isSigned, perSecond) = (0, true, Int64(1000))
    while try reader.next(&field) {
      switch (choice.id, field.id) {
      case (5, 1): scale = try self.scale(&reader, field)
      case (10, 2): isSigned = try reader.boolean(field)
      case (7, 2), (8, 2): perSecond = try unit(&reader, field)
      default: try reader.skip(field)
      }
    }
    return switch choice.id {
    case 5: .decimal(scale: scale)
    case 7: .timeOfDay(perSecond: perSecond)
    case 8: .timestamp(perSecond: perSecond)
    default: .integer(isSigned: isSigned)
    }
  }

  /// How many of a TimeUnit of parquet.thrift, a union, make a second.
  private static func unit(_ reader: inout ThriftCompactReader, _ field: ThriftField)
    throws(FormatError) -> Int64
  {
    try reader.expectStructure(field)
    var perSecond: Int64?
    var choice = ThriftField()
    while try reader.next(&choice) {
      switch choice.id {
      case 1: perSecond = 1000
      case 2: perSecond = 1_000_000
      case 3: perSecond = 1_000_000_000
      default: break
      }
      try reader.skip(choice)
    }
    guard let perSecond else { throw reader.fault("times in a unit that is not understood") }
    return perSecond
  }
}
