import InvBytes
import InvText
import Testing

@Suite struct TextEscapeTests {
  @Test func escapes() {
    let bytes = Array("a\nb\tc\rd\\e/é\u{7f}\u{1}\0".utf8)
    #expect(
      TextEscape.escaped(bytes)
        == Array("a\\nb\\tc\\rd\\\\e/é\\x7f\\x01\\x00".utf8))
  }

  @Test func everyPairOfBytesRoundTrips() throws {
    for first in UInt8.min ... .max {
      for second in UInt8.min ... .max {
        let text = TextEscape.escaped([first, second])
        #expect(text.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
        #expect(try TextEscape.unescaped(text) == [first, second])
      }
    }
  }

  @Test(arguments: [
    ("ab\\", 2, "a backslash that escapes nothing"), ("\\q", 0, "a backslash that escapes nothing"),
    ("\\x", 0, "\\x without two hexadecimal digits"),
    ("a\\x1", 1, "\\x without two hexadecimal digits"),
    ("\\n\\xg0", 2, "\\x without two hexadecimal digits"), ("ab\u{1}", 2, "a bare control byte"),
    ("\u{7f}", 0, "a bare control byte"),
  ])
  func brokenText(_ text: String, at: UInt64, what: String) {
    #expect(throws: FormatError(what, at: at)) { try TextEscape.unescaped(Array(text.utf8)) }
  }

  @Test func slicesAndUpperCase() throws {
    #expect(try TextEscape.unescaped(Array("xx\\x4Az".utf8)[2...]) == Array("Jz".utf8))
  }

  /// Each byte at each place among 17, so in the words and behind them.
  @Test func plainIsWhatStandsForItself() {
    for byte in UInt8.min ... .max {
      for place in 0..<17 {
        var text = [UInt8](repeating: 0x61, count: 17)
        text[place] = byte
        #expect(TextEscape.isPlain(text) == (TextEscape.escaped(text) == text))
      }
    }
    #expect(TextEscape.isPlain([]))
  }
}
