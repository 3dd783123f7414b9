import InvBytes
import Testing

@Suite struct XXH64Tests {
  /// The buffer of the reference implementation's own checks.
  private static func sanity(_ count: Int) -> [UInt8] {
    var generator: UInt64 = 2_654_435_761
    return (0..<count).map { _ in
      defer { generator = generator &* 11_400_714_785_074_694_797 }
      return UInt8(generator >> 56)
    }
  }

  private func digest(_ bytes: [UInt8]) -> UInt64 { XXH64.hash(bytes.raw) }

  @Test(arguments: [
    ("", 0xef46_db37_51d8_e999), ("a", 0xd24e_c4f1_a98c_6e5b), ("abc", 0x44bc_2cf5_ad77_0999),
    ("Nobody inspects the spammish repetition", 0xfbce_a83c_8a37_8bf1),
  ])
  func publishedText(text: String, hash: UInt64) {
    #expect(digest(Array(text.utf8)) == hash)
  }

  @Test(arguments: [
    (0, 0xef46_db37_51d8_e999), (1, 0xe934_a84a_db05_2768), (4, 0x9136_a0dc_a574_57ee),
    (14, 0x8282_dcc4_994e_35c8), (222, 0xb641_ae8c_b691_c174),
  ])
  func referenceBuffer(count: Int, hash: UInt64) {
    #expect(digest(Self.sanity(count)) == hash)
  }

  @Test(arguments: [
    (0, 0xac75_fda2_929b_17ef), (1, 0x5014_6076_43a9_b4c3), (14, 0xc3bd_6bf6_3deb_6df0),
    (222, 0x20cb_8ab7_ae10_c14a),
  ])
  func referenceBufferWithSeed(count: Int, hash: UInt64) {
    #expect(XXH64.hash(Self.sanity(count).raw, seed: 2_654_435_761) == hash)
  }

  @Test func pairIsBothSeeds() {
    for count in 0...200 {
      let bytes = Self.sanity(count)
      let pair = (digest(bytes), XXH64.hash(bytes.raw, seed: 1))
      #expect(XXH64.pair(bytes.raw) == pair)
      unsafe bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        #expect(unsafe XXH64.pair(start, count) == pair, "\(count) bytes")
      }
    }
  }

  @Test func everyLengthDiffers() {
    let bytes = Self.sanity(200)
    var seen: Set<UInt64> = []
    for count in 0...200 { seen.insert(digest(Array(bytes[..<count]))) }
    #expect(seen.count == 201)
  }
}
