import Foundation
import InvSource
import InvSystem

private let goldenORC = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "golden/orc")

/// The file of that name in Tests/golden/orc.
func orcBytes(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: goldenORC.appending(path: name)))
}

func orcNames(_ prefix: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: goldenORC.path)
    .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".orc") }.sorted()
}

/// A file in memory that holds `bytes`.
func memoryFile(_ bytes: [UInt8], name: String = "file") throws -> SeekableFile {
  var path = FileManager.default.temporaryDirectory.appending(path: "inv-orc-XXXXXX").path
    .utf8CString.map(\.self)
  let number = unsafe mkstemp(&path)
  unsafe unlink(path)
  let written = unsafe write(number, bytes, bytes.count)
  precondition(written == bytes.count)
  return try SeekableFile(Descriptor(number, name: name), name: name)
}

func orcFile(_ name: String) throws -> ORCFile {
  try ORCFile(memoryFile(orcBytes(name), name: name))
}

/// How many rows of all its columns an ORC file yields, or why it does not.
func orcRows(_ bytes: [UInt8]) throws -> Result<Int, Failure> {
  let file = try memoryFile(bytes)
  do throws(Failure) {
    let file = try ORCFile(file)
    let columns = file.columns.indices.filter { !file.columns[$0].isOther }
    var rows = 0
    for (number, part) in file.parts.enumerated() {
      let reader = try file.reader(part: number, columns: columns)
      var vectors = [ColumnVector](repeating: ColumnVector(), count: columns.count)
      var found: UInt64 = 0
      while true {
        let count = try reader.next(&vectors, limit: 4096)
        if count == 0 { break }
        found += UInt64(count)
        // A file may say that it has many rows of nothing.
        if found > 1 << 20 { return .success(-1) }
      }
      precondition(found == part.rows)
      rows += Int(found)
    }
    return .success(rows)
  } catch { return .failure(error) }
}
