import Testing

@testable import InvAnswer

@Suite struct AlignedRowsTests {
  /// Past the limit the widths stay, whatever comes.
  @Test func muchIsNotKept() {
    var rows = AlignedRows(
      [("name", .text), ("n", .count)], width: nil, isColored: false, limit: 8)
    var lines: [UInt8] = []
    func add(_ name: String, _ number: String) {
      rows.add { $0 += name.utf8 }
      rows.add { $0 += number.utf8 }
      rows.endRow(into: &lines)
    }
    add("ab", "1")
    #expect(lines.isEmpty)
    add("abcdef", "12")
    let settled = "name     n\nab       1\nabcdef  12\n"
    #expect(String(decoding: lines, as: UTF8.self) == settled)
    add("abcdefgh", "123")
    add("a", "1")
    rows.finish(footer: ["end"], into: &lines)
    #expect(
      String(decoding: lines, as: UTF8.self) == settled + "abcdefgh  123\na        1\nend\n")
  }
}
