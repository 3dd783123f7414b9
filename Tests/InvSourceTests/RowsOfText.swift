import Glibc
import InvBytes
import InvCompress
import InvFormat
import InvSystem

@testable import InvSource

/// A row as a reader of the stream sees it, columns by name.
struct Row: Equatable {
  var key: [UInt8]
  var values: [String: String]

  var text: String { String(decoding: key, as: UTF8.self) }
}

/// What comes out of a text that goes in.
struct Outcome {
  var rows: [Row] = []
  var schema: ObjectSchema
  var account: FileAccount
  var failure: Failure?
}

/// Runs `text`, laid out as `schema` says, through a stream of object rows and back.
func rows(
  _ text: [UInt8], schema: String, with words: [String] = [], choice: RowChoice = RowChoice(),
  mount: [UInt8] = [], patience: Patience = .upTo(0), piece: Int = 1 << 18, limit: UInt64 = .max
) throws -> Outcome {
  let layout = try RowLayout(RowLayout.names(schema), carrying: words, file: "test")
  let temporary = try TemporaryFile()
  let path = temporary.path
  let writer = try ObjectWriter(
    temporary.descriptor(), schema: layout.schema, tool: "test")
  let name = Array("test".utf8)
  let source = try writer.add(
    ObjectSource(file: name, origin: Origin(mount: mount, bucket: [], snapshot: nil)))
  var assembler = RowAssembler(layout, choice, writer)
  assembler.begin(source: source, mount: mount)
  var outcome = Outcome(schema: layout.schema, account: FileAccount(name, patience))
  do throws(Failure) {
    var csv = try CSVText(Inflow(ByteSource(name: "test", bytes: text)), piece: piece)
    try csv.read(
      into: &assembler, fields: layout.fields, account: &outcome.account, limit: limit
    ) { _ in }
  } catch { outcome.failure = error }
  var audit = outcome.account.audit
  audit.read = outcome.account.read
  try writer.finish(audit)
  outcome.rows = try rows(in: path)
  return outcome
}

func rows(in path: String) throws -> [Row] {
  let reader = try ObjectReader(
    try RowStream(try Descriptor.reading(path)), wanting: "test")
  let columns = reader.schema.columns
  var words = ObjectWords(reader.schema)
  var rows: [Row] = []
  while let event = try reader.next() {
    if case .words(let column, _, let more) = event { try words.add(more, column: column) }
    guard case .block(let block) = event else { continue }
    var cursor = ObjectRows(block)
    while try cursor.next() {
      var row = Row(key: cursor.key, values: [:])
      for (place, column) in columns.enumerated().dropFirst() {
        switch column.type {
        case .uint: row.values[column.name] = String(cursor.value(place))
        case .int:
          let value = cursor.signed(place)
          row.values[column.name] = value == absentInt ? "-" : String(value)
        case .word:
          let word = words.words[place][Int(cursor.value(place))]
          row.values[column.name] = String(decoding: word, as: UTF8.self)
        case .key: break
        }
      }
      rows.append(row)
    }
  }
  return rows
}

/// A file that goes with the object.
final class TemporaryFile {
  let path: String
  private let number: Int32

  init() throws {
    var template = Array("/tmp/inv-parse-test-XXXXXX".utf8CString)
    number = unsafe mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if number < 0 { throw Failure.system("create", path) }
  }

  /// Its descriptor, to be taken once.
  func descriptor() -> Descriptor { Descriptor(number, name: path) }

  deinit { unsafe _ = unlink(path) }
}
