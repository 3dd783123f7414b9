import Foundation
import InvAnswer
import InvSystem
import Testing

@Suite struct PriceListTests {
  private static let head = "prices 1\ncurrency USD\n"
  private static let region = head + "region r\ndate 2026-01-01\nsource s\n"
  private static let whole = region + "class A\nprice 1\n"

  private func fault(_ text: String) -> String? {
    sentence { _ = try PriceList(Array(text.utf8), named: "p") }
  }

  @Test func theProgramContainsTheShippedFile() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../prices/aws-s3.prices")
    #expect(PriceList.shippedText == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    let list = try PriceList.shipped
    #expect(try PriceList(file: file.path).regions == list.regions)
    #expect(list.regions.map(\.name) == ["us-east-1"])
    #expect(list.regions[0].classes.count == 12)
    #expect(list.regions[0].currency == "USD" && list.regions[0].date == "2025-10-28")
    #expect(list.regions[0].sources.count == 2)
  }

  @Test func aRegionWithoutPricesIsRefusedByName() throws {
    let list = try PriceList.shipped
    #expect(
      sentence { _ = try list.region("eu-west-9") }
        == "no prices for region 'eu-west-9': the shipped list has us-east-1")
    let two = Self.whole + "region q\ndate 2026-01-01\nsource s\nclass A\nprice 1\n"
    let both = try PriceList(Array(two.utf8), named: "my.prices")
    #expect(
      sentence { _ = try both.region(nil) }
        == "my.prices has prices of more than one region: r, q")
    #expect(try both.region("q").name == "q")
  }

  @Test(arguments: [
    whole, whole + "# c\n\n \t# d\n", whole + "class \\x41\\x20\nprice 2 to 1B\nprice 3",
    whole + "minimum 1\noverhead 1\noverhead 2 at A\nmonitor 3 from 4\nbelow 5 as A\n",
  ])
  func reads(text: String) { #expect(fault(text) == nil) }

  private static let faults: [(String, String)] = [
    ("", "p has no prices"), (head, "p has no prices"),
    ("currency USD", "p: line 1: a list of prices begins with 'prices 1'"),
    ("prices 2", "p: line 1: version 2 was made for a newer inv"),
    ("prices", "p: line 1: no version"), ("prices 1 1", "p: line 1: something after a version"),
    ("prices 1\nprices 1", "p: line 2: 'prices' is there twice"),
    ("prices 1\nregion r", "p: line 2: no currency before the first region"),
    (head + "region", "p: line 3: no region"),
    (head + "date 2026-01-01", "p: line 3: a date before the first region"),
    (head + "source x", "p: line 3: a source before the first region"),
    (head + "class A", "p: line 3: a class before the first region"),
    (head + "price 1", "p: line 3: 'price' before the first class of a region"),
    (head + "region r", "p: line 3: region 'r' has no date"),
    (head + "region r\ndate 2026-01-01", "p: line 3: region 'r' has no source"),
    (region, "p: line 3: region 'r' has no class"),
    (region + "date 2026-13-01", "p: line 6: a date is such as 2026-11-01"),
    (region + "date 2026-12-01T00:00:00Z", "p: line 6: a date is such as 2026-11-01"),
    (region + "class A", "p: line 6: class 'A' has no last price"),
    (region + "class A\nprice 1 to 1K", "p: line 6: class 'A' has no last price"),
    (whole + "price 2", "p: line 8: a price after the last"),
    (region + "class A\nprice 2 to 1K\nprice 2 to 1K", "p: line 8: the steps do not rise"),
    (whole + "class A", "p: line 8: class 'A' is there twice"),
    (whole + "region r", "p: line 8: region 'r' is there twice"),
    (whole + "frobnicate", "p: line 8: 'frobnicate' is no directive"),
    (whole + "minimum", "p: line 8: no size"),
    (whole + "minimum 0", "p: line 8: '0' is not a size such as 128KiB"),
    (whole + "minimum 17M", "p: line 8: a size over 16.0 MiB"),
    (whole + "minimum 1 2", "p: line 8: something after the last word"),
    (whole + "minimum 1\nminimum 1", "p: line 9: 'minimum' is there twice"),
    (whole + "overhead 1 of A", "p: line 8: no 'at'"),
    (whole + "overhead 1 at", "p: line 8: no class"),
    (whole + "overhead 1 at B", "p: line 3: region 'r' has no class 'B', which 'A' needs"),
    (whole + "below 1 as B", "p: line 3: region 'r' has no class 'B', which 'A' needs"),
    (whole + "monitor 1 from", "p: line 8: no size"),
    (whole + "monitor 1", "p: line 8: no 'from'"),
    (whole + "class \\q", "p: line 8: the class has a backslash that escapes nothing"),
    (region + "class A\nprice 1e3", "p: line 7: '1e3' is not a price of at most 12 decimals"),
    (region + "class A\nprice -1", "p: line 7: '-1' is not a price of at most 12 decimals"),
    (whole + "\u{1}", "p: line 8: a bare control byte 1"),
    (whole + "class A\r", "p: line 8: a bare control byte 13"),
  ]

  @Test(arguments: faults)
  func refuses(text: String, message: String) { #expect(fault(text) == message) }

  @Test func bytesThatAreNoTextAreRefused() {
    let bytes = Array(Self.head.utf8) + Array("region ".utf8) + [0xff]
    #expect(
      sentence { _ = try PriceList(bytes, named: "p") } == "p: line 3: a region that is not UTF-8")
    let long = [UInt8](repeating: 0x23, count: PriceList.limit + 1)
    #expect(
      sentence { _ = try PriceList(long, named: "p") } == "p is longer than 1048576 bytes")
  }
}
