import InvText
import Testing

@Suite struct HumanSizeTests {
  @Test(
    arguments: [
      ("0", 0), ("512", 512), ("512B", 512), ("1K", 1024), ("1k", 1024), ("128KiB", 131_072),
      ("10KB", 10_000), ("512M", 536_870_912), ("1G", 1_073_741_824), ("1.5T", 1_649_267_441_664),
      ("2GB", 2_000_000_000), ("1P", 1 << 50), ("15E", 15 << 60), ("1.3K", 1331), ("0.5", 0),
      ("15.999999999999999999E", 18_446_744_073_709_551_614), ("18446744073709551615", .max),
      ("007M", 7 << 20),
    ] as [(String, UInt64)])
  func reads(_ text: String, _ expected: UInt64) {
    #expect(HumanSize.bytes(text) == expected)
  }

  @Test(arguments: [
    "", "K", "B", ".5K", "5.K", "1.2.3", "-1", "+1", " 1", "1 K", "1KK", "1Ki", "1kib", "1X",
    "1KiBs",
    "16E", "18446744073709551616", "18446744073709551615.5K", "99999999999999999999999", "1e3",
    "1.0000000000000000001K", "0x10", "1b", "1\n", "1Kb", "٣",
  ])
  func refuses(_ text: String) {
    #expect(HumanSize.bytes(text) == nil)
  }

  @Test(
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1587, "1.5 KiB"),
      (1588, "1.6 KiB"), (3_435_973_837, "3.2 GiB"), (1_048_524, "1023.9 KiB"),
      (1_048_525, "1.0 MiB"), (1 << 20, "1.0 MiB"), (.max, "16.0 EiB"), (1 << 60, "1.0 EiB"),
      ((1 << 60) - 1, "1.0 EiB"),
    ] as [(UInt64, String)])
  func writesBytes(_ bytes: UInt64, _ expected: String) {
    #expect(HumanSize.text(bytes: bytes) == expected)
  }

  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (100_000, "100,000"),
      (.max, "18,446,744,073,709,551,615"),
    ] as [(UInt64, String)])
  func writesCounts(_ count: UInt64, _ expected: String) {
    #expect(HumanSize.text(count: count) == expected)
  }
}
