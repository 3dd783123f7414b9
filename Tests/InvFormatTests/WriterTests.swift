import Foundation
import InvBytes
import InvFormat
import InvSystem
import TestSupport
import Testing

/// Streams of many blocks, from the writers that programs use.
@Suite struct WriterTests {
  struct Row: Equatable {
    var prefix: [UInt8]
    var times = RowTimes()
    var cells: [Cell]
  }

  private static let seed =
    ProcessInfo.processInfo.environment["INV_SEED"].flatMap(UInt64.init) ?? 7

  private func rows(_ count: Int, _ code: PointCode) -> [Row] {
    var numbers = SeededGenerator(Self.seed)
    var names: Set<[UInt8]> = []
    while names.count < count {
      let depth = Int.random(in: 0...4, using: &numbers)
      let parts = (0..<depth).map { _ in
        let letters = ["a", "b ", "c!", "d.", "", "\u{7f}", "é", "#"]
        return (0..<3).map { _ in letters.randomElement(using: &numbers) ?? "" }.joined() + "/"
      }
      names.insert(Array(parts.joined().utf8))
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { name in
      var row = Row(prefix: name, cells: [])
      for state: UInt64 in 0..<5 where Bool.random(using: &numbers) {
        let point = code.part(0, state) | code.part(1, .random(in: 0..<12, using: &numbers))
        row.cells.append(
          Cell(
            code: point, objects: .random(in: 1...9, using: &numbers),
            bytes: .random(in: 0...(1 << 40), using: &numbers)))
      }
      if let first = row.cells.first, code.value(0, of: first.code) == 0 {
        row.times.oldestModified = .random(in: -1000...1000, using: &numbers)
        row.times.newestModified = row.times.oldestModified + 5
      }
      return row
    }
  }

  private let schema = PrefixSchema(dimensions: [.state, .size], hasModified: true)

  private func stream(_ rows: [Row], _ codec: Codec) throws -> [UInt8] {
    try written { output in
      let writer = try PrefixWriter(
        output, schema: schema, codec: codec, isFile: true, tool: "test")
      var last: [UInt8] = []
      for row in rows {
        let common = commonPrefix(last.raw, row.prefix.raw)
        try writer.append(
          row.prefix, sharing: common, listed: 0, times: row.times, cells: row.cells)
        last = row.prefix
      }
      try writer.finish(Audit())
    }
  }

  private func read(_ stream: [UInt8]) throws -> [Row] {
    try withFile(stream) { path in
      let reader = try PrefixReader(try RowStream(reading(path)), wanting: "test")
      var walk = try PrefixRows(reader.schema)
      var rows: [Row] = []
      while let event = try reader.next() {
        guard case .block(let block) = event else { continue }
        try walk.begin(block)
        while try walk.next() {
          rows.append(Row(prefix: walk.prefix, times: walk.times, cells: walk.cells))
        }
      }
      return rows
    }
  }

  @Test(arguments: [Codec.none, .zstd], [0, 1, 1023, 1024, 1025, 2500])
  func prefixRowsComeBack(codec: Codec, count: Int) throws {
    let rows = rows(count, try schema.pointCode())
    let stream = try stream(rows, codec)
    #expect(try read(stream) == rows, "seed \(Self.seed)")
    #expect(try fault(stream) == nil)
    let text = try text(stream).bytes
    #expect(try load(text, codec) == stream)
  }

  /// inv-rows(5), "Reading a key range": what it finds is what a scan finds.
  @Test func keyRanges() throws {
    let rows = rows(3000, try schema.pointCode())
    try withFile(try stream(rows, .zstd)) { path in
      let reader = try PrefixReader(try RowStream(reading(path)), wanting: "test")
      let ending = try #require(try reader.ending())
      #expect(ending.totals.rows == 3000)
      #expect(ending.index.entries.count == 3)
      var numbers = SeededGenerator(Self.seed)
      for _ in 0..<50 {
        let first = rows[Int.random(in: 0..<rows.count, using: &numbers)].prefix
        let entry = try #require(ending.index.entry(for: first))
        reader.seek(to: entry.offset)
        var walk = try PrefixRows(reader.schema)
        var found: [[UInt8]] = []
        while let event = try reader.next() {
          guard case .block(let block) = event else { continue }
          try walk.begin(block)
          while try walk.next() {
            if !walk.prefix.lexicographicallyPrecedes(first) { found.append(walk.prefix) }
          }
        }
        let expected = rows.map(\.prefix).filter { !$0.lexicographicallyPrecedes(first) }
        #expect(found == expected)
      }
    }
  }

  @Test func objectRowsComeBack() throws {
    var numbers = SeededGenerator(Self.seed)
    let schema = ObjectSchema([.state, .size, .storageClass, .modified], words: ["encryption"])
    let classes = (0..<5000).map { Array("class \($0)".utf8) }
    var audit = Audit()
    let stream = try written { output in
      let writer = try ObjectWriter(output, schema: schema, tool: "test")
      let origin = Origin(bucket: Array("b".utf8), snapshot: 0)
      let source = try writer.add(ObjectSource(file: [0, 255, 10], origin: origin))
      var builder = ObjectBlockBuilder(schema)
      var last: [UInt8] = []
      for row in 0..<9000 {
        if builder.isFull {
          let count = builder.rows
          try writer.write(builder.flush(source: source), rows: count)
          last = []
        }
        let key = Array("key/\(row / 10)/\(row)".utf8)
        builder.set(1, .random(in: 0..<5, using: &numbers))
        builder.set(2, .random(in: 0...(.max), using: &numbers))
        builder.set(3, UInt64(try writer.word(classes[row % 5000], at: 3)))
        builder.set(4, UInt64(bitPattern: row % 3 == 0 ? absentInt : Int64(row)))
        builder.set(5, UInt64(try writer.word([], at: 5)))
        builder.append(key.span, sharing: commonPrefix(last.raw, key.raw))
        last = key
      }
      let count = builder.rows
      try writer.write(builder.flush(source: source), rows: count)
      audit.read = 9000
      try writer.finish(audit)
    }
    #expect(try fault(stream) == nil)
    #expect(try load(try text(stream).bytes) == stream)
  }

  @Test func hugeWordsDoNotMakeHugeFrames() throws {
    let words = (0..<40).map { [UInt8](repeating: UInt8($0), count: 65_536) }
    let frames = wordsFrames(column: 1, first: 3, words)
    #expect(frames.allSatisfy { $0.payloadLength <= 1 << 20 + 65_540 })
    #expect(frames.count == 3)
    #expect(wordsFrames(column: 0, first: 0, []).isEmpty)
  }
}
