import InvBytes
import InvCompress
import InvSystem
import TestSupport
import Testing

/// Forty lines, as libraries of other hands compress them; what is gzip has two members, what is Hadoop's
/// two blocks.
private let text = (0..<40).flatMap { [UInt8]("a/\($0)/file.dat STANDARD\n".utf8) }
private let blocks: [BlockCodec: String] = [
  .deflate:
    "75d2b10dc2400043d13e5330410edb014219e9ea1490054e82489128b3bf58e05ffbbb27bb956bd98fdf77fc"
    + "b4f3f2de96b52eaf3ab422acc61aac13d61bd63bd607d619eb93151d1cebc43cb14f0c140bc544b1518c142b"
    + "cd4a773664a55969569a9566a55969569a9561655899ce555919568695616558195686947f",
  .gzip:
    "1f8b08000000000002034bd437d04fcbcc49d54b492c51080e71f473710c72e14ad437c42a6a8455d418aba8"
    + "095c1400c4237360640000001f8b08000000000002036dcf3b0e40501445d1de28de0870cff12d256a0526f0"
    + "122412a5f947abd8edea56daf66999a7752e72d556d7fd9ce591dff4d30eb5471d5047d4a8998359cc666e98"
    + "79185c0c3e06278397e2a578295e8a97e2a578295e8a97e2a578695e9a97e6a579695e9a97e6a579695e9a96"
    + "1fc35c26952a030000",
  .snappy:
    "8e0760612f302f66696c652e646174205354414e444152440a612f3152160000325216000033521600003452"
    + "160004352f4e6e00003652160000375216000038521600003952160000315add0056de00003156df00003156"
    + "e000003156e1000831352f4ee200003156e300003156e400003156e500003156e600003256e600003256e600"
    + "003256e600003256e600003256e6000832352f4ee600003256e600003256e600003256e600003256e6000033"
    + "56e600003356e600003356e600003356e600003356e6000833352f4ee600003356e600003356e600003356e6"
    + "0000334ee600",
  .lz4:
    "ff0a612f302f66696c652e646174205354414e444152440a612f311600021f321600021f331600021f341600"
    + "021f351600021f361600021f371600021f381600021f391600021f31dd00040fde00031f31df00031f31e000"
    + "031f31e100031f31e200031f31e300031f31e400031f31e500031f31e600031f32e600031f32e600031f32e6"
    + "00031f32e600031f32e600031f32e600031f32e600031f32e600031f32e600031f32e600031f33e600031f33"
    + "e600031f33e600031f33e600031f33e600031f33e600031f33e600031f33e600031f33e600031b33e6005044"
    + "4152440a",
  .hadoopLZ4:
    "000001c70000007dff0a612f302f66696c652e646174205354414e444152440a612f311600021f321600021f"
    + "331600021f341600021f351600021f361600021f371600021f381600021f391600021f31dd00040fde00031f"
    + "31df00031f31e000031f31e100031f31e200031f31e300031f31e400031f31e500031f31e6000150612f3230"
    + "2f000001c70000007bff0866696c652e646174205354414e444152440a612f32312f1700021f321700031f33"
    + "1700031f341700031f351700031f361700031f371700031f381700031f391700022f33301700030fe600031f"
    + "33e600031f33e600031f33e600031f33e600031f33e600031f33e600031f33e600031b33e60050444152440a",
  .zstd:
    "28b52ffd608e02450400e403612f302f66696c652e646174205354414e444152440a612f3132333435363738"
    + "393131313131313131313232323232323232323233333333333333333333272080a3d203b42857618a504e61"
    + "15518ec214a19cc228a29cc22aa21c8529b2726915865691b3ca9955585945c82a375661621509ab00587d1f"
    + "f3c9773ef689ef3ec63e517e710c",
  .brotli:
    "1b8d0300040cddf21885508c6b79e59269c423cc1284042d3c006840ec4987076ceba2daced7cb5cee0cffa7"
    + "afffe3f3d6abd5bb0dbda4346d2fbdf6d67b1f7d2e19f8608821861862882186180200000000000000401004"
    + "411004c114",
]

@Suite struct BlockDecoderTests {
  private func block(_ codec: BlockCodec) -> [UInt8] {
    guard let hex = blocks[codec] else { return text }
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }

  @Test(arguments: BlockCodec.allCases, [InflateEngine.fastest, .zlib])
  func decodes(_ codec: BlockCodec, _ engine: InflateEngine) throws {
    let block = block(codec)
    let decoder = try BlockDecoder(codec, engine: engine)
    var output: [UInt8] = [7]
    try decoder.decode(block.raw, exactly: text.count, to: &output)
    try decoder.decode(block.raw, atMost: text.count + 100, to: &output)
    #expect(output == [7] + text + text)
  }

  @Test(arguments: BlockCodec.allCases, [InflateEngine.fastest, .zlib])
  func theLengthMustBeRight(_ codec: BlockCodec, _ engine: InflateEngine) throws {
    let block = block(codec)
    let decoder = try BlockDecoder(codec, engine: engine)
    // Room for more must not let more in.
    var output = [UInt8](repeating: 1, count: 5000)
    output.removeLast(4999)
    for count in [0, 1, text.count - 1, text.count + 1] {
      #expect(throws: FormatError.self) {
        try decoder.decode(block.raw, exactly: count, to: &output)
      }
      #expect(output == [1])
    }
  }

  /// Neither a block cut short nor one with a bit turned is ever more than it is said to be.
  @Test(arguments: BlockCodec.allCases, [InflateEngine.fastest, .zlib])
  func brokenBlocks(_ codec: BlockCodec, _ engine: InflateEngine) throws {
    guard codec != .plain else { return }
    let block = block(codec)
    let decoder = try BlockDecoder(codec, engine: engine)
    var output: [UInt8] = []
    for count in 0..<block.count {
      output = []
      // What is cut between members or blocks ends well, but too early.
      #expect(throws: FormatError.self) {
        try decoder.decode(block.raw.extracting(first: count), exactly: text.count, to: &output)
      }
      #expect(output == [])
    }
    for bit in 0..<block.count * 8 {
      var broken = block
      broken[bit / 8] ^= 1 << (bit % 8)
      output = []
      do {
        try decoder.decode(broken.raw, exactly: text.count, to: &output)
        #expect(output.count == text.count)
        // These notice it, but for what says nothing of the content.
        if codec == .gzip { #expect(output == text) }
      } catch {
        #expect(output == [])
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 100_000])
  func checksumOfGzip(_ count: Int) throws {
    let bytes = Array(repeatElement(text, count: count / text.count + 1).joined().prefix(count))
    let member = gzip(bytes)
    #expect(crc32(bytes.raw) == member.raw.u32(at: member.count - 8))
  }
}
