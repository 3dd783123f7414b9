import Foundation
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSort

/// How a scan is folded in a test.
struct ScanFold {
  var threads = 1
  var treeLimit: UInt64?
  var sideLimit: UInt64?
  var countsEveryName = false
  var findsRepeated = false
}

/// Folds and merges the rows of a scan; the merged file, its account and whoever folded.
func foldScan(_ files: [[ScanRow]], _ fold: ScanFold = ScanFold(), in folder: TestFolder) throws
  -> (path: String, audit: Audit, aggregator: Aggregator)
{
  let (stream, merged) = (folder.file("objects"), folder.file("merged"))
  try? FileManager.default.removeItem(atPath: stream)
  try? FileManager.default.removeItem(atPath: merged)
  try writeScan(files, to: stream)
  var folding = Folding()
  folding.dimensions = [.state, Dimension("owner", .word), .size]
  folding.sizeOf = .allocated
  folding.ageOf = .accessed
  folding.threads = fold.threads
  folding.treeLimitForTests = fold.treeLimit
  folding.sideLimitForTests = fold.sideLimit
  folding.countsEveryName = fold.countsEveryName
  folding.findsRepeated = fold.findsRepeated
  let reader = try ObjectReader(
    try RowStream(try Descriptor.reading(stream)), wanting: "test")
  let runs = try RunFolder(folder.file("runs"), .replace)
  let aggregator = Aggregator(reader, into: runs, folding, tool: "test", maker: Fields())
  let audit = try aggregator.run { _, _ in }
  let merger = try Merger(try folder.files(in: "runs"), Merging(), tool: "test") { _, _ in }
  let sum = try merger.run(
    into: try Descriptor.creating(merged), codec: .zstd, isFile: true, maker: nil)
  #expect(sum.audit == audit)
  return (merged, audit, aggregator)
}

/// The cells of every prefix of a stream.
private func cells(_ path: String) throws -> [[UInt8]: [[String]: [UInt64]]] {
  try readPrefixes(path).mapValues(\.cells)
}

/// How many files have names that differ in size or owner, or more names than links.
private func doubtfulFiles(_ rows: [ScanRow]) -> Int {
  let files = Dictionary(grouping: rows.filter(\.isLinked), by: \.identity)
  return files.values.count { names in
    Set(names.map { [$0.owner, "\($0.size)", "\($0.allocated)"] }).count > 1
      || Set(names.map(\.key)).count > names.map(\.links).max() ?? 0
  }
}

@Suite struct LinkTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func smallestNameCounts(seed: UInt64) throws {
    let rows = scanRows(4000, seed: seed)
    let folder = try TestFolder()
    let (path, audit, aggregator) = try foldScan([rows], in: folder)
    let expected = resolved(rows)
    #expect(try cells(path) == scan(expected.rows).mapValues(\.cells), "seed \(seed)")
    #expect(audit.remarks[Audit.furtherNames] == UInt64(expected.further))
    #expect(aggregator.repeatedNames == UInt64(expected.repeated))
    #expect(aggregator.repeatedFiles == 0)
    #expect(audit.remarks[Audit.doubtful] == UInt64(doubtfulFiles(rows)))
    #expect(audit.remarks[Audit.repeated] == UInt64(expected.repeated))
    #expect(aggregator.disorder.isThere)
    #expect(expected.further > 0 && expected.repeated > 0)
  }

  @Test func sameBytesHoweverItIsDone() throws {
    let rows = scanRows(6000, seed: 11)
    let sorted = rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let folder = try TestFolder()
    let reference = try bytes(try foldScan([sorted], in: folder).path)
    let layouts = [
      [rows], [Array(rows.reversed())],
      (0..<5).map { part in rows.enumerated().filter { $0.offset % 5 == part }.map(\.element) },
    ]
    for layout in layouts {
      for threads in 1...3 {
        for limit in [nil, 1 << 16] as [UInt64?] {
          let fold = ScanFold(threads: threads, treeLimit: limit, sideLimit: limit.map { $0 / 8 })
          let path = try foldScan(layout, fold, in: folder).path
          #expect(try bytes(path) == reference, "\(layout.count) files, \(threads) threads")
        }
      }
    }
  }

  @Test func everyNameCountsWhereThatIsAskedFor() throws {
    let rows = scanRows(2000, seed: 4)
    let folder = try TestFolder()
    let (path, audit, _) = try foldScan([rows], ScanFold(countsEveryName: true), in: folder)
    #expect(try cells(path) == scan(rows).mapValues(\.cells))
    #expect(audit.remarks.isEmpty)
  }

  @Test(arguments: [nil, 1 << 12] as [UInt64?])
  func repeatedFilesAreFound(sideLimit: UInt64?) throws {
    var rows = scanRows(3000, seed: 5)
    // Without a number the path tells; another origin is not there.
    for index in rows.indices where index % 7 == 0 {
      (rows[index].file, rows[index].fileHigh) = (0, 0)
    }
    var seen: [[UInt64]: Int] = [:]
    var paths: [[UInt8]: Int] = [:]
    for row in rows where row.kind != .directory && row.state == .current && !row.isLinked {
      if row.identity == [0, 0] || row.links > 1 {
        paths[row.key, default: 0] += 1
      } else {
        seen[row.identity, default: 0] += 1
      }
    }
    let expected = seen.values.count { $0 > 1 } + paths.values.count { $0 > 1 }
    let folder = try TestFolder()
    let fold = ScanFold(threads: 2, sideLimit: sideLimit, findsRepeated: true)
    let (path, _, aggregator) = try foldScan([rows], fold, in: folder)
    #expect(aggregator.repeatedFiles == UInt64(expected))
    #expect(aggregator.repeatedNames == UInt64(resolved(rows).repeated))
    #expect(try cells(path) == scan(resolved(rows).rows).mapValues(\.cells))
  }

  @Test func directoryWithManyPoints() throws {
    var generator = SeededGenerator(3)
    // More points than a look through them is for, in directories that alternate.
    let rows = (0..<30_000).map { index in
      var row = ScanRow(key: Array("a/b/c/\(index % 3)/\(index * 7919 % 30_000)".utf8))
      row.owner = "\(UInt64.random(in: 0...400, using: &generator))"
      row.allocated = 1 << UInt64.random(in: 0...40, using: &generator)
      return row
    }
    let folder = try TestFolder()
    for limit in [nil, 1 << 18] as [UInt64?] {
      let path = try foldScan([rows], ScanFold(threads: 2, treeLimit: limit), in: folder).path
      #expect(try cells(path) == scan(rows).mapValues(\.cells))
    }
  }

  @Test func pathsThatAgreeForLong() throws {
    var generator = SeededGenerator(8)
    // Paths that go on differently, or end, before, at and behind multiples of eight bytes.
    let rows = (0..<20_000).map { index in
      var key: [UInt8] = []
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let length = [1, 6, 7, 8, 15, 40].randomElement(using: &generator) ?? 1
        key += [UInt8](repeating: 0x61, count: length - 1)
        key.append([0, 1, 0x61, 0xff].randomElement(using: &generator) ?? 0)
        key.append(0x2f)
      }
      return ScanRow(key: key + Array("\(index)".utf8))
    }
    let folder = try TestFolder()
    let (path, _, aggregator) = try foldScan([rows], ScanFold(threads: 2), in: folder)
    #expect(try cells(path) == scan(rows).mapValues(\.cells))
    #expect(aggregator.disorder.isThere)
  }
}

@Suite struct FoldingTests {
  @Test(arguments: [1, 4, 16, 17, 100, 250], [false, true])
  func memoryCoversColumnsAndSides(columns: Int, findsRepeated: Bool) {
    var folding = Folding()
    folding.findsRepeated = findsRepeated
    folding.suit(ObjectSchema([.state, .file, .links], words: (0..<columns).map { "w\($0)" }))
    let least = folding.leastMemory
    for threads in [1, 8] {
      folding.threads = threads
      for memory in [0, 1 << 20, least - (1 << 20), least, 400 << 20, 1 << 30, .max] {
        folding.memory = memory
        #expect(threads > 1 || folding.fits == (memory >= least))
        if folding.fits {
          let used = folding.treeLimit + UInt64(folding.queueLength)
          #expect(UInt64(threads) * used <= memory)
        }
      }
    }
  }
}

@Suite struct CellArrayTests {
  @Test func arraysGrowByOneSizeAtATime() {
    for count in 1...100_000 {
      let capacity = CellArray.capacity(count)
      #expect(capacity >= count)
      #expect(CellArray.size(capacity) == CellArray.size(count))
      #expect(CellArray.size(capacity + 1) == CellArray.size(count) + 1)
    }
  }
}

@Suite struct SpillTests {
  @Test(arguments: [64, 1 << 12, 1 << 20] as [UInt64])
  func recordsComeInOrder(memory: UInt64) throws {
    var generator = SeededGenerator(memory)
    let folder = try TestFolder()
    let sort = RecordSort(in: folder.path, memory: memory)
    var expected: [[UInt8]] = []
    for number in 0..<3000 as Range<UInt64> {
      let length = Int.random(in: 0...60, using: &generator)
      let key = (0..<length).map { _ in UInt8.random(in: 0...3, using: &generator) }
      expected.append(key)
      try sort.append(key, [number, UInt64(key.count)])
    }
    expected.sort { $0.lexicographicallyPrecedes($1) }
    var keys: [[UInt8]] = []
    var numbers: Set<UInt64> = []
    try sort.forEach { key, body throws(Failure) in
      keys.append(Array(key))
      numbers.insert(body[0])
      #expect(body[1] == UInt64(key.count))
    }
    #expect(keys == expected)
    #expect(numbers.count == 3000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func longRecordsComeInOrder() throws {
    let folder = try TestFolder()
    let sort = RecordSort(in: folder.path, memory: 1 << 18)
    let numbers = (0..<300 as Range<UInt64>).map { $0 * 7 % 300 }
    for number in numbers {
      let key = [UInt8](repeating: UInt8(number / 2), count: Int(60_000 + number))
      try sort.append(key, [number])
    }
    var came: [UInt64] = []
    try sort.forEach { _, body throws(Failure) in came.append(body[0]) }
    #expect(came == Array(0..<300))
  }

  @Test(arguments: [64, 1 << 12, 1 << 20] as [UInt64])
  func repeatedKeysAreCountedOnce(memory: UInt64) throws {
    var generator = SeededGenerator(memory)
    let folder = try TestFolder()
    let keys = FileKeys(in: folder.path, memory: memory)
    var counts: [UInt64: Int] = [:]
    for _ in 0..<3000 {
      let key = UInt64.random(in: 0...2000, using: &generator)
      counts[key, default: 0] += 1
      try keys.append(FileKey(first: key % 40 << 58 | key % 40, second: key))
    }
    #expect(try keys.repeated() == UInt64(counts.values.count { $0 > 1 }))
  }

  @Test func noKeysAreNotRepeated() throws {
    let keys = FileKeys(in: try TestFolder().path, memory: 1 << 20)
    #expect(try keys.repeated() == 0)
  }
}
