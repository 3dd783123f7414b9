import Foundation
import InvBytes
import InvText
import TestSupport
import Testing

@Suite struct JSONTests {
  func parse(_ text: String, lossless: Bool = false) throws -> JSONValue {
    try JSON.parse(Array(text.utf8), lossless: lossless)
  }

  @Test func manifest() throws {
    let text = """
      {
        "sourceBucket" : "example",
        "creationTimestamp" : "1514944800000",
        "files" : [ { "key" : "a/b.csv.gz", "size" : 2147483647, "MD5checksum" : "f11166069f1990" } ],
        "empty" : [], "none" : null, "yes" : true, "no": false, "o" : {}
      }
      """
    let manifest = try parse(text)
    #expect(manifest["sourceBucket"]?.text == "example")
    #expect(manifest["files"]?.array?.first?["size"]?.number?.uint64 == 2_147_483_647)
    #expect(manifest["missing"] == nil && manifest["yes"]?.bool == true)
    #expect(manifest["none"] == .null && manifest["empty"]?.array == [])
    let keys = manifest.object?.members.map { String(decoding: $0.key, as: UTF8.self) }
    #expect(
      keys == ["sourceBucket", "creationTimestamp", "files", "empty", "none", "yes", "no", "o"])
  }

  @Test func manyKeys() throws {
    let members = (0..<1000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let object = try parse("{\(members)}")
    for number in 0..<1000 { #expect(object["k\(number)"]?.number?.uint64 == UInt64(number)) }
    #expect(object["k1000"] == nil)
    #expect(throws: FormatError.self) { try parse("{\(members),\"k77\":1}") }
  }

  @Test func numbers() throws {
    for text in ["0", "-0", "1", "-1", "18446744073709551615", "1.5", "1e3", "1E+3", "-0.5e-7"] {
      #expect(try parse(text).number?.text == text)
    }
    #expect(try parse("18446744073709551615").number?.uint64 == .max)
    #expect(try parse("18446744073709551616").number?.uint64 == nil)
    #expect(try parse("-1").number?.uint64 == nil)
    #expect(try parse("-0").number?.uint64 == 0)
    #expect(try parse("1.0").number?.uint64 == nil)
    #expect(try parse("1e3").number?.uint64 == nil)
  }

  @Test func strings() throws {
    #expect(try parse(#""a\"\\\/\b\f\n\r\tAé😀""#).text == "a\"\\/\u{8}\u{c}\n\r\tAé😀")
    #expect(try parse(#""\u0041\u00e9\ud83d\ude00\u0000\uFFFF""#).text == "Aé😀\0\u{ffff}")
    #expect(try JSON.parse([0x22, 0xff, 0x80, 0x22]).bytes == [0xff, 0x80])
    #expect(try JSON.parse([0x22, 0xff, 0x80, 0x22]).text == nil)
    #expect(try parse(#""\udcff\uDC80x""#, lossless: true).bytes == [0xff, 0x80, 0x78])
  }

  @Test(arguments: [
    ("", 0, "the JSON text is cut short"), ("  ", 2, "the JSON text is cut short"),
    ("1 2", 2, "something after the JSON value"), ("{} x", 3, "something after the JSON value"),
    ("01", 0, "a JSON number that begins with 0"), ("-01", 0, "a JSON number that begins with 0"),
    ("-", 1, "the JSON text is cut short"), ("-x", 1, "no digit where a JSON number has one"),
    ("1.", 2, "the JSON text is cut short"), ("1.e3", 2, "no digit where a JSON number has one"),
    ("1e", 2, "the JSON text is cut short"), ("+1", 0, "no JSON value"), (".5", 0, "no JSON value"),
    ("nul", 3, "the JSON text is cut short"), ("nulx", 0, "no JSON value"),
    ("NaN", 0, "no JSON value"), ("[1,]", 3, "no JSON value"),
    ("[1 2]", 3, "no , between JSON values"),
    ("[,1]", 1, "no JSON value"), ("{,}", 1, "no key in a JSON object"),
    ("{\"a\":1,}", 7, "no key in a JSON object"), ("{a:1}", 1, "no key in a JSON object"),
    ("{\"a\" 1}", 5, "no : after a JSON key"),
    ("{\"a\":1 \"b\":2}", 7, "no , between JSON members"),
    ("{\"a\":1,\"a\":2}", 7, "a JSON key that was there before"),
    ("{\"a\":1,\"\\u0061\":2}", 7, "a JSON key that was there before"),
    ("\"a\nb\"", 2, "a control byte in a JSON string"),
    ("\"a\u{1f}\"", 2, "a control byte in a JSON string"),
    ("\"\\x41\"", 1, "a backslash that escapes nothing"),
    ("\"\\u00g0\"", 1, "\\u without four hexadecimal digits"),
    ("\"\\ud800\"", 1, "a lone surrogate"), ("\"\\ud800\\n\"", 1, "a lone surrogate"),
    ("\"\\ud800\\ud800\"", 1, "a lone surrogate"), ("\"x\\udc00\"", 2, "a lone surrogate"),
    ("\"\\udcff\"", 1, "a lone surrogate"), ("]", 0, "no JSON value"),
    ("\u{feff}1", 0, "no JSON value"), ("/**/1", 0, "no JSON value"),
    ("1\0", 1, "something after the JSON value"),
  ])
  func refuses(_ text: String, at: UInt64, what: String) {
    #expect(throws: FormatError(what, at: at)) { try parse(text) }
  }

  @Test func losslessTakesOnlyItsOwn() {
    for text in [#""\udc7f""#, #""\udd00""#, #""\ud800""#, #""\udc00""#] {
      #expect(throws: FormatError("a lone surrogate", at: 1)) { try parse(text, lossless: true) }
    }
  }

  @Test func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(512))
    #expect(throws: FormatError("JSON more than 512 levels deep", at: 512)) {
      try parse(nested(513))
    }
    let hostile = String(repeating: "{\"a\":[", count: 1_000_000)
    #expect(throws: FormatError.self) { try parse(hostile) }
  }

  @Test func everyTruncationIsAnError() {
    let text = Array(#" {"a\u00e9" : [1.5e+3, true, null, {"b":"x\ud83d\ude00\n"}] } "#.utf8)
    #expect(throws: Never.self) { try JSON.parse(text) }
    for count in 0..<text.count - 1 {
      #expect(throws: FormatError.self) { try JSON.parse(Array(text[..<count])) }
    }
  }

  @Test func writing() {
    func written(_ bytes: [UInt8]) -> String { String(decoding: JSON.string(bytes), as: UTF8.self) }
    #expect(written(Array("a\"b\\c/é😀\n\t\u{1}\u{7f}".utf8)) == #""a\"b\\c/é😀\n\t\u0001\u007F""#)
    #expect(written([0xff, 0x61, 0xc3]) == #""\uDCFFa\uDCC3""#)
    // A surrogate in UTF-8, an overlong form, a number past the last character.
    #expect(written([0xed, 0xa0, 0x80]) == #""\uDCED\uDCA0\uDC80""#)
    #expect(written([0xc0, 0x80]) == #""\uDCC0\uDC80""#)
    #expect(written([0xf4, 0x90, 0x80, 0x80]) == #""\uDCF4\uDC90\uDC80\uDC80""#)
    #expect(written([0xe2, 0xc3, 0xa9]) == #""\uDCE2é""#)
  }

  @Test func writtenStringsComeBack() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let parts: [[UInt8]] =
      [[0xc3], [0xa9], [0xed], [0xa0], [0xf0], [0x9f], [0x98], [0x80], [0xe2], [0x22], [0x5c], [0]]
      + ["é", "😀", "a", "\\udcff", "\n", "\u{7f}"].map { Array($0.utf8) }
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...8, using: &generator) {
        bytes += parts[Int.random(in: 0..<parts.count, using: &generator)]
      }
      let text = JSON.string(bytes)
      #expect(String(validating: text, as: UTF8.self) != nil)
      #expect(try JSON.parse(text, lossless: true).bytes == bytes, "seed \(seed)")
      if let string = String(validating: bytes, as: UTF8.self) {
        #expect(try JSON.parse(text).text == string, "seed \(seed)")
      }
    }
  }

  @Test func agreesWithFoundation() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let parts = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-2.5", "true", "null", " "]
    var good = 0
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...7, using: &generator) {
        text += parts[Int.random(in: 0..<parts.count, using: &generator)]
      }
      let ours = try? parse(text)
      let data = Data(text.utf8)
      let theirs = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      // Foundation keeps the last of two members with the same key, and allows a last comma.
      if ours != nil {
        #expect(theirs != nil, "\(text)")
      } else if !text.contains("\"a\":") && !text.contains(/, *[\]}]/) {
        #expect(theirs == nil, "\(text)")
      }
      good += ours == nil ? 0 : 1
    }
    #expect(good > 500, "seed \(seed)")
  }
}
