import InvSystem
import TestSupport
import Testing

@testable import InvNet

@Suite struct INIFileTests {
  func parse(_ text: String) throws -> [String: [String: String]] {
    let file = try INIFile(Array(text.utf8), named: "config")
    return Dictionary(
      uniqueKeysWithValues: file.sections.map { ($0.name, $0.values.mapValues(\.text)) })
  }

  @Test(arguments: [
    ("", [:]), ("\n \n# x\n; y", [:]), ("[a]", ["a": [:]]),
    ("\u{feff}[a]\r\nb = c\r\n", ["a": ["b": "c"]]),
    ("[a b] # why\nKey=v=w\nother : x = y", ["a b": ["key": "v=w", "other": "x = y"]]),
    (
      "[a]\nb = c # d\n  # e\ne =\n[f]\n  g = h\n",
      ["a": ["b": "c # d", "e": ""], "f": ["g": "h"]]
    ),
    ("[a]\nb = c\n\n  d\n\n e = f\ng = h", ["a": ["b": "c\nd\ne = f", "g": "h"]]),
    ("[a]\n  b = c\n  d = e\n", ["a": ["b": "c", "d": "e"]]),
  ])
  func sections(_ text: String, _ sections: [String: [String: String]]) throws {
    #expect(try parse(text) == sections)
  }

  @Test func nestedKeys() throws {
    let file = try INIFile(
      Array(
        "[services x]\ns3 =\n  endpoint_url = http://a:1/=\n\n  # no\n  b=c\nsts =\n d = e".utf8),
      named: "c")
    let values = try #require(file.sections.first?.values)
    #expect(values["s3"]?.nested == ["endpoint_url": "http://a:1/=", "b": "c"])
    #expect(values["sts"]?.nested == ["d": "e"])
  }

  @Test(arguments: [
    ("a = secret", "line 1: a key before the first section"),
    ("\n[a]\nsecret", "line 3: neither a section nor a key with a value"),
    ("[a]\n= secret", "line 2: a value without a key"), ("[]", "line 1: a section without a name"),
    ("[secret", "line 1: a section without a name"),
    ("[a]\n[a]", "line 2: a section that was there before"),
    ("[a]\nb = secret\nB = c", "line 3: a key that was there before in its section"),
    ("[a]\nb =\n  secret", "line 2: a key whose nested lines are no keys with values"),
  ])
  func refused(_ text: String, _ what: String) {
    #expect(throws: Failure.data("config: \(what)")) { try parse(text) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: Failure.data("config: line 2: not UTF-8")) {
      try INIFile(Array("[a]\nb = ".utf8) + [0xff], named: "config")
    }
  }

  @Test func randomLinesDoNoHarm() {
    var generator = SeededGenerator(3)
    let pieces = ["[", "]", "a", "b", "=", ":", " ", "\t", "\n", "\n", "#", ";", "\r"]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0..<16, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      guard let file = try? INIFile(Array(text.utf8), named: "x") else { continue }
      for section in file.sections { #expect(text.contains("[\(section.name)]")) }
    }
  }
}
