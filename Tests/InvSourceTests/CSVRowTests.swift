import Testing

@testable import InvSource

@Suite struct CSVRowTests {
  func read(_ text: String, isAtEnd: Bool = false) -> (CSVRow.Outcome, [String]) {
    var row = CSVRow()
    let bytes = Array(text.utf8)
    let outcome = row.read(bytes, 0..<bytes.count, isAtEnd: isAtEnd)
    guard case .row = outcome else { return (outcome, []) }
    return (outcome, (0..<row.fields).map { String(decoding: row.field($0), as: UTF8.self) })
  }

  @Test func rowsOfEveryKind() {
    let rows: [(String, [String])] = [
      ("a,b\n", ["a", "b"]), ("\"a\",\"b\"\n", ["a", "b"]), ("a,b\r\n", ["a", "b"]),
      ("\"a\",\"b\"\r\n", ["a", "b"]), ("\"a,\nb\",c\n", ["a,\nb", "c"]),
      ("\"say \"\"hi\"\"\",\"\"\"\"\n", ["say \"hi\"", "\""]), (",\n", ["", ""]),
      ("\"\",\"\",\"\"\n", ["", "", ""]), ("a\rb,c\n", ["a\rb", "c"]), ("a\n", ["a"]),
    ]
    for (text, fields) in rows {
      let (outcome, found) = read(text + "next")
      #expect(outcome == .row(text.utf8.count, .counted) && found == fields, "\(text)")
      // The same without its end of line, at the end of the file.
      let bare = String(text.dropLast())
      let (last, same) = read(bare, isAtEnd: true)
      #expect(last == .row(bare.utf8.count, .counted) && same == fields, "\(text)")
    }
  }

  @Test func whatIsNotWhole() {
    for text in ["\"a\",\"b\"\n", "a,b\r\n", "\"a\"\"b\"\n", "\"a\n\"\r\n"] {
      for count in 0..<text.utf8.count {
        let (outcome, _) = read(String(decoding: text.utf8.prefix(count), as: UTF8.self))
        #expect(outcome == .incomplete, "\(count) bytes of \(text)")
      }
    }
  }

  @Test func blankLines() {
    #expect(read("\nx").0 == .blank(1))
    #expect(read("\r\nx").0 == .blank(2))
    #expect(read("\r").0 == .incomplete)
    #expect(read("\r", isAtEnd: true).0 == .blank(1))
    #expect(read("", isAtEnd: true).0 == .incomplete)
  }

  @Test func badQuotes() {
    #expect(read("\"a\"b,c\nd").0 == .row(7, .afterQuote))
    #expect(read("a\"b,c\nd").0 == .row(6, .strayQuote))
    #expect(read("\"a,b\nc", isAtEnd: true).0 == .row(6, .openQuote))
    #expect(read("\"a\"b\"c\"\nd").0 == .row(8, .afterQuote))
  }
}
