import Foundation
import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvFormat

/// The two files of a perfect hash.
struct PerfectHashFiles: Equatable {
  var hash: [UInt8] = []
  var slots: [UInt8] = []

  init(
    _ keys: [KeyHash], memory: UInt64 = 64 << 20, threads: Int = 1, records: Int? = nil
  ) throws(Failure) {
    let folder = NSTemporaryDirectory()
    var builder =
      if let records {
        PerfectHashBuilder(
          temporary: folder, memory: memory, threads: threads, records: records)
      } else {
        PerfectHashBuilder(temporary: folder, memory: memory, threads: threads)
      }
    for key in keys { try builder.add(key) }
    var (hash, slots): ([UInt8], [UInt8]) = ([], [])
    try builder.finish(hash: { hash += $0 }, slots: { slots += $0 })
    (self.hash, self.slots) = (hash, slots)
  }

  /// Runs `body` with the reader over exactly these bytes.
  func read<Result>(_ body: (PerfectHash) throws -> Result) throws -> Result {
    try unsafe hash.withUnsafeBytes { hash in
      try unsafe slots.withUnsafeBytes { slots in
        try body(unsafe PerfectHash(hash: hash, slots: slots))
      }
    }
  }
}

func randomHashes(_ count: Int, _ generator: inout SeededGenerator) -> [KeyHash] {
  (0..<count).map { _ in KeyHash(first: generator.next(), second: generator.next()) }
}

/// The positions of all of `hashes` one by one and, which must be the same, in batches.
func positions(_ hashes: [KeyHash], in reader: PerfectHash) -> [UInt64?] {
  var found = [UInt64](repeating: 0, count: hashes.count)
  var room = found.mutableSpan
  reader.positions(of: hashes.span, into: &room)
  let single = hashes.map { reader.position(of: $0) }
  #expect(single == found.map { $0 == PerfectHash.absent ? nil : $0 })
  return single
}

@Suite struct PerfectHashTests {
  static let seed = UInt64.random(in: 0...UInt64.max)
  let seed = Self.seed
  var generator = SeededGenerator(Self.seed)

  @Test func everySmallCount() throws {
    for count in 0...200 {
      let keys = (0..<count).map { KeyHash(Array("\(count)/\($0)/".utf8).raw) }
      try PerfectHashFiles(keys).read { reader in
        #expect(reader.count == UInt64(count))
        #expect(positions(keys, in: reader) == keys.indices.map { UInt64($0) }, "count \(count)")
      }
    }
  }

  @Test mutating func randomKeys() throws {
    for count in [1000, 65_536, 65_537, 100_000] {
      let keys = randomHashes(count, &generator)
      try PerfectHashFiles(keys).read { reader in
        #expect(
          positions(keys, in: reader) == keys.indices.map { UInt64($0) },
          "\(count) keys, seed \(seed)")
      }
    }
  }

  @Test mutating func strangersAreRejected() throws {
    let files = try PerfectHashFiles(randomHashes(100_000, &generator))
    let strangers = randomHashes(100_000, &generator)
    try files.read { reader in
      let accepted = positions(strangers, in: reader).count { $0 != nil }
      // 100,000 / 256, and eight standard deviations.
      #expect(abs(accepted - 391) < 160, "\(accepted) strangers accepted, seed \(seed)")
    }
    for count in [0, 1, 2, 100] {
      try PerfectHashFiles(randomHashes(count, &generator)).read { reader in
        let accepted = positions(strangers, in: reader).count { $0 != nil }
        #expect(accepted < 600 && (count > 0 || accepted == 0), "\(count) keys, seed \(seed)")
      }
    }
  }

  @Test mutating func threadsAndMemoryDoNotMatter() throws {
    let keys = randomHashes(300_000, &generator)
    let files = try PerfectHashFiles(keys)
    for threads in [2, 5] {
      #expect(try PerfectHashFiles(keys, threads: threads) == files, "seed \(seed)")
    }
    // Spilled in chunks, the last of them small; in chunks that fill up; into less than a partition.
    for (records, threads) in [(70_001, 1), (100_000, 2), (9_999, 5), (299_999, 2)] {
      #expect(
        try PerfectHashFiles(keys, memory: 1, threads: threads, records: records) == files,
        "\(records) records in memory, \(threads) threads, seed \(seed)")
    }
    let few = Array(keys[..<50])
    #expect(try PerfectHashFiles(few, records: 1) == PerfectHashFiles(few))
  }

  @Test mutating func sameHashTwice() throws {
    for count in [2, 3, 50, 100_000] {
      for threads in [1, 3] {
        var keys = randomHashes(count, &generator)
        keys[count - 1] = keys[0]
        let sentence = "the keys of rows 0 and \(count - 1) have the same 128-bit hash"
        #expect(throws: Failure.data(sentence), "seed \(seed)") {
          try PerfectHashFiles(keys, threads: threads)
        }
      }
    }
    let same = [KeyHash](repeating: KeyHash(first: 5, second: 6), count: 70_000)
    #expect(throws: Failure.self) { try PerfectHashFiles(same) }
  }

  /// Hashes of which one half is the same are still told apart.
  @Test mutating func halvesThatAreTheSame() throws {
    let halves = randomHashes(300, &generator)
    // Only some: keys with the same second half share a bucket, and large buckets are hard to place.
    let crossed = zip(halves, halves.dropFirst()).prefix(30).map { a, b in
      KeyHash(first: a.first, second: b.second)
    }
    let keys = halves + crossed
    try PerfectHashFiles(keys).read { reader in
      #expect(positions(keys, in: reader) == keys.indices.map { UInt64($0) }, "seed \(seed)")
    }
  }

  @Test func sortingIsComplete() {
    var generator = generator
    for count in [0, 1, 31, 33, 5000, 200_000] {
      var records = PerfectHashRecords(capacity: count)
      var sum: UInt64 = 0
      for hash in randomHashes(count, &generator) {
        records.append(PerfectHashRecord(hash: hash, position: hash.first))
        sum ^= hash.first
      }
      records.sort()
      var last: UInt64 = 0
      for index in 0..<count {
        let record = unsafe records.start[index]
        #expect(record.hash.first >> 48 >= last && record.hash.first == record.position)
        last = record.hash.first >> 48
        sum ^= record.position
      }
      #expect(sum == 0, "seed \(seed)")
    }
  }
}
