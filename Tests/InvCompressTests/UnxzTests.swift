import CLzma
import InvCompress
import InvSystem
import Testing

@Suite struct UnxzTests {
  static let small = Array("hello, hello, hello, hello inventory\n".utf8)

  @Test func roundTripsInEveryPiece() {
    let padding = [UInt8](repeating: 0, count: 8)
    let second = xz(Self.small, check: LZMA_CHECK_CRC32)
    let packed = xz(Self.small) + padding + xz([]) + second + padding
    for piece in 1...packed.count {
      for room in [1, 7, 4096] {
        let decoded = decode(packed, nil, piece: piece, room: room)
        #expect(decoded == Decoded(bytes: Self.small + Self.small))
      }
    }
    let bytes = rows(500_000, seed: 1)
    #expect(decode(xz(bytes), nil) == Decoded(bytes: bytes))
    #expect(decode(xz(bytes), nil, piece: 1001, room: 99) == Decoded(bytes: bytes))
  }

  @Test func everyTruncationIsAnError() {
    let packed = xz(Self.small)
    let double = packed + packed
    for count in 0..<double.count where count != packed.count {
      for piece in [1, 5, 4096] {
        let decoded = decode(Array(double[..<count]), .xz, piece: piece)
        let expected = Failure.data("t.gz: byte \(count): the xz data is cut short")
        #expect(decoded.failure == expected, "cut to \(count)")
        #expect((Self.small + Self.small).starts(with: decoded.bytes))
      }
    }
  }

  @Test(arguments: [LZMA_CHECK_CRC32, LZMA_CHECK_CRC64, LZMA_CHECK_SHA256])
  func everyBitFlipIsSeen(check: lzma_check) {
    let packed = xz(Self.small, check: check)
    for bit in 0..<packed.count * 8 {
      var broken = packed
      broken[bit / 8] ^= 1 << (bit % 8)
      let decoded = decode(broken, .xz, room: 16)
      #expect(decoded.failure?.status == .data, "bit \(bit)")
    }
  }

  @Test func garbageAfterIsAnError() {
    let packed = xz(Self.small)
    // Padding has a multiple of four bytes.
    for tail in [[0], [0, 0, 0, 0, 0], [1, 2, 3, 4], Array("garbage, garbage".utf8)] as [[UInt8]] {
      let decoded = decode(packed + tail, .xz, piece: 3)
      #expect(decoded.bytes == Self.small)
      #expect(decoded.failure?.status == .data)
    }
    let decoded = decode(Array("garbage, garbage".utf8), .xz)
    #expect(decoded.failure?.sentence == "t.gz: byte 12: not xz data")
  }

  @Test func memoryIsBounded() throws {
    let bytes = rows(100_000, seed: 2)
    let packed = xz(bytes, preset: 9)
    func read(_ limit: UInt64) throws -> Int {
      var flow = try Inflow(ByteSource(name: "w", bytes: packed), xzMemory: limit)
      var buffer = [UInt8](repeating: 0, count: 200_000)
      return try flow.read(into: &buffer)
    }
    #expect(try read(80 << 20) == bytes.count)
    let failure = #expect(throws: Failure.self) { try read(10 << 20) }
    #expect(failure?.status == .data)
    #expect(failure?.sentence.contains("xz data that needs 6") == true)
    #expect(failure?.sentence.hasSuffix(" bytes of memory, more than 10485760") == true)
  }
}
