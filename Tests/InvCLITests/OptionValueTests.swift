import Testing

@testable import InvCLI

@Suite struct OptionValueTests {
  private static let spellings: [(text: String, number: UInt64, shift: UInt64)] = [
    ("0", 0, 0), ("512", 512, 0), ("64K", 64, 10), ("512M", 512, 20), ("1G", 1, 30),
    ("2T", 2, 40), ("3P", 3, 50), ("5m", 5, 20), ("5MiB", 5, 20), ("5kiB", 5, 10),
    ("18446744073709551615", .max, 0),
  ]

  @Test(arguments: spellings) func sizes(text: String, number: UInt64, shift: UInt64) {
    #expect(ByteCount(option: text)?.bytes == number << shift)
  }

  @Test(arguments: [
    "", "M", "iB", "5iB", "-1", "+1", "1.5G", "5MB", "5MM", " 5", "5 M", "18446744073709551616",
    "16384P", "\u{663}",
  ])
  func notSizes(text: String) {
    #expect(ByteCount(option: text) == nil)
  }

  @Test func numbersAreDigits() {
    #expect(Int(option: "0") == 0)
    #expect(Int(option: "9223372036854775807") == Int.max)
    for text in ["", "-1", "+1", "1_000", "0x10", "9223372036854775808", "\u{661}"] {
      #expect(Int(option: text) == nil)
    }
    #expect(Count(option: "1")?.value == 1)
    #expect(Count(option: "0") == nil)
  }

  @Test func distancesCountInsertionsDeletionsAndReplacements() {
    #expect(editDistance("", "") == 0)
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("output", "outptu") == 2)
  }

  @Test func theNearestNameIsNearEnoughOrNone() {
    #expect(nearest(to: "forse", among: ["output", "force"]) == "force")
    #expect(nearest(to: "ab", among: ["cd"]) == nil)
    #expect(nearest(to: "cat", among: ["bat", "hat"]) == "bat")
  }
}
