import Foundation
import InvFormat
import InvSystem
import Testing

/// Every text in Tests/golden/rows stands for the stream beside it, and the other way round.
@Suite struct GoldenTests {
  static let names = [
    "files", "files-owned", "files-empty", "objects", "objects-empty", "prefixes",
    "prefixes-empty", "failure",
  ]

  @Test(arguments: names)
  func textLoadsIntoTheStream(name: String) throws {
    let stream = try load(try goldenBytes("rows/\(name).txt"))
    if isBlessing {
      try Data(stream).write(to: golden.appending(path: "rows/\(name).rows"))
    }
    #expect(stream == (try goldenBytes("rows/\(name).rows")))
  }

  @Test(arguments: names)
  func streamPrintsAsTheText(name: String) throws {
    let (printed, failure) = try text(try goldenBytes("rows/\(name).rows"))
    #expect(printed == (try goldenBytes("rows/\(name).txt")))
    #expect(failure?.sentence == (name == "failure" ? Self.cause : nil))
    #expect(failure?.status == (name == "failure" ? .system : nil))
  }

  private static let cause = "inv-parse: cannot read data/1.csv.gz: Input/output error"

  @Test(arguments: names.dropLast())
  func streamIsWhole(name: String) throws {
    let stream = try goldenBytes("rows/\(name).rows")
    #expect(try fault(stream) == nil)
    #expect(try fault(stream, asPipe: true) == nil)
  }

  @Test func compressedStreamSaysTheSame() throws {
    let stream = try goldenBytes("rows/compressed.rows")
    let text = try goldenBytes("rows/prefixes.txt")
    #expect(try InvFormatTests.text(stream).bytes == text)
    #expect(try fault(stream) == nil)
    let anew = try load(text, .zstd)
    #expect(try InvFormatTests.text(anew).bytes == text)
  }

  @Test(arguments: names.dropLast())
  func jsonLinesAreJSON(name: String) throws {
    let (printed, failure) = try text(try goldenBytes("rows/\(name).rows"), .json)
    #expect(failure == nil)
    for line in printed.split(separator: 0x0a) {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line)) }
    }
  }
}
