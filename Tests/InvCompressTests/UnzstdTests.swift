import InvCompress
import InvSystem
import Testing

@Suite struct UnzstdTests {
  static let small = Array("hello, hello, hello, hello inventory\n".utf8)

  @Test func roundTripsInEveryPiece() {
    let packed =
      skippable(5) + zstd(Self.small) + zstd([]) + skippable(0) + zstd(Self.small) + skippable(3)
    for piece in 1...packed.count {
      for room in [1, 7, 4096] {
        let decoded = decode(packed, nil, piece: piece, room: room)
        #expect(decoded == Decoded(bytes: Self.small + Self.small))
      }
    }
    let bytes = rows(500_000, seed: 1)
    #expect(decode(zstd(bytes), nil) == Decoded(bytes: bytes))
    #expect(decode(zstd(bytes), nil, piece: 1001, room: 99) == Decoded(bytes: bytes))
  }

  @Test func everyTruncationIsAnError() {
    let packed = zstd(Self.small)
    let double = packed + skippable(9) + packed
    for count in 0..<double.count where count != packed.count && count != packed.count + 17 {
      for piece in [1, 5, 4096] {
        let decoded = decode(Array(double[..<count]), .zstd, piece: piece)
        let expected = Failure.data("t.gz: byte \(count): the zstd data is cut short")
        #expect(decoded.failure == expected, "cut to \(count)")
        #expect((Self.small + Self.small).starts(with: decoded.bytes))
      }
    }
  }

  @Test func everyBitFlipIsSeenOrHarmless() {
    let packed = zstd(Self.small)
    for bit in 0..<packed.count * 8 {
      var broken = packed
      broken[bit / 8] ^= 1 << (bit % 8)
      let decoded = decode(broken, .zstd, room: 16)
      let isWhole = decoded.failure == nil
      #expect(!isWhole || decoded.bytes == Self.small, "bit \(bit)")
      #expect(isWhole || decoded.failure?.status == .data)
    }
  }

  @Test func garbageAfterIsAnError() {
    let packed = zstd(Self.small)
    for tail in [[0], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]] {
      let decoded = decode(packed + tail, .zstd, piece: 3)
      #expect(decoded.bytes == Self.small)
      #expect(decoded.failure?.status == .data)
    }
    let decoded = decode(packed + Array("garbage".utf8), .zstd)
    #expect(decoded.failure?.sentence.hasSuffix(": not a zstd frame") == true)
  }

  @Test func windowsAreBounded() throws {
    let bytes = rows(100_000, seed: 2)
    let packed = zstd(bytes, windowLog: 24)
    func read(_ limit: Int32) throws -> Int {
      var flow = try Inflow(ByteSource(name: "w", bytes: packed), zstdWindowLog: limit)
      var buffer = [UInt8](repeating: 0, count: 200_000)
      return try flow.read(into: &buffer)
    }
    #expect(try read(24) == bytes.count)
    let failure = #expect(throws: Failure.self) { try read(20) }
    #expect(failure?.sentence.hasSuffix(": a zstd window of more than 1048576 bytes") == true)
  }
}
