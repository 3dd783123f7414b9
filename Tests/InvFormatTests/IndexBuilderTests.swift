import Foundation
import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvFormat

@Suite struct IndexBuilderTests {
  static let seed = UInt64.random(in: 0...UInt64.max)

  /// The text of prefix rows of a tree that is deep and wide in places, with states and times.
  func text(levels: Int, _ generator: inout SeededGenerator) -> String {
    var text = """
      #inv-rows: 1
      # kind: prefixes
      # order: prefix
      # column: prefix\tkey
      # column: listed\tuint
      # column: oldest-modified\tint
      # column: newest-modified\tint
      # column: oldest-accessed\tint
      # column: newest-accessed\tint
      # column: cells\tuint
      # dimension: state\tstate
      # dimension: size\tband\t0\t1\t1024
      # age-of: modified
      # origin: \tmade\t-\tkey state size modified accessed
      prefix\tlisted\toldest-modified\tnewest-modified\toldest-accessed\tnewest-accessed\tcells

      """
    var names: [String] = []
    for level in 0..<levels {
      let folder = String(repeating: "m/", count: level)
      for name in "abkxyz" where Int.random(in: 0..<3, using: &generator) == 0 {
        names.append("\(folder)\(name)/")
        for leaf in 0..<Int.random(in: 0..<(level % 50 == 7 ? 150 : 3), using: &generator) {
          names.append("\(folder)\(name)/\(leaf + 100)/")
        }
      }
    }
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let isCurrent = Bool.random(using: &generator)
      let state = isCurrent ? "current" : "noncurrent"
      let band = [0, 1, 1024].randomElement(using: &generator) ?? 0
      let objects = Int.random(in: 1..<100, using: &generator)
      let time = isCurrent ? "2025-01-0\(objects % 9 + 1)T00:00:00Z" : "-"
      let listed = Int.random(in: 0..<3, using: &generator)
      text += "\(name)\t\(listed)\t\(time)\t\(time)\t\(time)\t\(time)"
      text += "\t\(state),\(band)=\(objects):\(objects * band)\n"
    }
    return text + "#end\n"
  }

  /// The files of the index of `rows`, by name, but not source.json.
  func files(_ rows: [UInt8], memory: UInt64, threads: Int, raw: Bool = false) throws -> [String:
    Data]
  {
    try withPlace { place in
      try withFile(rows) { path in
        let reader = try PrefixReader(try RowStream(reading(path)), wanting: "test")
        var building = IndexBuilding()
        (building.memory, building.threads, building.isRaw) = (memory, threads, raw)
        let out = place.folder + "/out"
        try IndexBuilder(reader, building).run(into: out, isReplacing: false) { _, _ in }
        #expect(try namesInFolder(place.folder) == ["out"])
        var files: [String: Data] = [:]
        for name in try namesInFolder(out) where name != "source.json" {
          files[name] = try Data(contentsOf: URL(filePath: "\(out)/\(name)"))
        }
        return files
      }
    }
  }

  @Test(arguments: [false, true]) func memoryAndThreadsMakeNoDifference(raw: Bool) throws {
    var generator = SeededGenerator(Self.seed)
    let rows = try load(text(levels: 400, &generator))
    let expected = try files(rows, memory: 1 << 30, threads: 1, raw: raw)
    // So little that all that can wait on disk does.
    for (memory, threads) in [(1 << 30, 3), (60_000, 1), (60_000, 2)] as [(UInt64, Int)] {
      let files = try files(rows, memory: memory, threads: threads, raw: raw)
      #expect(files == expected, "seed \(Self.seed), memory \(memory), \(threads) threads")
    }
  }

  /// The rows of a stream, and how it ends, as `walk` has it for one block after another.
  func walk(
    _ path: String, _ start: (PrefixReader) throws -> (PrefixBlock, inout [String]) -> FormatError?
  ) -> (rows: [String], end: String) {
    var rows: [String] = []
    do {
      let reader = try PrefixReader(try RowStream(reading(path)), wanting: "test")
      let walk = try start(reader)
      while let event = try reader.next() {
        if case .block(let block) = event, let error = walk(block, &rows) {
          return (rows, reader.failure(error.what, in: block).sentence)
        }
      }
      return (rows, "end")
    } catch { return (rows, "\(error)") }
  }

  func slowly(_ path: String) -> (rows: [String], end: String) {
    walk(path) { reader in
      var row = try PrefixRows(reader.schema)
      return { block, rows in
        do throws(FormatError) {
          try row.begin(block)
          while try row.next() {
            rows.append("\(row.prefix) \(row.listed) \(row.times) \(row.cells) \(row.totals)")
          }
          return nil
        } catch { return error }
      }
    }
  }

  func fast(_ path: String) -> (rows: [String], end: String) {
    walk(path) { reader in
      let row = RowBox(CheckedRow(reader.schema, reader.code))
      return { block, rows in row.walk(block, &rows) }
    }
  }

  func expectSame(_ path: String, _ what: String) {
    let (one, other) = (slowly(path), fast(path))
    #expect(one.rows == other.rows, "\(what)")
    #expect(one.end == other.end, "\(what)")
  }

  @Test func rowsAreCheckedAsTheyAreSlowly() throws {
    for folder in ["bad", "rows"] {
      for name in try namesInFolder(golden.appending(path: folder).path)
      where name.hasSuffix(".rows") {
        expectSame(golden.appending(path: "\(folder)/\(name)").path, name)
      }
    }
    var generator = SeededGenerator(Self.seed)
    let text = text(levels: 60, &generator)
    try withFile(try load(text)) { expectSame($0, "seed \(Self.seed)") }
    var lines = text.split(separator: "\n")
    for round in 0..<40 {
      // What the loader takes: rows in any order, times and cells as they are.
      let place = Int.random(in: 15..<lines.count - 2, using: &generator)
      lines.swapAt(place, Int.random(in: 15..<lines.count - 2, using: &generator))
      let changed = lines.joined(separator: "\n") + "\n"
      guard let rows = try? load(changed) else { continue }
      try withFile(rows) { expectSame($0, "seed \(Self.seed), round \(round)") }
    }
  }
}

/// A row that closures can hold.
private final class RowBox {
  private var row: CheckedRow
  private var list = PlainList<Cell>(capacity: 1)

  init(_ row: consuming CheckedRow) { self.row = row }

  deinit { list.free() }

  func walk(_ block: PrefixBlock, _ rows: inout [String]) -> FormatError? {
    do throws(FormatError) {
      try row.begin(block)
      while try row.next() {
        let (prefix, listed) = (row.keyBytes, row.listed)
        list.removeAll()
        try row.finish(into: &list)
        let cells = (0..<list.count).map { list[$0] }
        rows.append("\(prefix) \(listed) \(row.times) \(cells) \(row.totals)")
      }
      return nil
    } catch { return error }
  }
}
