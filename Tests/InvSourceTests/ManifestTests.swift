import InvDigest
import InvBytes
import InvText
import TestSupport
import Testing

@testable import InvSource

@Suite struct ManifestTests {
  @Test func plain() throws {
    let manifest = try Manifest(parsing: manifestText())
    #expect(manifest.sourceBucket == Array("example".utf8))
    #expect(manifest.destinationBucket == Array("lists".utf8))
    #expect(manifest.version == manifest.author.usualVersion)
    #expect(manifest.created == 1_793_491_200)
    #expect(manifest.format == .csv)
    #expect(manifest.schema == Array("Bucket, Key, Size".utf8))
    #expect(manifest.files.count == 1)
    #expect(manifest.files[0].key == Array("dp/example/daily/data/1.csv.gz".utf8))
    #expect(manifest.files[0].size == 2_147_483_647)
    #expect(manifest.files[0].md5?.hex == "f11166069f1990abeb9c97ace9cdfabc")
  }

  @Test func whatIsTolerated() throws {
    let plain = try Manifest(parsing: manifestText())
    for edit in [
      ("arn:aws:s3:::lists", "lists"), ("arn:aws:s3:::lists", "arn:aws-cn:s3:::lists"),
      ("\"1793491200000\"", "1793491200000"), ("\"CSV\"", "\"csv\""), ("abeb9c97", "ABEB9C97"),
      (" : ", ":"), ("\n", "\r\n"), ("\"version\"", "\"colour\" : {\"a\" : [null]}, \"version\""),
      ("\"size\"", "\"colour\" : \"}\\\"]\", \"size\""),
      ("\"sourceBucket\"", "\"source\\u0042ucket\""),
    ] { #expect(try Manifest(parsing: manifestText(edit)) == plain, "\(edit)") }
    let parquet = try Manifest(parsing: manifestText(("CSV", "parQUET")))
    #expect(parquet.format == .parquet)
    #expect(try Manifest(parsing: manifestText(("CSV", "Orc"))).format == .orc)
    #expect(try Manifest(parsing: manifestText(("\"version\"", "\"x\""))).version == nil)
    let empty = manifestText(("[ {", "[ ], \"x\" : [ {"))
    #expect(try Manifest(parsing: empty).files.isEmpty)
  }

  @Test func everyPartOfItIsTooShort() {
    let text = manifestText()
    for length in 0..<text.count {
      #expect(throws: FormatError.self) { try Manifest(parsing: Array(text[..<length])) }
    }
  }

  @Test func sizesThatAddUpToTooMuch() {
    let file = { (size: UInt64) in
      "{\"key\":\"k\",\"size\":\(size),\"MD5checksum\":\"\(String(repeating: "0", count: 32))\"}"
    }
    let most = UInt64(Int64.max)
    let text = manifestText(("[ {", "[ \(file(most)), \(file(most)), \(file(2)), {"))
    let place = text.firstRange(of: file(2).utf8)?.lowerBound ?? 0
    let fault = FormatError("files[2]: the sizes add up to 2^64 and more", at: UInt64(place))
    #expect(throws: fault) { try Manifest(parsing: text) }
  }

  /// What is read strictly as a whole is read strictly in pieces, and the other way round.
  @Test(arguments: [1, 2, 3] as [UInt64]) func piecesAreAsStrictAsTheWhole(seed: UInt64) {
    var draw = SeededGenerator(seed)
    let text = manifestText()
    let bytes = Array("{}[]:,\"\\ \n0123456789tfnx\u{0}\u{ff}".utf8)
    for _ in 0..<5000 {
      var broken = text
      for _ in 0..<Int.random(in: 1...2, using: &draw) {
        let place = Int.random(in: 0..<broken.count, using: &draw)
        switch Int.random(in: 0..<3, using: &draw) {
        case 0: broken[place] = bytes.randomElement(using: &draw) ?? 0
        case 1: broken.remove(at: place)
        default: broken.insert(bytes.randomElement(using: &draw) ?? 0, at: place)
        }
      }
      let isJSON = (try? JSON.parse(broken)) != nil
      let isRead = (try? pieces(broken)) != nil
      #expect(isJSON == isRead, "seed \(seed): \(String(decoding: broken, as: UTF8.self))")
      do { _ = try Manifest(parsing: broken) } catch { #expect(error.at <= broken.count) }
    }
  }

  private func pieces(_ text: [UInt8]) throws(FormatError) {
    var scanner = ManifestScanner(text)
    try scanner.members { (scanner, key, _) throws(FormatError) in
      guard key == Array("files".utf8) else {
        _ = try scanner.value()
        return
      }
      try scanner.elements { (scanner, _) throws(FormatError) in _ = try scanner.value() }
    }
    try scanner.end()
  }

  @Test(arguments: [
    ("dp/example/daily/1", ["dp/example/daily/1", "dp//example/daily/1"]),
    ("dp//example/daily/1", ["dp//example/daily/1"]),
    ("example/example/daily/1", ["example/example/daily/1", "example//example/daily/1"]),
    ("example/daily/1", ["example/daily/1"]),
    ("other/1", ["other/1"]),
    (
      "a%2Bb/example/c+d",
      ["a%2Bb/example/c+d", "a%2Bb//example/c+d", "a+b/example/c d", "a+b//example/c d"]
    ),
    ("", [""]),
  ]) func storedKeys(key: String, expected: [String]) throws {
    let manifest = try Manifest(parsing: manifestText())
    let found = manifest.storedKeys(of: Array(key.utf8))
    #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
  }
}
