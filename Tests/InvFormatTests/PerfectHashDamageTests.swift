import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvFormat

/// Whatever the bytes are, they are refused or looking up stays within them.
@Suite struct PerfectHashDamageTests {
  static let keys = (0..<150).map { KeyHash(Array("\($0)/".utf8).raw) }

  private func fault(_ files: PerfectHashFiles) -> FormatError? {
    do { try files.read { _ in } } catch { return error as? FormatError }
    return nil
  }

  private func lookUp(_ files: PerfectHashFiles) {
    try? files.read { reader in
      for position in positions(Self.keys, in: reader) {
        #expect((position ?? 0) >> 56 == 0)
      }
    }
  }

  @Test func flippedBits() throws {
    let files = try PerfectHashFiles(Self.keys)
    for at in files.hash.indices {
      for bit in 0..<8 {
        var damaged = files
        damaged.hash[at] ^= 1 << UInt8(bit)
        lookUp(damaged)
        // All that is not a pilot, the remap table, a seed, or the number of keys' last bits.
        if at >= 8 && at < 64 { #expect(fault(damaged) != nil, "byte \(at) bit \(bit)") }
      }
    }
    for at in files.slots.indices {
      var damaged = files
      damaged.slots[at] ^= 1 << UInt8(at % 8)
      lookUp(damaged)
      #expect((fault(damaged) != nil) == (at >= files.slots.count - 8))
    }
  }

  @Test func truncation() throws {
    let files = try PerfectHashFiles(Self.keys)
    for length in files.hash.indices {
      var damaged = files
      damaged.hash = Array(files.hash[..<length])
      #expect(fault(damaged) != nil, "cut at \(length)")
      damaged.hash = Array(files.hash[length...])
      if length > 0 { #expect(fault(damaged) != nil, "begun at \(length)") }
    }
    for length in files.slots.indices {
      var damaged = files
      damaged.slots = Array(files.slots[..<length])
      #expect(fault(damaged)?.what == "mph_pos.bin: the slot table has \(length) bytes")
    }
    var open = try PerfectHashFiles(Array(Self.keys[..<3]))
    open.slots[3] |= 0x80
    #expect(fault(open)?.what == "mph_pos.bin: the slot table does not end in 0")
    var longer = files
    longer.slots.append(0)
    #expect(fault(longer) != nil)
  }

  /// Random numbers in every field of the directory.
  @Test func randomDirectories() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed)
    let files = try PerfectHashFiles(randomHashes(140_000, &generator))
    let directory = files.hash.count - 4 * PerfectHashPartition.size
    for _ in 0..<2000 {
      var damaged = files
      let value = generator.next() >> UInt64.random(in: 0..<64, using: &generator)
      if Bool.random(using: &generator) {
        damaged.hash.put(
          UInt32(truncatingIfNeeded: value),
          at: directory + 4 * Int.random(in: 0..<32, using: &generator))
      } else {
        damaged.hash.put(value, at: Int.random(in: 0..<8, using: &generator))
      }
      lookUp(damaged)
    }
  }

  @Test(arguments: [
    Rule(0, [149], "the slot table has"), Rule(0, [1], "positions of"),
    Rule(7, [0x80], "positions of"), Rule(8, [0], "0 partitions"),
    Rule(8, [0, 0, 0, 1], "16777216 partitions"), Rule(8, [2], "partition 0 does not begin"),
    Rule(12, [7], "positions of"), Rule(13, [49], "slot entries of"),
    Rule(13, [9], "the slot table"),
    Rule(14, [1], "reserved"), Rule(63, [1], "reserved"),
  ])
  func header(rule: Rule) throws {
    var files = try PerfectHashFiles(Self.keys)
    files.hash.replaceSubrange(rule.at..<rule.at + rule.bytes.count, with: rule.bytes)
    let found = try #require(self.fault(files))
    #expect(found.what.contains(".bin: " + rule.what), "\(found.what)")
  }

  struct Rule: Sendable {
    let at: Int
    let bytes: [UInt8]
    let what: String
    init(_ at: Int, _ bytes: [UInt8], _ what: String) {
      (self.at, self.bytes, self.what) = (at, bytes, what)
    }
  }

  @Test(arguments: [(0, "begin"), (8, "begin"), (16, "fit"), (20, "few"), (24, "few")])
  func directory(at: Int, what: String) throws {
    let files = try PerfectHashFiles(Self.keys)
    let directory = files.hash.count - PerfectHashPartition.size
    var damaged = files
    damaged.hash.put(UInt32(at == 16 ? 1 : at < 16 ? 1 : 0), at: directory + at)
    let zero = try #require(self.fault(damaged))
    #expect(zero.what.contains(what), "\(zero.what)")
    damaged.hash.put(UInt32.max, at: directory + at)
    #expect(fault(damaged) != nil)
  }
}
