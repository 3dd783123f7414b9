import Foundation
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSort

/// Rows whose blocks end for each of the three reasons: rows, suffixes, cells.
@Suite struct BlockTests {
  /// Writes a run of rows with `cells` cells each, and returns its path.
  private func run(
    _ rows: [(prefix: [UInt8], cells: [Cell])], _ words: [[UInt8]], _ name: String,
    in folder: TestFolder
  ) throws -> String {
    var schema = PrefixSchema(
      dimensions: [.state, Dimension("class", .word)],
      origins: [Origin(bucket: Array("bucket".utf8), snapshot: sampleSnapshot)])
    schema.words[1] = words
    let path = folder.file(name)
    let writer = try PrefixWriter(
      try Descriptor.creating(path), schema: schema, codec: .zstd, isFile: true, tool: "test")
    var previous: [UInt8] = []
    for row in rows {
      let common = zip(previous, row.prefix).prefix { $0 == $1 }.count
      try writer.append(
        row.prefix, sharing: common, listed: 0, times: RowTimes(), cells: row.cells)
      previous = row.prefix
    }
    try writer.finish(Audit())
    return path
  }

  /// Every rule of the rows of a file, the ends of its blocks among them.
  private func check(_ path: String) throws -> [Int] {
    let reader = try PrefixReader(try RowStream(try Descriptor.reading(path)), wanting: "test")
    var rows = try PrefixRows(reader.schema)
    var blocks: [Int] = []
    while let event = try reader.next() {
      guard case .block(let block) = event else { continue }
      blocks.append(block.rows)
      try rows.begin(block)
      while try rows.next() {}
    }
    return blocks
  }

  private func expectSameBytes(_ runs: [String], in folder: TestFolder) throws -> [Int] {
    let reference = try merge(runs, to: "reference", in: folder)
    let expected = try bytes(reference)
    for threads in 2...4 {
      let path = try merge(runs, to: "other", in: folder) {
        $0.threads = threads
        $0.memory = threads == 3 ? Merging.leastMemory : 1 << 30
      }
      #expect(try bytes(path) == expected, "\(threads) threads")
    }
    // What is merged again is the same, however often: one way of cutting blocks.
    #expect(try bytes(try merge([reference], to: "again", in: folder)) == expected)
    return try check(reference)
  }

  @Test(arguments: [1] as [UInt64])
  func rowsOfManyCells(seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let folder = try TestFolder()
    let words = (0..<33_000).map { Array("w\(10_000_000 + $0)".utf8) }
    let code = try PointCode(sizes: [5, words.count])
    let runs = try (0..<2).map { number in
      try run(
        (0..<9).compactMap { row in
          if number != 0, Bool.random(using: &generator) { return nil }
          let most = [3, 11_000, 33_000].randomElement(using: &generator) ?? 1
          let cells = (0..<most * 2).map { place in
            Cell(
              code: code.part(0, UInt64(place / most)) | code.part(1, UInt64(place % most)),
              objects: 1 + UInt64(number), bytes: UInt64.random(in: 0...1 << 40, using: &generator))
          }
          return (Array("p\(100 + row)/".utf8), cells)
        }, words, "run\(number)", in: folder)
    }
    let blocks = try expectSameBytes(runs, in: folder)
    #expect(blocks.count > 2 && blocks.dropLast().allSatisfy { $0 < 1024 }, "seed \(seed)")
  }

  @Test(arguments: [3, 4] as [UInt64])
  func prefixesThatFillBlocks(seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let folder = try TestFolder()
    let runs = try (0..<3).map { number in
      var prefixes: Set<[UInt8]> = []
      for row in 0..<120 {
        // Lengths at which blocks end just before, at and behind 1 MiB; some share most of their bytes.
        let length = [65_534, 65_535, 32_767, 100, 1].randomElement(using: &generator) ?? 1
        let letter = UInt8(ascii: "a") + UInt8(row % 20)
        var prefix = [UInt8](repeating: letter, count: length)
        if Bool.random(using: &generator) {
          prefix[Int.random(in: 0..<length, using: &generator)] = 0x41 + UInt8(number)
        }
        prefixes.insert(prefix + [0x2f])
      }
      let rows = prefixes.sorted { $0.lexicographicallyPrecedes($1) }.map { prefix in
        (prefix, [Cell(code: 0, objects: 1, bytes: 2)])
      }
      return try run(rows, [Array("w".utf8)], "run\(number)", in: folder)
    }
    let blocks = try expectSameBytes(runs, in: folder)
    #expect(blocks.count > 2 && blocks.dropLast().allSatisfy { $0 < 1024 }, "seed \(seed)")
  }
}
