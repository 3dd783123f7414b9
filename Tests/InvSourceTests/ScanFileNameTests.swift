import InvSource
import InvText
import Testing

@Suite struct ScanFileNameTests {
  @Test(arguments: [
    ("20260111_csfs1_asp.list.list_all.log", "2026-01-11", "asp"),
    ("/scans/20250101_a_b/20260111_csfs1_asp.list.list_all.log.xz", "2026-01-11", "asp"),
    ("20260111_csfs1_asp_home.list", "2026-01-11", "asp_home"),
    ("20240229_c_f.lists", "2024-02-29", "f"),
    ("20260111_csfs1_asp.log", "2026-01-11", nil),
    ("20260111_asp.list", "2026-01-11", nil),
    ("20260111__asp.list", "2026-01-11", nil),
    ("20260111_csfs1_.list", "2026-01-11", nil),
    ("20260111", "2026-01-11", nil),
    ("20260111-scratch.lfs-scan", "2026-01-11", nil),
    ("scratch.2026-01-11.zst", "2026-01-11", nil),
    ("2026-01-11T03:00.find", "2026-01-11", nil),
    ("a_2026-01-11_2026-01-11", "2026-01-11", nil),
  ])
  func said(name: String, date: String, filesystem: String?) throws {
    let found = try #require(ScanFileName(Array(name.utf8)))
    let day = try Timestamp.seconds(from: Array(date.utf8))
    #expect(found.day == day)
    #expect(found.filesystem == filesystem.map { Array($0.utf8) })
  }

  @Test(arguments: [
    "", "/", "scan.log", "20260230_csfs1_asp.list", "20261301_csfs1_asp.list",
    "20260100_csfs1_asp.list", "202601110_csfs1_asp.list", "scan20260111.log",
    "2026-01-11_2026-01-12", "2026-02-30", "12026-01-11", "2026-01-111", "2026-1-11",
    "19691231_a_b.list", "20260111/scan.log", "2026_01_11",
  ])
  func unsaid(name: String) { #expect(ScanFileName(Array(name.utf8)) == nil) }
}
