import InvCompress
import InvSystem
import TestSupport
import Testing

@testable import InvSource

@Suite struct JSONTokensTests {
  private func tokens(_ text: [UInt8], piece: Int = 1 << 18) throws(Failure) -> [String] {
    var tokens = JSONTokens(
      try TextWindow(Inflow(ByteSource(name: "t", bytes: text), format: .plain), piece: piece))
    var found: [String] = []
    while true {
      let token = try tokens.next()
      switch token {
      case .end: return found
      case .key, .string, .number:
        found.append("\(token) \(String(decoding: tokens.bytes, as: UTF8.self)) \(tokens.start)")
      default: found.append("\(token) \(tokens.start)")
      }
    }
  }

  @Test(arguments: [1, 2, 3, 7, 1 << 18])
  func everythingThereIs(piece: Int) throws {
    let text = #" {"a" : [1, -2.5e+3,true ,false,null,"x\n\u00e9\ud83d\ude00\/"], "b":{}} [] 0 "#
    #expect(
      try tokens(Array(text.utf8), piece: piece) == [
        "objectStart 1", "key a 2", "arrayStart 8", "number 1 9", "number -2.5e+3 12",
        "bool(true) 20", "bool(false) 26", "null 32", "string x\né😀/ 37", "arrayEnd 62",
        "key b 65", "objectStart 69", "objectEnd 70", "objectEnd 71", "arrayStart 73",
        "arrayEnd 74",
        "number 0 76",
      ])
  }

  @Test func bytesThatAreNotText() throws {
    var tokens = JSONTokens(
      try TextWindow(
        Inflow(ByteSource(name: "t", bytes: [0x22, 0xff, 0xc3] + Array(#"\udc80""#.utf8)))))
    #expect(try tokens.next() == .string)
    #expect(tokens.bytes == [0xff, 0xc3, 0x80])
  }

  @Test(arguments: [
    ("[1 2]", 3, "no , between JSON values"), ("{1:2}", 1, "no key in a JSON object"),
    (#"{"a" 1}"#, 5, "no : after a JSON key"), (#"{"a":1 "b"}"#, 7, "no , between JSON members"),
    ("[01]", 1, "a JSON number that is not one"), ("[1,]", 3, "no JSON value"),
    ("tru", 0, "no JSON value"),
    ("[", 1, "the JSON text is cut short"), ("{\"a", 3, "the JSON text is cut short"),
    ("\"a\u{1}\"", 2, "a control byte in JSON text"),
    (#""\x""#, 0, "an unknown escape in JSON text"),
    (#""\ud800x""#, 0, "half a character in JSON"), (#""\udc00""#, 0, "half a character in JSON"),
    (#""\u00g0""#, 0, "a JSON escape without four hexadecimal digits"), ("]", 0, "no JSON value"),
    ("[}", 1, "no JSON value"),
  ])
  func whatIsNoJSON(text: String, byte: Int, why: String) {
    for piece in [1, 1 << 18] {
      do throws(Failure) {
        let found = try tokens(Array(text.utf8), piece: piece)
        Issue.record("\(text): \(found)")
      } catch {
        #expect(error.sentence == "t: byte \(byte): \(why)")
        #expect(error.status == .data)
      }
    }
  }

  @Test func bounds() {
    let long = [UInt8](repeating: 0x61, count: JSONTokens.lengthLimit + 10)
    #expect(throws: Failure.self) { try tokens([0x22] + long + [0x22]) }
    let deep = [UInt8](repeating: 0x5b, count: JSONTokens.depthLimit + 1)
    #expect(throws: Failure.self) { try tokens(deep) }
  }

  /// Every way to cut a text ends in an error, or in fewer tokens where a document is whole.
  @Test func everyCut() {
    let text = Array(#"[{"Key":"a\u0041","Size":12},{"Key":null}]"#.utf8)
    for end in 1..<text.count {
      #expect(throws: Failure.self) { try tokens(Array(text[..<end])) }
    }
  }

  @Test func runs() {
    var generator = SeededGenerator(5)
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        [0x00, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x7f, 0x80, 0x9f, 0xa2, 0xdc, 0xff]
          .randomElement(using: &generator) ?? UInt8(0)
      }
      for start in 0...text.count {
        #expect(
          JSONTokens.run(text, start, text.count) == JSONTokens.runPlainly(text, start, text.count))
      }
    }
  }
}
