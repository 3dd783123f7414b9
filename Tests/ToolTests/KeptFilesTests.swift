import Testing

@testable import InvSource
@testable import inv_fetch

/// Names of kept files never lead out of their folder, and no two files have one name.
@Suite struct KeptFilesTests {
  private func name(_ key: String, bucket: String = "b", size: UInt64 = 1) -> String {
    let file = Manifest.File(key: Array(key.utf8), size: size, md5: nil)
    return KeptFiles.name(bucket: Array(bucket.utf8), file)
  }

  private static let keys = [
    "a", "A", "a/", "a//", "/a", "./a", "../a", "..", ".", "", "/", "a b", "a_b", "x/a", "é", "\0",
    "a\nb", "con", String(repeating: "a", count: 300), String(repeating: "a", count: 301),
  ]

  @Test(arguments: keys) func areSafe(key: String) {
    let name = name(key)
    #expect(name.utf8.count <= 133)
    #expect(name.wholeMatch(of: /[0-9a-f]{32}-[A-Za-z0-9._-]*/) != nil)
  }

  @Test func areDifferent() {
    let names =
      Self.keys.map { name($0) } + [
        name("b/a", bucket: "a"), name("a", bucket: "B"), name("a", size: 2),
      ]
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
  }

  @Test func endLikeTheirKeys() { #expect(name("x/data/1 2.csv.gz").hasSuffix("-1_2.csv.gz")) }
}
