import InvDigest
import InvSystem
import Testing

@Suite struct MD5Tests {
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
  ]) func vectorsOfRFC1321(text: String, hex: String) throws {
    #expect(try MD5.of(Array(text.utf8)).hex == hex)
    #expect(MD5.Digest(hex: hex.utf8)?.hex == hex)
    #expect(MD5.Digest(hex: hex.uppercased().utf8)?.hex == hex)
  }

  @Test func piecesOfAnyLength() throws {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = try MD5.of(bytes)
    for length in [1, 63, 64, 65, 4096] {
      var md5 = try MD5()
      var at = 0
      while at < bytes.count {
        let end = min(at + length, bytes.count)
        md5.update(bytes.span.extracting(at..<end))
        at = end
      }
      #expect(md5.finish() == whole)
    }
  }

  @Test(arguments: [
    "", "0", "d41d8cd98f00b204e9800998ecf8427", "d41d8cd98f00b204e9800998ecf8427e0",
    "+41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204 9800998ecf8427e",
    "0xd41d8cd98f00b204e9800998ecf842", "g41d8cd98f00b204e9800998ecf8427e",
    "d41d8cd98f00b204é800998ecf8427e",
  ]) func otherTextIsNoDigest(text: String) {
    #expect(MD5.Digest(hex: text.utf8) == nil)
  }
}
