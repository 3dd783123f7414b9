import Foundation
import InvFormat
import InvSystem
import Testing

@testable import InvSort

/// Folds and merges rows with real files in between, and returns the merged file.
func foldAndMerge(
  _ files: [[SampleRow]], threads: Int = 1, memory: UInt64 = 1 << 30, treeLimit: UInt64? = nil,
  maxDepth: Int? = nil, merging: Merging = Merging(), in folder: TestFolder
) throws -> (path: String, runs: Int) {
  let stream = folder.file("objects")
  try writeStream(files, to: stream)
  var folding = Folding()
  folding.dimensions = [.state, Dimension("class", .word), .size, .age]
  folding.threads = threads
  folding.memory = memory
  folding.maxDepth = maxDepth
  folding.treeLimitForTests = treeLimit
  let reader = try ObjectReader(
    try RowStream(try Descriptor.reading(stream)), wanting: "test")
  let aggregator = Aggregator(
    reader, into: try RunFolder(folder.file("runs"), .replace), folding, tool: "test",
    maker: Fields())
  _ = try aggregator.run { _, _ in }
  let merged = folder.file("merged")
  try? FileManager.default.removeItem(atPath: merged)
  let merger = try Merger(try folder.files(in: "runs"), merging, tool: "test") { _, _ in }
  _ = try merger.run(
    into: try Descriptor.creating(merged), codec: .zstd, isFile: true, maker: nil)
  try FileManager.default.removeItem(atPath: stream)
  return (merged, aggregator.runs)
}

func bytes(_ path: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: path))
}

@Suite struct FoldTests {
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func equalsScan(seed: UInt64) throws {
    let rows = sampleRows(3000, seed: seed)
    let folder = try TestFolder()
    let merged = try foldAndMerge([rows], in: folder).path
    #expect(try readPrefixes(merged) == scan(rows), "seed \(seed)")
  }

  @Test func sameBytesHoweverItIsDone() throws {
    let rows = sampleRows(6000, seed: 77)
    let sorted = rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let folder = try TestFolder()
    let reference = try bytes(try foldAndMerge([sorted], in: folder).path)
    #expect(try readPrefixes(folder.file("merged")) == scan(rows))
    var layouts: [[[SampleRow]]] = [[rows], [Array(rows.reversed())]]
    layouts.append(stride(from: 0, to: 6000, by: 500).map { Array(sorted[$0..<$0 + 500]) })
    layouts.append(
      (0..<7).map { part in sorted.enumerated().filter { $0.offset % 7 == part }.map(\.element) })
    for layout in layouts {
      for threads in 1...3 {
        for limit in [nil, 1 << 16] as [UInt64?] {
          let (path, _) = try foldAndMerge(layout, threads: threads, treeLimit: limit, in: folder)
          #expect(try bytes(path) == reference, "\(layout.count) files, \(threads) threads")
        }
      }
    }
  }

  @Test func smallTreesMakeManyRuns() throws {
    let rows = sampleRows(20_000, seed: 5)
    let folder = try TestFolder()
    let (path, runs) = try foldAndMerge([rows], treeLimit: 1 << 16, in: folder)
    #expect(runs > 3)
    #expect(try readPrefixes(path) == scan(rows))
  }

  @Test(arguments: [0, 1, 2, 3])
  func maxDepthCountsDeeperRowsInTheirAncestor(depth: Int) throws {
    let rows = sampleRows(3000, seed: 9)
    let folder = try TestFolder()
    let path = try foldAndMerge([rows], maxDepth: depth, in: folder).path
    #expect(try readPrefixes(path) == scan(rows, maxDepth: depth))
    let folded = try bytes(path)
    var merging = Merging()
    merging.maxDepth = depth
    let late = try foldAndMerge([rows], merging: merging, in: folder).path
    #expect(try bytes(late) == folded)
  }

  @Test func deepKeysAndLongNames() throws {
    var rows = sampleRows(10, seed: 1)
    for row in rows.indices {
      rows[row].key = Array(String(repeating: "d/", count: 10_000 + row % 3).utf8) + [0x66]
    }
    rows.append(rows[0])
    rows[10].key = [UInt8](repeating: 0x2f, count: 65_536)
    for byte in [0x61, 0x62] as [UInt8] {
      var row = rows[0]
      row.key = [UInt8](repeating: byte, count: 65_535) + [0x2f]
      rows += [row, row]
    }
    let folder = try TestFolder()
    let path = try foldAndMerge([rows], in: folder).path
    #expect(try readPrefixes(path) == scan(rows))
  }

  @Test func noRowsMakeOneEmptyRun() throws {
    let folder = try TestFolder()
    let (path, runs) = try foldAndMerge([], in: folder)
    #expect(runs == 1)
    #expect(try readPrefixes(path).isEmpty)
  }

  @Test func sameBytesForAnyThreadsOfTheMerge() throws {
    let rows = sampleRows(60_000, seed: 8).map { row in
      var row = row
      row.key = Array("u\(row.size % 9973)/".utf8) + row.key
      return row
    }
    let folder = try TestFolder()
    var merging = Merging()
    merging.threads = 1
    let reference = try bytes(
      try foldAndMerge([rows], treeLimit: 1 << 20, merging: merging, in: folder).path)
    let scanned = scan(rows)
    #expect(try readPrefixes(folder.file("merged")) == scanned)
    for threads in 2...4 {
      for memory in [Merging.leastMemory, 1 << 30] {
        merging.threads = threads
        merging.memory = memory
        let path = try foldAndMerge([rows], treeLimit: 1 << 20, merging: merging, in: folder).path
        #expect(try bytes(path) == reference, "\(threads) threads")
      }
    }
    merging.maxDepth = 1
    merging.threads = 1
    let folded = try bytes(
      try foldAndMerge([rows], treeLimit: 1 << 20, merging: merging, in: folder).path)
    merging.threads = 3
    let again = try foldAndMerge([rows], treeLimit: 1 << 20, merging: merging, in: folder).path
    #expect(try bytes(again) == folded)
    merging.maxDepth = nil
    merging.under = Array("u99".utf8)
    let cut = try foldAndMerge([rows], treeLimit: 1 << 20, merging: merging, in: folder).path
    #expect(try readPrefixes(cut) == scanned.filter { $0.key.starts(with: "u99".utf8) })
  }

  @Test func roundsWhenMemoryIsShort() throws {
    let rows = sampleRows(30_000, seed: 12)
    let folder = try TestFolder()
    let reference = try bytes(
      try foldAndMerge([rows], treeLimit: 1 << 15, in: folder).path)
    var merging = Merging()
    merging.memory = Merging.leastMemory
    merging.temporary = folder.path
    merging.threads = 2
    let (path, runs) = try foldAndMerge([rows], treeLimit: 1 << 15, merging: merging, in: folder)
    #expect(runs > 20)
    #expect(try bytes(path) == reference)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
  }
}
