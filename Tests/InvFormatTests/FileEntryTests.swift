import InvFormat
import Testing

@Suite struct FileEntryTests {
  @Test(arguments: ["/.inv-0.spool/1", "/var/tmp/.inv-0123456789abcdef.spool/a b"])
  func pathsThatMayBeOwned(path: String) { #expect(FileEntry.mayBeOwned(path)) }

  @Test(arguments: [
    "", "/", "1", ".inv-0.spool/1", "x/.inv-0.spool/1", "/.inv-0.spool", "/.inv-0.spool/",
    "/.inv-0.spool/.", "/.inv-0.spool/..", "/.inv-0.spool/a/b", "/.inv-0.spool//b",
    "/.inv-.spool/1", "/.inv-0.spoo/1", "/inv-0.spool/1", "/.inv-A.spool/1", "/.inv-0g.spool/1",
    "/.inv-spool/1", "/.inv-0.spool.x/1", "/x.inv-0.spool/1", "/etc/passwd",
  ])
  func otherPaths(path: String) { #expect(!FileEntry.mayBeOwned(path)) }
}
