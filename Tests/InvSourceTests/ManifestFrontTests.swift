import InvSource
import Testing

@Suite struct ManifestFrontTests {
  @Test(arguments: [
    "", " \n", "{", "\u{feff}{}", "  {\"sourceBucket\":\"b\",\"files\":[]}",
    "{\"version\":\"2016-11-30\",\"files\":[{\"Key\":\"Contents\"}]}", "{\"files\": [",
  ])
  func manifests(text: String) { #expect(ManifestFront.mayBegin(Array(text.utf8)[...])) }

  @Test(arguments: [
    "key,size\n", "<0> 1 2 3 s=0", "[I] GPFS", "[1,1,{}]", "\u{1f}\u{8b}\u{8}", "PAR1",
    "{\"Contents\":[{\"Key\":\"a\"}]}", "{\"Path\":\"a\",\"Size\":1}", "f 1 2 3", "\0",
    "\"a\",\"b\"",
  ])
  func data(text: String) { #expect(!ManifestFront.mayBegin(Array(text.utf8)[...])) }
}
