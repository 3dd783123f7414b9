import Foundation
import InvCompress
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSource

@Suite struct ScanPartsTests {
  private func withFile(_ bytes: [UInt8], _ body: (SeekableFile) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "parts-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try body(SeekableFile(Descriptor.reading(path), name: "scan"))
  }

  private func format(_ template: String) throws -> ScanFormat {
    var window = try TextWindow(Inflow(ByteSource(name: "t", bytes: [0x78]), format: .plain))
    var options = ReadingOptions()
    options.template = Array(template.utf8)
    return try #require(try ScanFormat(.find, &window, options))
  }

  /// Parts follow each other, each ends with a record, and all but the last are as long as they should be.
  @Test(arguments: [#"%s %p\n"#, #"%s %p\0"#])
  func partsOfRecords(template: String) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    let format = try format(template)
    for _ in 0..<50 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...200, using: &dice) {
        // Some are longer than a part, some are empty.
        let length = Int.random(in: 0...(dice.next() % 9 == 0 ? 300 : 20), using: &dice)
        text += (0..<length).map { _ in UInt8.random(in: 0x20...0x7e, using: &dice) }
        text.append(format.terminator)
      }
      if dice.next() % 2 == 0 { text += Array("1 cut".utf8) }
      let start = UInt64(text.firstIndex(of: format.terminator).map { $0 + 1 } ?? 0)
      let length = UInt64.random(in: 1...400, using: &dice)
      try withFile(text) { file in
        let parts = try ScanParts.cut(file, from: start, format, length: length)
        var at = start
        for part in parts {
          #expect(part.lowerBound == at && !part.isEmpty, "seed \(seed)")
          at = part.upperBound
          if at == file.size { continue }
          #expect(text[Int(at) - 1] == format.terminator, "seed \(seed)")
          #expect(part.count >= length, "seed \(seed)")
          let inside = text[Int(part.lowerBound) + Int(length) - 1..<Int(at) - 1]
          #expect(!inside.contains(format.terminator), "seed \(seed)")
        }
        #expect(at == file.size, "seed \(seed)")
      }
    }
  }

  @Test func withoutAnyEndThereIsOnePart() throws {
    let format = try format("%s %p\\0")
    try withFile([UInt8](repeating: 0x41, count: 3 << 20)) { file in
      let parts = try ScanParts.cut(file, format, length: 1000)
      #expect(parts == [0..<file.size])
    }
    try withFile([]) { file in
      let parts = try ScanParts.cut(file, format)
      #expect(parts.isEmpty)
    }
  }

  @Test func lengthOfParts() {
    #expect(ScanParts.length(1) == 8 << 20)
    #expect(ScanParts.length(2 << 30) == 32 << 20)
    #expect(ScanParts.length(40 << 30) == 64 << 20)
  }

  /// A part of a file is read as it is, and one that has become shorter is a failure.
  @Test func sources() throws {
    let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try withFile(bytes) { file in
      for part: Range<UInt64> in [0..<700_000, 1..<2, 5..<5, 262_143..<600_001] {
        var flow = try Inflow(file.source(part), format: .plain)
        var found: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 300_000)
        while case let count = try flow.read(into: &room), count > 0 { found += room[..<count] }
        #expect(found.elementsEqual(bytes[Int(part.lowerBound)..<Int(part.upperBound)]))
        #expect(flow.consumed == UInt64(part.count))
      }
    }
    let path = NSTemporaryDirectory() + "parts-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let file = try SeekableFile(Descriptor.reading(path), name: "scan")
    try Data(bytes[..<9]).write(to: URL(fileURLWithPath: path), options: [])
    let failure = #expect(throws: Failure.self) {
      var flow = try Inflow(file.source(5..<100), format: .plain)
      var room = [UInt8](repeating: 0, count: 50)
      while try flow.read(into: &room) > 0 {}
    }
    #expect(failure == Failure("scan has become shorter", .system))
  }
}
