import InvCLI
import InvFormat
import InvSource
import InvSystem
import Testing

@testable import inv_parse

@Suite struct ParseSettingsTests {
  @Test func values() {
    #expect(Mount(option: "a")?.prefix == Array("a/".utf8))
    #expect(Mount(option: "a/b/")?.prefix == Array("a/b/".utf8))
    #expect(Mount(option: "") == nil)
    #expect(SnapshotTime(option: "2026-11-01")?.seconds == 1_793_491_200)
    #expect(SnapshotTime(option: "soon") == nil)
    #expect(KeyPattern(option: "[a") == nil)
    #expect(FormatName(option: "s3-csv")?.format == .s3CSV)
  }
}
