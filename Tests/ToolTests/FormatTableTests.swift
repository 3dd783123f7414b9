import Foundation
import InvSource
import Testing

@Suite struct FormatTableTests {
  /// The page has the table that `--formats` prints.
  @Test func pageHasTheFormats() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "man/inv-parse.1")
    let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    let begin = try #require(lines.firstIndex(of: ".\\\" formats begin"))
    let end = try #require(lines.firstIndex(of: ".\\\" formats end"))
    #expect(
      lines[(begin + 1)..<end].map(String.init)
        == SourceFormat.allCases.map { ".It \($0.rawValue) Ta \($0.what) Ta \($0.mark)" })
  }
}
