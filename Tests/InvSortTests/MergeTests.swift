import Foundation
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSort

/// Folds rows into runs below `folder` and returns their paths.
func foldIntoRuns(
  _ rows: [SampleRow], _ name: String = "runs", treeLimit: UInt64? = nil, in folder: TestFolder,
  _ change: (inout Folding) -> Void = { _ in }
) throws -> [String] {
  let stream = folder.file("objects")
  try writeStream([rows], to: stream)
  defer { try? FileManager.default.removeItem(atPath: stream) }
  var folding = Folding()
  folding.dimensions = [.state, Dimension("class", .word), .size, .age]
  folding.treeLimitForTests = treeLimit
  change(&folding)
  let reader = try ObjectReader(try RowStream(try Descriptor.reading(stream)), wanting: "test")
  let aggregator = Aggregator(
    reader, into: try RunFolder(folder.file(name), .add), folding, tool: "test", maker: Fields())
  _ = try aggregator.run { _, _ in }
  return try folder.files(in: name)
}

/// Merges runs into a file below `folder` and returns its path.
@discardableResult
func merge(
  _ runs: [String], to name: String = "merged", isFile: Bool = true, in folder: TestFolder,
  _ change: (inout Merging) -> Void = { _ in }
) throws -> String {
  var merging = Merging()
  merging.temporary = folder.path
  change(&merging)
  let path = folder.file(name)
  try? FileManager.default.removeItem(atPath: path)
  let merger = try Merger(runs, merging, tool: "test") { _, _ in }
  _ = try merger.run(
    into: try Descriptor.creating(path), codec: isFile ? .zstd : .none, isFile: isFile, maker: nil)
  return path
}

/// The sentence that `body` fails with; "" when it does not.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch { return (error as? Failure)?.sentence ?? "\(error)" }
}

/// Rows in many directories, so that there are many blocks.
func manyDirectories(_ count: Int, seed: UInt64) -> [SampleRow] {
  sampleRows(count, seed: seed).map { row in
    var row = row
    row.key = Array("u\(row.size % 9973)/".utf8) + row.key
    return row
  }
}

@Suite struct MergeTests {
  @Test func underAPrefixInSeveralRounds() throws {
    let folder = try TestFolder()
    let rows = manyDirectories(20_000, seed: 3)
    let runs = try foldIntoRuns(rows, treeLimit: 1 << 15, in: folder)
    let under = Array("u9".utf8)
    let path = try merge(runs, in: folder) {
      $0.under = under
      $0.memory = Merging.leastMemory
    }
    #expect(runs.count > 20)
    #expect(try readPrefixes(path) == scan(rows).filter { $0.key.starts(with: under) })
    let whole = try merge(runs, to: "whole", in: folder) { $0.under = under }
    #expect(try bytes(path) == bytes(whole))
  }

  @Test func runsWithoutAnIndex() throws {
    let folder = try TestFolder()
    let rows = manyDirectories(20_000, seed: 6)
    let half = rows.count / 2
    let first = try foldIntoRuns(Array(rows[..<half]), "a", in: folder)
    let second = try foldIntoRuns(Array(rows[half...]), "b", in: folder)
    // What a pipe into a file leaves.
    let piped = try merge(first, to: "piped", isFile: false, in: folder)
    let reference = try merge(first + second, in: folder)
    #expect(try readPrefixes(reference) == scan(rows))
    for threads in 1...3 {
      let path = try merge([piped] + second, to: "other", in: folder) { $0.threads = threads }
      #expect(try bytes(path) == bytes(reference), "\(threads) threads")
      let under = Array("u77".utf8)
      let part = try merge([piped] + second, to: "part", in: folder) {
        $0.threads = threads
        $0.under = under
      }
      #expect(try readPrefixes(part) == scan(rows).filter { $0.key.starts(with: under) })
    }
  }

  @Test func refusesPrefixesOfWhichNothingIsKnown() throws {
    let folder = try TestFolder()
    let rows = sampleRows(1000, seed: 2)
    let runs = try foldIntoRuns(rows, in: folder)
    let part = try merge(runs, to: "part", in: folder) { $0.under = Array("a/".utf8) }
    #expect(try readPrefixes(part) == scan(rows).filter { $0.key.starts(with: "a/".utf8) })
    let inner = try merge([part], to: "inner", in: folder) { $0.under = Array("a/b/".utf8) }
    #expect(try readPrefixes(inner) == scan(rows).filter { $0.key.starts(with: "a/b/".utf8) })
    for other in ["", "a", "b/"] {
      #expect(
        sentence { try merge([part], to: "x", in: folder) { $0.under = Array(other.utf8) } }
          == "the runs have only rows under a/")
    }
    #expect(
      sentence {
        try merge(runs, to: "x", in: folder) {
          $0.under = Array("a/b/".utf8)
          $0.maxDepth = 1
        }
      } == "what is under a/b/ counts in its ancestor at depth 1")
    let flat = try merge(runs, to: "flat", in: folder) { $0.maxDepth = 1 }
    #expect(
      sentence { try merge([flat], to: "x", in: folder) { $0.under = Array("a/b".utf8) } }
        == "what is under a/b counts in its ancestor at depth 1")
    let open = try merge([flat], to: "open", in: folder) { $0.under = Array("a".utf8) }
    #expect(
      try readPrefixes(open) == scan(rows, maxDepth: 1).filter { $0.key.starts(with: "a".utf8) })
  }

  @Test func anIndexThatLiesIsFound() throws {
    let folder = try TestFolder()
    let rows = manyDirectories(20_000, seed: 9)
    let path = try merge(try foldIntoRuns(rows, in: folder), in: folder)
    let reader = try PrefixReader(try RowStream(try Descriptor.reading(path)), wanting: "test")
    let start = reader.position
    let ending = try #require(try reader.ending())
    #expect(ending.isIndexed && ending.index.entries.count > 5)
    reader.seek(to: start)
    let run = RunSource(
      reader, ranks: reader.schema.words.map { _ in [] }, code: reader.code,
      firstPrefix: Array("u1/".utf8))
    var state = run.start()
    defer { state.free() }
    #expect(sentence { _ = try run.advance(&state) }.hasSuffix("another prefix for this block"))
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func planCoversAllKeys(seed: UInt64) {
    var generator = SeededGenerator(seed)
    func key() -> [UInt8] {
      (0..<Int.random(in: 0...4, using: &generator)).flatMap { _ in
        ["a/", "b/", "c\u{ff}/", "/"].randomElement(using: &generator).map { Array($0.utf8) } ?? []
      }
    }
    let indexes = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
      let keys = Set((0..<Int.random(in: 0...30, using: &generator)).map { _ in key() })
      return BlockIndex(
        keys.sorted { $0.lexicographicallyPrecedes($1) }.enumerated().map { place, key in
          BlockIndex.Entry(key: key, offset: UInt64(place), row: UInt64(place * 1024))
        })
    }
    let under = Bool.random(using: &generator) ? key() : nil
    let maxDepth = Bool.random(using: &generator) ? Int.random(in: 0...3, using: &generator) : nil
    let ranges = KeyRange.plan(
      indexes, under: under, maxDepth: maxDepth, blocks: Int.random(in: 1...8, using: &generator))
    #expect(ranges.first?.lower == under, "seed \(seed)")
    #expect(ranges.last?.upper == under.flatMap(KeyRange.successor), "seed \(seed)")
    for (a, b) in zip(ranges, ranges.dropFirst()) {
      #expect(a.upper == b.lower && a.upper != nil, "seed \(seed)")
    }
    for range in ranges {
      if let lower = range.lower, let upper = range.upper {
        #expect(lower.lexicographicallyPrecedes(upper), "seed \(seed)")
      }
      // What is added at maxDepth lies in one range.
      if let maxDepth, let upper = range.upper, upper != under.flatMap(KeyRange.successor) {
        #expect(upper.count { $0 == 0x2f } <= maxDepth, "seed \(seed)")
      }
    }
  }
}
