import Foundation
import InvCompress
import InvSystem
import Testing

@Suite struct InflowTests {
  @Test func sniffing() {
    typealias Format = Inflow.Format
    #expect(Format.sniffed(from: []) == .plain)
    #expect(Format.sniffed(from: [0x1f]) == .plain)
    #expect(Format.sniffed(from: [0x1f, 0x8b]) == .gzip)
    #expect(Format.sniffed(from: [0x28, 0xb5, 0x2f]) == .plain)
    #expect(Format.sniffed(from: [0x28, 0xb5, 0x2f, 0xfd]) == .zstd)
    #expect(Format.sniffed(from: [0x5f, 0x2a, 0x4d, 0x18]) == .zstd)
    #expect(Format.sniffed(from: [0xfd, 0x37, 0x7a, 0x58, 0x5a]) == .plain)
    #expect(Format.sniffed(from: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) == .xz)
    #expect(Format.sniffed(from: [0x60, 0x2a, 0x4d, 0x18]) == .plain)
  }

  @Test func plainBytesPass() {
    for count in [0, 1, 3, 4, 63, 64, 65, 5000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      for piece in [1, 3, 64, 10_000] {
        for room in [1, 5, 10_000] {
          #expect(decode(bytes, nil, piece: piece, room: room) == Decoded(bytes: bytes))
        }
      }
    }
  }

  @Test func descriptors() throws {
    let path = NSTemporaryDirectory() + "inflow-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = rows(900_000, seed: 5)
    for packed in [bytes, gzip(bytes), zstd(bytes), xz(bytes)] {
      try Data(packed).write(to: URL(fileURLWithPath: path))
      var flow = try Inflow(ByteSource(Descriptor.reading(path)))
      #expect(flow.name == path)
      var text: [UInt8] = []
      var buffer = [UInt8](repeating: 7, count: 100_000)
      while true {
        // The first three bytes are the caller's.
        let count = try flow.read(into: &buffer, from: 3)
        if count == 0 { break }
        #expect(buffer[..<3] == [7, 7, 7])
        text += buffer[3..<3 + count]
      }
      #expect(text == bytes)
      #expect(flow.consumed == UInt64(packed.count))
      #expect(flow.produced == UInt64(bytes.count))
    }
  }

  @Test func failuresOfTheSourcePass() throws {
    let failure = #expect(throws: Failure.self) {
      let source = ByteSource(name: "x") { () throws(Failure) in throw Failure("no", .again) }
      _ = try Inflow(source)
    }
    #expect(failure?.status == .again)
  }

  @Test func peekingTakesNothing() throws {
    let pieces = Pieces([1, 2, 3, 4, 5], size: 2)
    var source = ByteSource(name: "x") { () throws(Failure) in pieces.next() }
    #expect(try source.peek(3) == [1, 2, 3])
    #expect(try source.peek(9) == [1, 2, 3, 4, 5])
    #expect(source.consumed == 0)
  }

  @Test func emptyChunksAreSkipped() throws {
    final class Script: @unchecked Sendable {
      var chunks: [[UInt8]] = [[], [1], [], [], [2, 3], []]
      func next() -> [UInt8]? { chunks.isEmpty ? nil : chunks.removeFirst() }
    }
    let script = Script()
    let source = ByteSource(name: "x") { () throws(Failure) in script.next() }
    var flow = try Inflow(source)
    var buffer = [UInt8](repeating: 0, count: 9)
    #expect(try flow.read(into: &buffer) == 3)
    #expect(buffer[..<3] == [1, 2, 3])
    #expect(try flow.read(into: &buffer) == 0)
    #expect(try flow.read(into: &buffer) == 0)
  }
}
