import InvBytes
import InvCompress
import Testing

@Suite struct ZstdBlockTests {
  @Test func roundTripsAtEveryLevel() throws {
    for level in [-100_000_000, -7, -1, 0, 1, 3, 19, 1000] {
      var compressor = try ZstdBlock.Compressor(level: level)
      var decompressor = try ZstdBlock.Decompressor()
      var frame: [UInt8] = []
      var block: [UInt8] = []
      for count in [0, 1, 100, 70_000, 5, 300_000] {
        let bytes = count == 0 ? [] : rows(count, seed: 4)
        compressor.compress(bytes.span, into: &frame)
        try decompressor.decompress(
          frame.span, decodedLength: bytes.count, into: &block)
        #expect(block == bytes)
      }
    }
  }

  @Test func theLengthMustBeExact() throws {
    let bytes = rows(1000, seed: 6)
    let frame = zstd(bytes)
    var decompressor = try ZstdBlock.Decompressor()
    // Room for more must not let more in.
    var block = [UInt8](repeating: 1, count: 5000)
    for (length, what) in [
      (bytes.count - 1, "a block longer than it says"), (0, "a block longer than it says"),
      (bytes.count + 1, "a block shorter than it says"),
    ] {
      #expect(throws: FormatError(what, at: 0)) {
        try decompressor.decompress(frame.span, decodedLength: length, into: &block)
      }
      #expect(block == [])
    }
    try decompressor.decompress(frame.span, decodedLength: bytes.count, into: &block)
    #expect(block == bytes)
  }

  @Test func oneWholeFrame() throws {
    let bytes = rows(300, seed: 7)
    let frame = zstd(bytes)
    var decompressor = try ZstdBlock.Decompressor()
    var block: [UInt8] = []
    for count in 0..<frame.count {
      let cut = Array(frame[..<count])
      #expect(throws: FormatError.self) {
        try decompressor.decompress(cut.span, decodedLength: bytes.count, into: &block)
      }
    }
    #expect(throws: FormatError("garbage after the zstd frame", at: UInt64(frame.count))) {
      let longer = frame + [0]
      try decompressor.decompress(longer.span, decodedLength: bytes.count, into: &block)
    }
    for bit in 0..<frame.count * 8 {
      var broken = frame
      broken[bit / 8] ^= 1 << (bit % 8)
      do {
        try decompressor.decompress(broken.span, decodedLength: bytes.count, into: &block)
        #expect(block == bytes)
      } catch {
        #expect(block == [])
      }
    }
  }
}
