import Foundation
import InvBytes
import InvSystem
import Testing

@testable import InvFormat

@Suite struct IDNamesTests {
  func names(_ kind: IDNames.Kind, _ text: [UInt8]) throws -> IDNames {
    try withFile(text) { try IDNames(kind, file: $0) }
  }

  @Test func firstNameOfAnIdWins() throws {
    let text = Array(
      """
      #staff:x:5:
      root:x:0:
      wheel:x:0:

      +:::
      last:x:4294967295:a,b
      same:x:7:
      same:x:8:

      """.utf8)
    let names = try names(.group, text + [0xff, 0x5c] + Array(":x:9:\n".utf8))
    let expected: [(String, String?)] = [
      ("0", "root"), ("4294967295", "last"), ("7", "same"), ("8", "same"), ("5", nil),
      ("", nil), ("-1", nil), ("00", nil), ("4294967296", nil), ("root", nil),
    ]
    for (word, name) in expected {
      #expect(names.name(of: Array(word.utf8)) == name.map { Array($0.utf8) }, "\(word)")
    }
    #expect(names.name(of: [0x39]) == [0xff, 0x5c])
  }

  @Test func namesComeBack() throws {
    let schema = try schema(words: [["0", "7"]])
    var manifest = IndexManifest(schema: schema)
    manifest.prefixes = 1
    manifest.names[1] = [[0xff], nil]
    let text = manifest.sealed()
    #expect(try IndexManifest(text).names == [nil, [[0xff], nil]])
  }

  /// What a manifest may not have beside its words.
  @Test(arguments: [
    #"["a"]"#, #"["a", null, null]"#, #"["a", ""]"#, #"["a", 1]"#, #"["a", "\u0000"]"#, "null",
    #"{}"#, "[]",
  ])
  func wrongNames(list: String) throws {
    var manifest = IndexManifest(schema: try schema(words: [["0", "7"]]))
    manifest.prefixes = 1
    manifest.names[1] = [[0x61], nil]
    let text = String(decoding: manifest.sealed(), as: UTF8.self)
    let changed = text.replacing(#""names": ["a", null]"#, with: #""names": "# + list)
    #expect(changed != text)
    var refusal = ""
    do { _ = try IndexManifest(Array(changed.utf8)) } catch { refusal = error.what }
    #expect(refusal.contains("'names'"))
  }

  private func schema(words: [[String]]) throws -> PrefixSchema {
    var schema = PrefixSchema(dimensions: [.state, Dimension("owner", .word)])
    for list in words { try schema.add(list.map { Array($0.utf8) }, first: 0, at: 1) }
    return schema
  }
}
