import InvSource
import InvSystem
import TestSupport
import Testing

/// Damaged files are an error or have as many rows as before; ORC has no checksums that would tell
/// other values.
@Suite struct ORCDamageTests {
  static let names = [
    "flat-java-none", "flat-java-0.11", "flat-java-snappy", "flat-java-lz4", "flat-java-zstd",
    "flat-pyorc-words", "flat-arrow-0.11-words", "stripes-arrow", "zones-java-Berlin",
    "encrypted-java", "nothing-pyorc",
  ]

  @Test(arguments: ["flat-java-zlib", "zones-java-Berlin", "encrypted-java", "nothing-pyorc"])
  func truncation(name: String) throws {
    let bytes = try orcBytes("\(name).orc")
    for length in 0..<bytes.count {
      guard case .failure(let failure) = try orcRows(Array(bytes[..<length])) else {
        Issue.record("cut at \(length)")
        continue
      }
      #expect(failure.status == .data && failure.sentence.hasPrefix("file: byte "))
    }
  }

  @Test(arguments: names) func flippedBits(name: String) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    let bytes = try orcBytes("\(name).orc")
    let rows = try orcRows(bytes).get()
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        damaged[place] ^= 1 << UInt8.random(in: 0...7, using: &dice)
      }
      switch try orcRows(damaged) {
      case .failure(let failure): #expect(failure.status == .data, "seed \(seed)")
      case .success(let found): #expect(found == rows, "seed \(seed)")
      }
    }
  }
}
