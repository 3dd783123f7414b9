import InvFormat
import Testing

@testable import InvAnswer

/// Each figure is worked out by hand; ticks are 10^-15 / 2^30 of the currency.
@Suite struct PricingTests {
  private let kib: UInt64 = 1 << 10
  private let gib: UInt64 = 1 << 30
  private let tib: UInt64 = 1 << 40

  private func pricing(_ schema: PrefixSchema, _ whole: [Cell]) throws -> Pricing {
    try Pricing(schema, try PriceList.shipped.region("us-east-1"), whole: whole)
  }

  /// The cost of an index that has only these objects.
  private func cost(_ name: String, _ objects: UInt64, each size: UInt64) throws -> BillLine {
    let schema = schema([name])
    let cells = [try cell(schema, name, objects, each: size)]
    let bill = try pricing(schema, cells).bill(of: cells)
    #expect(bill.lines.count == 1 && bill.unpriced.isEmpty && bill.free.isEmpty)
    #expect(bill.total.fraction == bill.lines[0].total.fraction)
    return bill.lines[0]
  }

  @Test(
    arguments: [
      ("STANDARD", "0.023"), ("STANDARD_IA", "0.0125"), ("ONEZONE_IA", "0.01"),
      ("REDUCED_REDUNDANCY", "0.024"), ("GLACIER_IR", "0.004"),
    ])
  func aGibibyteCostsItsPrice(name: String, price: String) throws {
    let line = try cost(name, 1, each: gib)
    #expect(line.total.text(places: 4).hasPrefix(price))
    #expect(line.billed == UInt128(gib) && line.overheadBytes == 0)
    #expect(line.overhead.isZero && line.monitoring.isZero)
  }

  @Test(
    arguments: [
      // 8192 objects of 128 KiB are a GiB.
      (8192, 131_072, "0.0125000"), (8192, 131_071, "0.0125000"), (8192, 0, "0.0125000"),
      (8192, 131_073, "0.0125001"), (4096, 1, "0.0062500"),
    ] as [(UInt64, UInt64, String)])
  func smallObjectsAreBilledAtTheMinimum(objects: UInt64, size: UInt64, text: String) throws {
    for name in ["STANDARD_IA"] {
      let line = try cost(name, objects, each: size)
      #expect(line.total.text(places: 7) == text)
      #expect(line.billed == UInt128(objects) * UInt128(max(size, 131_072)))
      #expect(line.bytes == UInt128(objects * size))
    }
  }

  @Test func zeroBytesOfStandardCostNothing() throws {
    let line = try cost("STANDARD", 1_000_000, each: 0)
    #expect(line.objects == 1_000_000 && line.total.isZero && line.total.text() == "0.00")
  }

  /// 32768 objects: 32 KiB each are a GiB at the class's price, 8 KiB each a quarter at 0.023.
  @Test(arguments: [("GLACIER", "0.0036", "0.009350"), ("DEEP_ARCHIVE", "0.0010", "0.006740")])
  func archivesAddOverhead(name: String, _: String, overhead: String) throws {
    for size in [0, 1, 128 * kib, gib] {
      let line = try cost(name, 32_768, each: size)
      #expect(line.overhead.text(places: 6) == overhead)
      #expect(line.overheadBytes == 32_768 * 40 * 1024)
      #expect(line.billed == 32_768 * UInt128(size))
    }
  }

  @Test func archiveTiersOfIntelligentTieringAddOverheadToo() throws {
    let line = try cost("INTELLIGENT_TIERING/DEEP_ARCHIVE_ACCESS", 32_768, each: gib)
    #expect(line.overhead.text(places: 6) == "0.006740")
    #expect(line.storage.text(places: 2) == "32.44")
    #expect(line.monitoring.text(places: 5) == "0.08192")
  }

  @Test(arguments: ["FREQUENT", "INFREQUENT", "ARCHIVE_INSTANT", "ARCHIVE", "DEEP_ARCHIVE"])
  func monitoringIsForObjectsOf128KiBAndMore(tier: String) throws {
    let name = "INTELLIGENT_TIERING/\(tier)_ACCESS"
    #expect(try cost(name, 1000, each: 128 * kib).monitoring.text(places: 5) == "0.00250")
    #expect(try cost(name, 1, each: 128 * kib).monitoring.text(places: 7) == "0.0000025")
    let small = try cost(name, 8192, each: 128 * kib - 1)
    #expect(small.monitoring.isZero && small.overhead.isZero)
    // A GiB less 8192 bytes, at the price of frequent access.
    #expect(small.storage.text(places: 12) == "0.022999824524")
  }

  @Test func stepsAreOfTheWholeIndexAndShared() throws {
    let schema = schema(["STANDARD"])
    // 40 TiB and 20 TiB: 51200 GiB at 0.023 and 10240 GiB at 0.022 are 1177.60 + 225.28.
    let one = [try cell(schema, "STANDARD", 40, each: tib)]
    let other = [try cell(schema, "STANDARD", 20, each: tib)]
    let whole = [try cell(schema, "STANDARD", 60, each: tib)]
    let pricing = try pricing(schema, whole)
    #expect(pricing.total(of: whole).text() == "1402.88")
    #expect(pricing.total(of: one).text(places: 6) == "935.253333")
    #expect(pricing.total(of: other).text(places: 6) == "467.626667")
    let sum = pricing.total(of: one) + pricing.total(of: other)
    #expect(sum == pricing.total(of: whole))
    #expect(sum.text(places: 15) == "1402.880000000000000")
  }

  @Test(
    arguments: [
      (50, "1177.60"), (51, "1200.13"), (500, "11315.20"), (501, "11336.70"), (0, "0.00"),
    ] as [(UInt64, String)])
  func stepsBeginWhereTheListSays(tebibytes: UInt64, text: String) throws {
    #expect(try cost("STANDARD", tebibytes, each: tib).total.text() == text)
  }

  @Test func overheadCountsInTheStepsOfItsClass() throws {
    let schema = schema(["GLACIER", "STANDARD"])
    // 2^27 objects add a TiB to the 50 of STANDARD and 4 TiB to the 0 of GLACIER.
    let cells = [
      try cell(schema, "STANDARD", 50, each: tib), try cell(schema, "GLACIER", 1 << 27, each: 0),
    ]
    let bill = try pricing(schema, cells).bill(of: cells)
    // 1177.60 + 1024 * 0.022 = 1200.128, of which 1/51; and 4096 * 0.0036.
    #expect(bill.lines[0].overhead.text(places: 4) == "38.2775")
    #expect(bill.total.text(places: 4) == "1214.8736")
  }

  @Test func noncurrentVersionsHaveALineAndMarkersNone() throws {
    let schema = schema(["GLACIER_IR", "STANDARD"])
    let cells = [
      try cell(schema, "STANDARD", 1, each: gib),
      try cell(schema, "STANDARD", 2, each: gib, .noncurrent),
      try cell(schema, "GLACIER_IR", 3, each: gib, .noncurrent),
      try cell(schema, "STANDARD", 9, each: 0, .marker),
    ]
    let bill = try pricing(schema, cells).bill(of: cells)
    #expect(bill.lines.map(\.isCurrent) == [false, true, false])
    #expect(bill.lines.map { $0.total.text(places: 3) } == ["0.012", "0.023", "0.046"])
    #expect(bill.free == [Bill.Remainder(name: Array("delete-marker".utf8), objects: 9, bytes: 0)])
    #expect(bill.total.text(places: 3) == "0.081")
  }

  @Test func aClassWithoutAPriceIsLeftOutAloud() throws {
    let schema = schema(["SNOW", "STANDARD"])
    let cells = [
      try cell(schema, "STANDARD", 1, each: gib), try cell(schema, "SNOW", 2, each: gib),
    ]
    let pricing = try pricing(schema, cells)
    let bill = pricing.bill(of: cells)
    #expect(
      bill.unpriced
        == [Bill.Remainder(name: Array("SNOW".utf8), objects: 2, bytes: 2 << 30)])
    #expect(bill.total.text(places: 3) == "0.023" && bill.lines.count == 1)
    #expect(pricing.total(of: cells) == bill.total)
  }

  @Test func hostileFiguresNeitherTrapNorWrap() throws {
    let list = try PriceList(
      Array(
        """
        prices 1
        currency X
        region r
        date 2026-01-01
        source s
        class STANDARD
        price 18446744.073709551615 to 1
        price 18446744.073709551614
        overhead 16MiB
        class other
        price 3 to 7
        price 1
        """.utf8), named: "p")
    let schema = schema(["STANDARD", "other"])
    let worst = try (0..<64).map { _ in try cell(schema, "STANDARD", .max, each: .max) }
      .map { Cell(code: $0.code, objects: .max, bytes: .max) }
    let more = [try cell(schema, "other", 5, each: 3)]
    let pricing = try Pricing(schema, try list.region(nil), whole: worst + more)
    let bill = pricing.bill(of: worst + more)
    // 64 (2^64 - 1) (2^24 + 1) bytes at almost 2^64 10^-12 a GiB.
    let bytes = Whole(64 * UInt128(UInt64.max) * (1 << 24 + 1))
    #expect(bill.total.fraction.numerator > bytes)
    #expect(bill.total.text().count > 25)
    // Three times 7 and once 8 for 15 bytes, of which all are asked.
    #expect(pricing.total(of: more).fraction.numerator == Whole(29 * 1_000_000_000_000_000 * 15))
    #expect(pricing.total(of: more).order > 0)
  }

  @Test func anIndexThatCannotTellIsRefused() throws {
    let region = try PriceList.shipped.region(nil)
    let noSize = schema(["STANDARD_IA"], [.state, Dimension("class", .word)])
    #expect(
      sentence { _ = try Pricing(noSize, region, whole: []) }
        == "the index has no size dimension: cost needs one with an edge at 128 KiB"
        + " for class 'STANDARD_IA'")
    let coarse = schema(
      ["STANDARD_IA"],
      [.state, Dimension("class", .word), Dimension("size", .band([0, 1000], unknown: false))])
    #expect(
      sentence { _ = try Pricing(coarse, region, whole: []) }
        == "the index has no size band that begins at 128 KiB:"
        + " the cost of class 'STANDARD_IA' would not be exact")
    #expect(
      sentence { _ = try Pricing(schema([], [.state, .size]), region, whole: []) }
        == "the index has no class dimension: cost needs one, or a price for class '*'")
    // What needs no sizes is priced without them.
    let standard = schema(["STANDARD"], [.state, Dimension("class", .word)])
    let cells = [try cell(standard, "STANDARD", 1, each: gib)]
    #expect(try pricing(standard, cells).total(of: cells).text(places: 3) == "0.023")
  }

  @Test func aFileSystemHasOnePrice() throws {
    let list = try PriceList(
      Array(
        "prices 1\ncurrency EUR\nregion here\ndate 2026-01-01\nsource us\nclass *\nprice 0.01".utf8),
      named: "p")
    let schema = schema([], [.state, .size])
    let cells = [
      try cell(schema, "", 3, each: gib), try cell(schema, "", 7, each: 0, .directory),
      try cell(schema, "", 1, each: 9, .link),
    ]
    let bill = try Pricing(schema, try list.region("here"), whole: cells).bill(of: cells)
    #expect(bill.total.text() == "0.03")
    #expect(bill.lines.map(\.name) == [Array("*".utf8)])
    #expect(bill.free.map(\.objects) == [7, 1])
  }
}
