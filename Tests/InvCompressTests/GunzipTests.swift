import InvCompress
import InvSystem
import TestSupport
import Testing

@Suite struct GunzipTests {
  static let small = Array("hello, hello, hello, hello inventory\n".utf8)

  func sentence(_ at: Int, _ why: String) -> Failure { .data("t.gz: byte \(at): \(why)") }

  @Test(arguments: InflateEngine.allCases)
  func roundTrips(_ engine: InflateEngine) {
    for level in Int32(0)...9 {
      for count in [0, 1, 100, 65_535, 65_536, 300_000] {
        let bytes = count == 0 ? [] : rows(count, seed: UInt64(count))
        let packed = gzip(bytes, level: level, full: level % 2 == 0)
        #expect(decode(packed, nil, engine) == Decoded(bytes: bytes))
        #expect(decode(packed, nil, engine, piece: 1000, room: 777) == Decoded(bytes: bytes))
      }
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func randomPiecesAndRooms(_ engine: InflateEngine) {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for _ in 0..<60 {
      var bytes: [UInt8] = []
      var packed: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let part: [UInt8] =
          Bool.random(using: &generator)
          ? rows(.random(in: 0...90_000, using: &generator), seed: generator.next())
          : (0..<Int.random(in: 0...5000, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
          }
        bytes += part
        packed += gzip(part, level: .random(in: 0...9, using: &generator))
      }
      packed += [UInt8](repeating: 0, count: .random(in: 0...600, using: &generator))
      let piece = Int.random(in: 1...3000, using: &generator)
      let room = Int.random(in: 1...40_000, using: &generator)
      let decoded = decode(packed, .gzip, engine, piece: piece, room: room)
      #expect(decoded == Decoded(bytes: bytes), "seed \(seed), piece \(piece), room \(room)")
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func membersSplitAtEverySize(_ engine: InflateEngine) {
    let packed =
      gzip(Self.small) + gzip([], full: true) + gzip(Self.small, level: 0) + gzip([1, 2, 3])
      + [0, 0, 0]
    let bytes = Self.small + Self.small + [1, 2, 3]
    for piece in 1...packed.count {
      for room in [1, 7, 4096] {
        #expect(decode(packed, .gzip, engine, piece: piece, room: room) == Decoded(bytes: bytes))
      }
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func everyTruncationIsAnError(_ engine: InflateEngine) {
    for full in [false, true] {
      let packed = gzip(Self.small, full: full)
      for count in 0..<packed.count {
        for piece in [1, 5, 4096] {
          let decoded = decode(Array(packed[..<count]), .gzip, engine, piece: piece)
          #expect(decoded.failure?.status == .data, "cut to \(count)")
          #expect(decoded.failure?.sentence.hasPrefix("t.gz: byte \(count): the gzip") == true)
          #expect(Self.small.starts(with: decoded.bytes))
        }
      }
      // The second of two members.
      for count in 1..<packed.count {
        let decoded = decode(packed + packed[..<count], .gzip, engine)
        #expect(decoded.failure?.status == .data, "cut to \(count)")
      }
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func everyBitFlipIsSeenOrHarmless(_ engine: InflateEngine) {
    let packed = gzip(Self.small)
    for bit in 0..<packed.count * 8 {
      var broken = packed
      broken[bit / 8] ^= 1 << (bit % 8)
      let decoded = decode(broken, .gzip, engine, room: 16)
      // Time, level, system and the text flag in the header say nothing about the content.
      if (4..<10).contains(bit / 8) || bit == 3 * 8 {
        #expect(decoded == Decoded(bytes: Self.small))
      } else {
        #expect(decoded.failure?.status == .data, "bit \(bit)")
      }
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func randomDamageNeverGivesWrongBytesSilently(_ engine: InflateEngine) {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let bytes = rows(20_000, seed: 3)
    let packed = gzip(bytes)
    for _ in 0..<600 {
      var broken = packed
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 10..<broken.count, using: &generator)
        broken[place] = .random(in: 0...255, using: &generator)
      }
      let decoded = decode(broken, .gzip, engine, piece: 900, room: 3000)
      #expect(decoded.failure != nil || decoded.bytes == bytes, "seed \(seed)")
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func brokenTrailers(_ engine: InflateEngine) {
    let packed = gzip(Self.small)
    let end = packed.count
    for piece in [1, 3, 4096] {
      for place in end - 8..<end {
        var broken = packed
        broken[place] ^= 0xff
        let expected =
          place < end - 4
          ? sentence(end - 8, "the gzip checksum does not match")
          : sentence(end - 4, "the gzip length does not match")
        let decoded = decode(broken, .gzip, engine, piece: piece)
        #expect(decoded == Decoded(bytes: Self.small, failure: expected))
      }
    }
  }

  @Test(arguments: InflateEngine.allCases)
  func garbageAfterIsAnError(_ engine: InflateEngine) {
    let packed = gzip(Self.small)
    let end = packed.count
    let garbage = "garbage after the gzip data"
    for (tail, at) in [
      ([1], 0), ([0x1f], 0), ([0x1f, 0x8c], 0), ([0, 0, 5], 2), ([0] + packed, 1),
      (Array("text".utf8), 0),
    ] as [([UInt8], Int)] {
      for piece in [1, 4, 4096] {
        let decoded = decode(packed + tail, .gzip, engine, piece: piece)
        #expect(
          decoded == Decoded(bytes: Self.small, failure: sentence(end + at, garbage)), "\(tail)")
      }
    }
    #expect(decode(packed + [0], .gzip, engine) == Decoded(bytes: Self.small))
    let padding = [UInt8](repeating: 0, count: 1000)
    #expect(decode(packed + padding, .gzip, engine) == Decoded(bytes: Self.small))
  }

  @Test(arguments: InflateEngine.allCases)
  func brokenHeaders(_ engine: InflateEngine) {
    let packed = gzip(Self.small, full: true)
    func broken(_ place: Int, _ byte: UInt8) -> Failure? {
      var copy = packed
      copy[place] = byte
      return decode(copy, .gzip, engine).failure
    }
    #expect(broken(0, 0) == sentence(0, "not gzip data"))
    #expect(broken(1, 0) == sentence(0, "not gzip data"))
    #expect(broken(2, 7) == sentence(2, "a gzip method that is not deflate"))
    #expect(broken(3, 0x20) == sentence(3, "reserved flags in the gzip header"))
    let sum = 10 + 2 + 300 + 9 + 10
    #expect(broken(20, 8) == sentence(sum, "the checksum of the gzip header does not match"))
    #expect(decode([], .gzip, engine).failure == sentence(0, "the gzip header is cut short"))
  }

  @Test func faultsStay() throws {
    let pieces = Pieces(gzip(Self.small) + [9], size: 4)
    let source = ByteSource(name: "x") { () throws(Failure) in pieces.next() }
    var flow = try Inflow(source)
    var buffer = [UInt8](repeating: 0, count: 10)
    var count = 0
    for _ in 0..<4 { count += try flow.read(into: &buffer) }
    #expect(count == Self.small.count)
    for _ in 0..<3 { #expect(throws: Failure.self) { try flow.read(into: &buffer) } }
    #expect(flow.produced == UInt64(Self.small.count))
  }
}
