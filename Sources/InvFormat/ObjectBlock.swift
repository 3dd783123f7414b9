public import InvBytes

/// A block of object rows that has been read and checked.
public struct ObjectBlock: Sendable {
  public let frame: Frame
  public let rows: Int
  /// The source that all rows come from.
  public let source: UInt32
  public let keys: Keys
  /// The columns of the schema behind the key, in its order.
  private let integers: [PackedInts?]

  /// Checks all that the rows of `frame` claim; `words` has how many words each column has so far.
  public init(_ frame: Frame, schema: ObjectSchema, words: [Int]) throws(FormatError) {
    let payload = frame.payload
    let sections = try Sections(payload)
    source = sections.number
    rows = frame.rows
    guard rows > 0, rows <= Container.objectRowsPerBlock else {
      throw FormatError("a block of \(frame.rows) rows", at: 0)
    }
    self.frame = frame
    keys = try Keys(sections, at: 0, rows: rows, in: payload)
    try keys.checkLength(in: payload)
    var integers: [PackedInts?] = [nil]
    var next = 3
    for (place, column) in schema.columns.enumerated().dropFirst() {
      let values = try sections.integers(next, count: rows)
      let limit: UInt64? =
        switch ObjectSchema.Role(rawValue: column.name) {
        case .kind: UInt64(ObjectKind.allCases.count)
        case .state: UInt64(ObjectState.allCases.count)
        case .storageClass, .owner, .group, nil:
          column.type == .word ? UInt64(words[place]) : nil
        default: nil
        }
      if let limit, values.greatest(in: payload) >= limit {
        throw FormatError("column '\(column.name)' has a value out of range", at: 0)
      }
      integers.append(values)
      next += 1
    }
    guard next == sections.all.count else {
      throw FormatError("the block has \(sections.all.count) sections instead of \(next)", at: 0)
    }
    self.integers = integers
    guard !keys.emptyRows.isEmpty else { return }
    let kinds = schema.place(.kind).flatMap { integers[$0] }
    for row in keys.emptyRows
    where kinds?.value(row, in: payload) != UInt64(ObjectKind.directory.rawValue) {
      throw FormatError("row \(row): the key is empty, and it is no directory", at: 0)
    }
  }

  /// The column at `place` of the schema.
  public func column(_ place: Int?) -> PackedInts? {
    place.flatMap { $0 < integers.count ? integers[$0] : nil }
  }
}

/// Collects object rows of one source and makes blocks of them.
public struct ObjectBlockBuilder: Sendable {
  private let schema: ObjectSchema
  private let sectionCount: Int
  private var builder = SectionsBuilder()
  public private(set) var keys = KeysBuilder(capacity: Container.objectRowsPerBlock)
  /// Values by column and row.
  private var values: [UInt64]
  public private(set) var rows = 0

  public init(_ schema: ObjectSchema) {
    self.schema = schema
    sectionCount = schema.columns.reduce(0) { $0 + $1.sections }
    values = [UInt64](repeating: 0, count: schema.columns.count * Container.objectRowsPerBlock)
  }

  /// Whether the block must be written before the next row.
  @inline(__always)
  public var isFull: Bool {
    rows >= Container.objectRowsPerBlock || keys.bytes.count >= Container.blockKeyBytes
  }

  /// Sets the column at `place` of the row that the next `append` completes.
  @inline(__always)
  public mutating func set(_ place: Int, _ value: UInt64) {
    values[place &* Container.objectRowsPerBlock &+ rows] = value
  }

  /// Completes a row; its first `common` bytes are those of the row before.
  @inline(__always)
  public mutating func append(_ key: Span<UInt8>, sharing common: Int) {
    keys.append(key, sharing: common)
    rows &+= 1
  }

  /// The rows as a block that has been read; the builder is empty again.
  public mutating func block(source: UInt32, words: [Int]) throws(FormatError) -> ObjectBlock {
    let rows = rows
    let frame = Frame(
      type: .block, rows: rows, offset: 0, bytes: flush(source: source).bytes,
      start: Container.frameHeaderLength)
    return try ObjectBlock(frame, schema: schema, words: words)
  }

  /// The block as a sealed frame; the builder is empty again.
  public mutating func flush(source: UInt32) -> FrameBytes {
    builder.begin(sections: sectionCount, number: source)
    keys.flush(into: &builder)
    for (place, column) in schema.columns.enumerated().dropFirst() {
      let first = place * Container.objectRowsPerBlock
      builder.add(
        values, first..<first + rows, absent: column.type == .int ? absentInt : nil)
    }
    builder.end()
    builder.frame.seal(.block, rows: rows)
    rows = 0
    return builder.frame
  }
}
