import Foundation
import InvSource
import InvSystem
import TestSupport

/// The files of Tests/golden/parquet, but for inventories.
enum ParquetGolden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "golden/parquet")

  static let names = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".parquet") && !$0.hasPrefix("inventory") }
      .map { String($0.dropLast(8)) }.sorted()
  }()

  static func path(_ name: String) -> String { folder.appending(path: name + ".parquet").path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name + ".parquet")))
  }

  /// The lines of the text that the file called `name` must be read as.
  static func expected(_ name: String) throws -> [String] {
    let table = name.prefix { $0 != "-" } + ".tsv"
    let text = try String(contentsOf: folder.appending(path: String(table)), encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }
}

/// A file of `bytes` that nobody else has.
func seekable(_ bytes: [UInt8], name: String = "t.parquet") throws -> SeekableFile {
  let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  defer { try? FileManager.default.removeItem(atPath: path) }
  try Data(bytes).write(to: URL(filePath: path))
  return try SeekableFile(try Descriptor.reading(path), name: name)
}

/// All that `file` says in columns that can be read, as lines of text: their names, then the rows.
func lines(_ file: some TableFile, limit: Int = 4096) throws -> [String] {
  let columns = file.columns.indices.filter {
    if case .other = file.columns[$0].kind { false } else { true }
  }
  var lines = [
    columns.map { "\(file.columns[$0].name):\(file.columns[$0].kind)" }
      .joined(separator: "\t")
  ]
  for part in file.parts.indices {
    let reader = try file.reader(part: part, columns: columns)
    var vectors = columns.map { _ in ColumnVector() }
    var rows: UInt64 = 0
    while true {
      let count = try reader.next(&vectors, limit: limit)
      for (place, vector) in vectors.enumerated() {
        vector.checkShape(count, file.columns[columns[place]])
      }
      if count == 0 { break }
      rows += UInt64(count)
      for row in 0..<count {
        lines.append(
          zip(columns, vectors).map { $1.text(row, file.columns[$0].kind) }.joined(separator: "\t"))
      }
    }
    precondition(rows == file.parts[part].rows, "rows that are not those promised")
  }
  return lines
}

extension ColumnVector {
  /// Whether there is as much of everything as the contract says.
  func checkShape(_ rows: Int, _ column: TableColumn) {
    precondition(count == rows && (present.isEmpty || present.count == rows))
    precondition(nanoseconds.isEmpty || nanoseconds.contains { $0 != 0 })
    precondition(present.isEmpty || column.isOptional)
    guard rows > 0 else { return }
    switch column.kind {
    case .bytes:
      if let dictionary {
        precondition(codes.count == rows && codes.allSatisfy { $0 < max(1, dictionary.count) })
        precondition(dictionary.text.count >= Int(dictionary.starts[dictionary.count]) + 32)
      } else {
        precondition(starts.count == rows + 1 && text.count >= Int(starts[rows]) + 32)
      }
    case .real: precondition(reals.count == rows)
    default: precondition(integers.count == rows)
    }
  }

  /// The value of `row` as the golden files spell it.
  func text(_ row: Int, _ kind: TableColumn.Kind) -> String {
    if !present.isEmpty && present[row] == 0 { return "\\N" }
    func padded(_ number: some BinaryInteger, _ count: Int, _ radix: Int = 10) -> String {
      let digits = String(number, radix: radix)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    switch kind {
    case .bytes:
      let (all, starts, place) =
        dictionary.map { ($0.text, $0.starts, Int(codes[row])) }
        ?? (text, starts, row)
      return all[Int(starts[place])..<Int(starts[place + 1])].map {
        0x20 < $0 && $0 < 0x7f && $0 != 0x5c
          ? String(UnicodeScalar($0)) : "\\x" + padded($0, 2, 16)
      }.joined()
    case .real: return padded(reals[row].bitPattern, 16, 16)
    case .time:
      return "\(integers[row])." + padded(nanoseconds.isEmpty ? 0 : nanoseconds[row], 9)
    default: return String(integers[row])
    }
  }
}
