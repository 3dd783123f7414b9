import Foundation
import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvSource

/// What has been cut or changed is an error, or the right rows.
@Suite struct ParquetDamageTests {
  static let names = [
    "rows-pyarrow-none-v1", "rows-pyarrow-snappy-v2", "rows-pyarrow-delta-v2",
    "rows-pyarrow-split-v1", "rows-spark-lz4-v1", "rows-spark-fallback-v2", "rows-duckdb-zstd-v1",
    "rows-polars-gzip", "rows-pyarrow-brotli-v1", "kinds-pyarrow-delta", "kinds-pyarrow-v1",
    "int96-pyarrow-plain",
  ]

  private func file(_ path: String) throws -> ParquetFile {
    try ParquetFile(
      SeekableFile(Descriptor.reading(path), name: "t.parquet"), memory: TableMemory(each: 1 << 20))
  }

  @Test(arguments: names)
  func everyTruncation(_ name: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = try ParquetGolden.bytes(name)
    try Data(bytes).write(to: URL(filePath: path))
    for count in (0..<bytes.count).reversed() {
      unsafe truncate(path, count)
      do {
        _ = try file(path)
        Issue.record("\(name) cut after \(count) bytes is still read")
      } catch let failure as Failure {
        #expect(failure.status == .data)
      }
    }
  }

  /// The bytes of pages that have a checksum.
  private func checked(_ bytes: [UInt8]) throws -> IndexSet {
    var checked = IndexSet()
    let length = Int(bytes.raw.u32(at: bytes.count - 8))
    let end = bytes.count - 8 - length
    let footer = try ParquetFooter(bytes.raw.extracting(end..<end + length), end: UInt64(end))
    for part in footer.parts.indices {
      for case let source? in footer.schema.sources {
        let chunk = footer.chunk(part: part, of: source)
        var at = Int(chunk.offset)
        while at < Int(chunk.offset + chunk.length) {
          let page = try ParquetPage(bytes.raw.extracting(at...))
          at += page.headerLength
          if page.checksum != nil { checked.insert(integersIn: at..<at + page.stored) }
          at += page.stored
        }
      }
    }
    return checked
  }

  /// Without a checksum a change in values cannot be noticed, but the count of rows is what it was.
  @Test(arguments: names)
  func randomChanges(_ name: String) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let bytes = try ParquetGolden.bytes(name)
    let checked = try checked(bytes)
    let expected = try ParquetGolden.expected(name)
    for round in 0..<300 {
      var broken = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      if round % 3 > 0 {
        broken[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      } else {
        for at in place..<min(place + Int.random(in: 1...8, using: &generator), bytes.count) {
          broken[at] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      do {
        let lines = try lines(ParquetFile(seekable(broken), memory: TableMemory(each: 1 << 20)))
        #expect(lines.count == expected.count, "\(name), seed \(seed), round \(round)")
        let isChecked = zip(bytes, broken).enumerated().allSatisfy {
          $1.0 == $1.1 || checked.contains($0)
        }
        if isChecked { #expect(lines == expected, "\(name), seed \(seed), round \(round)") }
      } catch let failure as Failure {
        #expect(failure.status == .data, "\(name), seed \(seed), round \(round): \(failure)")
      }
    }
  }
}
