import InvText
import Testing

@Suite struct ScreenWidthTests {
  @Test(arguments: [
    ("", 0), ("abc/", 4), ("é/", 2), ("e\u{301}/", 2), ("見積書/", 7), ("한국/", 5), ("😀/", 3),
    ("a\u{200d}b", 2), ("ｆｕｌｌ", 8), ("\u{ffee}/", 2), ("שלום", 4), ("ﷺ", 1), ("\u{10ffff}", 1),
  ])
  func widths(text: String, width: Int) {
    #expect(ScreenWidth.of(Array(text.utf8)) == width)
  }

  @Test func bytesThatAreNoTextTakeAColumnEach() {
    #expect(ScreenWidth.of([0xff, 0x61, 0xc3, 0xe8, 0xa6]) == 5)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdefg", 6, "ab…efg"), ("abcdefgh", 5, "ab…gh"), ("abc", 1, "…"),
    ("abc", 2, "…c"), ("abc", 0, "abc"), ("見積書見積書", 6, "見…書"), ("見積書見積書", 7, "見…積書"),
    ("aaaae\u{301}\u{301}bbb", 7, "aaa…bbb"), ("aae\u{301}aaaaaaaa", 7, "aae\u{301}…aaa"),
  ])
  func cuts(text: String, width: Int, cut: String) {
    let bytes = ScreenWidth.cut(Array(text.utf8), to: width)
    #expect(String(decoding: bytes, as: UTF8.self) == cut)
  }

  @Test func whatIsCutFits() {
    let text = Array("a見e\u{301}😀\u{200d}b".utf8) + [0xff, 0xc3] + Array("한ǆ\u{200b}z/".utf8)
    for width in 1...ScreenWidth.of(text) {
      #expect(ScreenWidth.of(ScreenWidth.cut(text, to: width)) <= width)
    }
  }
}
