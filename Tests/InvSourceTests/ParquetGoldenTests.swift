import InvSource
import InvSystem
import TestSupport
import Testing

@Suite struct ParquetGoldenTests {
  @Test func allAreThere() { #expect(ParquetGolden.names.count > 60) }

  /// Whatever the size of a batch, the rows are the same.
  @Test(arguments: ParquetGolden.names)
  func reads(_ name: String) throws {
    let file = try ParquetFile(
      SeekableFile(Descriptor.reading(ParquetGolden.path(name)), name: name))
    let expected = try ParquetGolden.expected(name)
    for limit in [4096, 7, 1] {
      let lines = try lines(file, limit: limit)
      #expect(lines.count == expected.count)
      for (line, wanted) in zip(lines, expected) where line != wanted {
        Issue.record("\(name): \(line) is not \(wanted)")
        return
      }
    }
    #expect(file.parts.last.map { $0.firstRow + $0.rows } ?? 0 == UInt64(expected.count - 1))
  }

  /// A column read alone is what it is among others.
  @Test(arguments: ["rows-pyarrow-fallback-v1", "rows-spark-snappy-v2", "rows-duckdb-zstd-v2"])
  func readsOneColumn(_ name: String) throws {
    let file = try ParquetFile(
      SeekableFile(Descriptor.reading(ParquetGolden.path(name)), name: name))
    let expected = try ParquetGolden.expected(name)
    let names = expected[0].split(separator: "\t").map { String($0.prefix { $0 != ":" }) }
    for (place, column) in file.columns.enumerated() {
      guard let field = names.firstIndex(of: column.name) else {
        #expect(column.kind == .other("list") || column.kind == .other("struct"))
        continue
      }
      var values: [String] = []
      for part in file.parts.indices {
        let reader = try file.reader(part: part, columns: [place])
        var vectors = [ColumnVector()]
        while case let count = try reader.next(&vectors, limit: 50), count > 0 {
          values += (0..<count).map { vectors[0].text($0, column.kind) }
        }
      }
      #expect(
        values
          == expected.dropFirst().map {
            String($0.split(separator: "\t", omittingEmptySubsequences: false)[field])
          })
    }
  }

  /// Texts of few different values come as codes, and those that a dictionary has no room for as texts.
  @Test func dictionariesStayAsTheyAre() throws {
    let path = ParquetGolden.path("rows-pyarrow-fallback-v1")
    let file = try ParquetFile(SeekableFile(Descriptor.reading(path), name: path))
    var (coded, plain) = (0, 0)
    let reader = try file.reader(part: 0, columns: [0])
    var vectors = [ColumnVector()]
    while case let count = try reader.next(&vectors, limit: 50), count > 0 {
      if vectors[0].dictionary == nil { plain += count } else { coded += count }
    }
    #expect(coded > 0 && plain > 0)
  }
}
