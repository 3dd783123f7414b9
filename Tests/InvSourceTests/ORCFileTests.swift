import InvSource
import InvSystem
import Synchronization
import Testing

/// Files of Tests/golden/orc give the rows that were written into them.
@Suite struct ORCFileTests {
  @Test(arguments: try orcNames("flat-"), [1, 7, 1000])
  func everyWriterAndCodec(name: String, limit: Int) throws {
    let text = try tableText(orcFile(name), limit: limit)
    #expect(text == (try orcBytes("flat.txt")))
  }

  @Test func kindsOfColumns() throws {
    let file = try orcFile("flat-java-zlib.orc")
    let kinds: [(String, TableColumn.Kind)] = [
      ("id", .integer), ("b", .boolean), ("i8", .integer), ("i16", .integer), ("i32", .integer),
      ("f", .real), ("d", .real), ("s", .bytes), ("w", .bytes), ("vc", .bytes), ("ch", .bytes),
      ("bin", .bytes), ("dt", .time), ("ts", .time), ("ti", .time), ("dec", .other("decimal")),
      ("li", .other("list")), ("st", .other("struct")), ("mp", .other("map")), ("last", .bytes),
    ]
    #expect(file.columns == kinds.map { TableColumn($0, $1, isOptional: true) })
    #expect(file.parts.map(\.rows) == [120])
  }

  @Test func columnsInAnyOrder() throws {
    let rows = try orcBytes("flat.txt").split(separator: 0x0a)
    let expected = rows.flatMap { row in
      let fields = row.split(separator: 0x09, omittingEmptySubsequences: false)
      return fields[15] + [0x09] + fields[0] + [0x0a]
    }
    #expect(try tableText(orcFile("flat-arrow-0.12.orc"), columns: [19, 0]) == expected)
  }

  @Test func wordsComeAsADictionary() throws {
    for (name, isDictionary) in [("flat-pyorc-zlib", false), ("flat-pyorc-words", true)] {
      let reader = try orcFile("\(name).orc").reader(part: 0, columns: [8])
      var vectors = [ColumnVector()]
      #expect(try reader.next(&vectors, limit: 10) == 10)
      let first = vectors[0].dictionary
      #expect((first != nil) == isDictionary)
      #expect(try reader.next(&vectors, limit: 10) == 10)
      #expect(vectors[0].dictionary === first)
    }
  }

  /// Clocks of the writer's zone show what the file is read as, in summer and winter.
  @Test(arguments: try orcNames("zones-"))
  func zonesOfWriters(name: String) throws {
    #expect(try tableText(orcFile(name)) == (try orcBytes("zones.txt")))
  }

  @Test func severalStripes() throws {
    let file = try orcFile("stripes-arrow.orc")
    #expect(file.parts.count == 13)
    var first: UInt64 = 0
    for part in file.parts {
      #expect(part.firstRow == first)
      first += part.rows
    }
    let text = (0..<800).map { "\($0)\tp\($0 / 7)/\($0)\n" }.joined()
    #expect(try tableText(file) == Array(text.utf8))
  }

  /// One file serves as many threads as it has stripes.
  @Test func stripesSideBySide() throws {
    let file = try orcFile("stripes-arrow.orc")
    let counts = Mutex([Int](repeating: 0, count: file.parts.count))
    let threads = try file.parts.indices.map { part in
      try Thread {
        guard let reader = try? file.reader(part: part, columns: [0, 1]) else { return }
        var vectors = [ColumnVector(), ColumnVector()]
        while let count = try? reader.next(&vectors, limit: 7), count > 0 {
          // Numbers follow each other through all stripes.
          let first = Int64(file.parts[part].firstRow) + Int64(counts.withLock { $0[part] })
          guard vectors[0].integers == Array(first..<first + Int64(count)) else { return }
          counts.withLock { $0[part] += count }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(counts.withLock { $0.map(UInt64.init) } == file.parts.map(\.rows))
  }

  @Test func noRows() throws {
    #expect(try tableText(orcFile("empty-pyorc.orc")) == [])
    #expect(try orcFile("empty-pyorc.orc").columns.map(\.name) == ["id", "s"])
  }

  @Test func noValues() throws {
    #expect(try tableText(orcFile("nothing-pyorc.orc")) == (try orcBytes("nothing.txt")))
  }

  @Test func encryptedColumnsAreLeftOut() throws {
    let file = try orcFile("encrypted-java.orc")
    #expect(file.columns.map(\.kind) == [.integer, .other("encrypted"), .bytes])
    #expect(try tableText(file) == (try orcBytes("encrypted.txt")))
    let failure = Failure.data(
      "encrypted-java.orc: byte 3: column s: values of type encrypted are not read")
    #expect(throws: failure) { _ = try file.reader(part: 0, columns: [1]) }
  }

  @Test(arguments: [
    ("refused-lzo.orc", "byte 179: compression LZO is not read"),
    ("refused-future.orc", "byte 174: ORC version 1.9999 is not read, only 0.11 and 0.12"),
    ("refused-root.orc", "byte 3: footer: rows of type list, where only struct is read"),
  ])
  func refusedByName(name: String, why: String) throws {
    #expect(throws: Failure.data("\(name): \(why)")) { _ = try orcFile(name) }
  }
}
