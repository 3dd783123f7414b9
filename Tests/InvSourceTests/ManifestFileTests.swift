import InvDigest
import InvSystem
import Testing

@testable import InvSource

@Suite struct ManifestFileTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func snapshot(_ name: String, checksum: String?) throws {
    let text = manifestText(("daily", name))
    try scratch.write("\(name)/manifest.json", text)
    if let checksum {
      let sum = checksum.replacing("MD5", with: try MD5.of(text).hex)
      try scratch.write("\(name)/manifest.checksum", Array(sum.utf8))
    }
  }

  private func open(_ snapshot: String? = nil) throws -> (name: Substring?, notes: [String]) {
    var notes: [String] = []
    let file = try ManifestFile(at: scratch.path, snapshot: snapshot) { notes.append($0) }
    return (file.path.split(separator: "/").dropLast().last, notes)
  }

  @Test(arguments: ["MD5", "MD5\n", " MD5\r\n", "\t\nMD5 "]) func checksums(text: String) throws {
    try snapshot("2026-01-01T00-00Z", checksum: text)
    #expect(try open().notes == [])
  }

  @Test(arguments: ["", "MD5x", "0", "MD5 manifest.json", "\u{0}MD5"])
  func otherChecksums(text: String) throws {
    try snapshot("2026-01-01T00-00Z", checksum: text)
    #expect(throws: Failure.self) { try open() }
    #expect(throws: Failure.self) { try open("2026-01-01") }
    try snapshot("2025-12-31T23-59Z", checksum: "MD5")
    let found = try open()
    #expect(found.name == "2025-12-31T23-59Z" && found.notes.count == 1)
  }

  @Test func asked() throws {
    try snapshot("2026-01-01T00-00Z", checksum: nil)
    try snapshot("2026-01-02T00-00Z", checksum: "MD5")
    try snapshot("2026-01-02T00-01Z", checksum: "MD5")
    for time in ["2026-01-01", "2026-01-01T00-00Z", "2026-01-01T00:00:59.9Z"] {
      #expect(try open(time).name == "2026-01-01T00-00Z")
    }
    #expect(try open("2026-01-02T01:01:00+01:00").name == "2026-01-02T00-01Z")
    for time in ["2026-01-02", "2026-01-03", "2026-01-02T00:02:00Z", "now", ""] {
      #expect(throws: Failure.self) { try open(time) }
    }
  }

  @Test(arguments: [
    ("a/b", "a/b"), ("file:///a/b", "/a/b"), ("FILE://localhost/a%20b+c", "/a b+c"),
    ("a://b/c:", nil), ("file://host/a", nil), ("file:///a%zz", nil), ("file:///a%00", nil),
    ("file://", nil), ("s3://b/k", nil), ("://x", "://x"), ("./s3://b", "./s3://b"),
  ]) func places(operand: String, path: String?) throws {
    #expect((try? localPath(operand)) == path)
  }
}
