import TestSupport
import Testing

@testable import InvSource

@Suite struct ZoneFileTests {
  /// The rule a zone's file ends with says of recent years what the file does, change by change.
  @Test(arguments: [
    ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"),
    ("Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"),
    ("Asia/Kolkata", "IST-5:30"),
  ])
  func ruleAndFile(name: String, text: String) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    var zone = try #require(ZoneFile(named: name))
    let rule = try #require(ZoneRule(text[...]))
    for _ in 0..<2000 {
      // 2010 to 2036.
      let second = Int64.random(in: 1_262_304_000..<2_082_758_400, using: &dice)
      #expect(rule.offset(at: second) == zone.offset(at: second), "seed \(seed): \(second)")
    }
  }

  @Test func edgesOfSummer() throws {
    let rule = try #require(ZoneRule("CET-1CEST,M3.5.0,M10.5.0/3"))
    // 2026-03-29T01:00Z and 2026-10-25T01:00Z.
    #expect(rule.offset(at: 1_774_746_000 - 1) == 3600)
    #expect(rule.offset(at: 1_774_746_000) == 7200)
    #expect(rule.offset(at: 1_792_890_000 - 1) == 7200)
    #expect(rule.offset(at: 1_792_890_000) == 3600)
    // The same 4000 years before.
    #expect(rule.offset(at: 1_774_746_000 - 10 * 146_097 * 86_400) == 7200)
    // Days that are counted, with and without the 29th of February: 2024-03-01T00:00.
    let julian = try #require(ZoneRule("A0B-1,J60/0,J61/0"))
    let counted = try #require(ZoneRule("A0B-1,60/0,61/1"))
    for rule in [julian, counted] {
      #expect(rule.offset(at: 1_709_251_200 - 1) == 0)
      #expect(rule.offset(at: 1_709_251_200) == 3600)
      #expect(rule.offset(at: 1_709_251_200 + 86_400) == 0)
    }
  }

  @Test(arguments: [
    "", "1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0,M10.5.0/3x",
    "CET-1CEST,M3.5.0", "CET-999", "<CET-1", "CET-1CEST,J0,J9", "CET-1CEST,366,1",
  ])
  func noRules(text: String) { #expect(ZoneRule(text[...]) == nil) }

  @Test(arguments: [("UTC", 0), ("", 0), ("GMT", 0), ("GMT+02:00", 7200), ("-08:30", -30600)])
  func offsets(name: String, offset: Int64) throws {
    var zone = try #require(ZoneFile(named: name))
    #expect(zone.offset(at: 0) == offset && zone.isUTC == (offset == 0))
  }

  @Test(arguments: [
    "Nowhere/At_All", "../../../etc/passwd", "/etc/passwd", "Europe", "tzdata.zi", "GMT+99",
    "+1:2:3",
    "Europe/Berlin\0", String(repeating: "A", count: 65),
  ])
  func unknown(name: String) { #expect(ZoneFile(named: name) == nil) }

  @Test func brokenFiles() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    // A file of one change and a rule: version 1 of nothing, then version 2.
    func header(_ counts: [UInt8]) -> [UInt8] {
      Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap { [0, 0, 0, $0] }
    }
    let file =
      header([0, 0, 0, 0, 0, 0]) + header([0, 0, 0, 1, 2, 4])
      + [0, 0, 0, 0, 0, 0, 0, 100, 1] + [0, 0, 0, 0, 0, 0] + [0, 0, 0, 60, 0, 0]
      + Array("AAA\0\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
    var zone = try #require(ZoneFile(file: file))
    #expect(zone.offset(at: 99) == 0 && zone.offset(at: 1_774_746_000) == 7200)
    for length in 0..<(file.count - 35) {
      #expect(ZoneFile(file: Array(file[..<length])) == nil, "cut at \(length)")
    }
    for _ in 0..<2000 {
      var damaged = file
      damaged[Int.random(in: 0..<file.count, using: &dice)] = UInt8.random(
        in: 0...255, using: &dice)
      if var zone = ZoneFile(file: damaged) { _ = zone.offset(at: 1_774_746_000) }
    }
  }
}
