import InvBytes
import InvCompress
import InvFormat
import InvSystem

@testable import InvSource

/// What comes of a text that is read as `options` say.
func listed(
  _ text: [UInt8], _ options: ReadingOptions, choice: RowChoice = RowChoice(), mount: [UInt8] = [],
  piece: Int = 1 << 18
) throws -> Outcome {
  var isOnlyTheFile = false
  let window = try TextWindow(Inflow(ByteSource(name: "test", bytes: text)), piece: piece)
  let opened = try OpenedText(window, options, name: "test", &isOnlyTheFile)
  switch consume opened {
  case .empty:
    return Outcome(schema: ObjectSchema([.key]), account: FileAccount([], .endless))
  case .delimited(var csv, let layout):
    return try outcome(layout.schema, .endless) { writer, account throws(Failure) in
      var rows = RowAssembler(layout, RowChoice(), writer)
      rows.begin(source: 0, mount: [])
      try csv.read(into: &rows, fields: layout.fields, account: &account) { _ in }
    }
  case .rows(let reader):
    return try outcome(reader.layout.schema, .endless) { writer, account throws(Failure) in
      var rows = RowAssembler(reader.layout, RowChoice(), writer)
      rows.begin(source: 0, mount: [])
      try readRows(of: reader, into: &rows, account: &account) { _ in }
    }
  case .scan(var text):
    return try outcome(text.format.schema, .endless) { writer, account throws(Failure) in
      var rows = ScanRows(text.format, choice, writer, source: 0, mount: mount)
      try text.read(into: &rows, account: &account) { _ in }
    }
  }
}

/// What comes of a text that is read as the scan is that begins with another.
func listed(
  _ text: [UInt8], like other: [UInt8], _ options: ReadingOptions, piece: Int = 1 << 18
) throws -> Outcome {
  var isOnlyTheFile = false
  let front = try TextWindow(Inflow(ByteSource(name: "test", bytes: other)))
  let opened = try OpenedText(front, options, name: "test", &isOnlyTheFile)
  guard case .scan(let scan) = consume opened else { throw Failure.data("no scan") }
  let format = scan.format
  return try outcome(format.schema, .endless) { writer, account throws(Failure) in
    var rows = ScanRows(format, RowChoice(), writer, source: 0, mount: [])
    let window = try TextWindow(Inflow(ByteSource(name: "test", bytes: text)), piece: piece)
    var part = ScanText(window, format)
    try part.read(into: &rows, account: &account) { _ in }
  }
}

/// What comes of a table.
func rows(
  of table: FakeTable, with words: [String] = [], limit: Int = TableAssembler.batch,
  patience: Patience = .upTo(0), choice: RowChoice = RowChoice()
) throws -> Outcome {
  var options = ReadingOptions()
  options.words = words
  let layout = try RowLayout(table: table.columns, options, file: "test")
  return try outcome(layout.schema, patience) { writer, account throws(Failure) in
    var rows = try TableAssembler(layout, table.columns, choice, writer, file: "test")
    rows.begin(source: 0, mount: [])
    var vectors = rows.columns.map { _ in ColumnVector() }
    for part in table.parts.indices {
      let reader = try table.reader(part: part, columns: rows.columns)
      while true {
        let count = try reader.next(&vectors, limit: limit)
        if count == 0 { break }
        try rows.take(vectors, count, account: &account, at: 0)
      }
    }
    try rows.flush()
  }
}

private func outcome(
  _ schema: ObjectSchema, _ patience: Patience,
  _ body: (ObjectWriter, inout FileAccount) throws(Failure) -> Void
) throws -> Outcome {
  let name = Array("test".utf8)
  let file = try TemporaryFile()
  let writer = try ObjectWriter(file.descriptor(), schema: schema, tool: "test")
  _ = try writer.add(ObjectSource(file: name, origin: Origin(bucket: [], snapshot: nil)))
  var outcome = Outcome(schema: schema, account: FileAccount(name, patience))
  do throws(Failure) { try body(writer, &outcome.account) } catch { outcome.failure = error }
  try writer.finish(outcome.account.audit)
  outcome.rows = try rows(in: file.path)
  return outcome
}

/// A table in memory: parts of rows of values as text, nil where there is none.
final class FakeTable: TableFile, @unchecked Sendable {
  let name = "test"
  let columns: [TableColumn]
  let rows: [[[String?]]]
  var hasDictionaries = false

  init(_ columns: [TableColumn], _ rows: [[[String?]]]) {
    (self.columns, self.rows) = (columns, rows)
  }

  var parts: [TablePart] {
    rows.map { TablePart(firstRow: 0, rows: UInt64($0.count), offset: 0, bytes: 0) }
  }

  func reader(part: Int, columns: [Int]) throws(Failure) -> any TableReader {
    FakeReader(self, rows[part], columns)
  }
}

private final class FakeReader: TableReader {
  private let table: FakeTable
  private var rows: ArraySlice<[String?]>
  private let columns: [Int]

  init(_ table: FakeTable, _ rows: [[String?]], _ columns: [Int]) {
    (self.table, self.rows, self.columns) = (table, rows[...], columns)
  }

  func next(_ vectors: inout [ColumnVector], limit: Int) throws(Failure) -> Int {
    let batch = rows.prefix(limit)
    rows = rows.dropFirst(limit)
    for (place, column) in columns.enumerated() {
      let values = batch.map { $0[column] }
      vectors[place].clear()
      vectors[place].count = batch.count
      if values.contains(nil) { vectors[place].present = values.map { $0 == nil ? 0 : 1 } }
      if table.columns[column].kind == .bytes {
        fill(&vectors[place], values)
      } else {
        vectors[place].integers = values.map { $0.flatMap { Int64($0) } ?? 0 }
      }
    }
    return batch.count
  }

  private func fill(_ vector: inout ColumnVector, _ values: [String?]) {
    let words = table.hasDictionaries ? Array(Set(values.compactMap(\.self))).sorted() : []
    var text: [UInt8] = []
    var starts: [UInt32] = [0]
    for value in table.hasDictionaries ? words : values {
      text += Array((value ?? "").utf8)
      starts.append(UInt32(text.count))
    }
    text += repeatElement(0, count: 32)
    if table.hasDictionaries {
      vector.dictionary = ColumnDictionary(text: text, starts: starts)
      vector.codes = values.map { value in
        UInt32(words.firstIndex { $0 == value } ?? 0)
      }
    } else {
      (vector.text, vector.starts) = (text, starts)
    }
  }
}
