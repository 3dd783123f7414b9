import InvAnswer
import Testing

@Suite struct AgeLimitTests {
  @Test(
    arguments: [
      ("90d", 90), ("6w", 42), ("1y", 365), ("3yr", 1095), ("3yrs", 1095), ("0", 0), ("1mo", 30),
      ("6mo", 180), ("11mo", 330), ("12mo", 365), ("18mo", 545), ("24mo", 730), ("0y", 0),
    ] as [(String, UInt64)])
  func days(text: String, days: UInt64) { #expect(AgeLimit(option: text) == .days(days)) }

  @Test(
    arguments: [
      "", "d", "3", "3m", "3 y", "-1y", "+1y", "1.5y", "y3", "3ys", "3years", "6mos",
      "18446744073709551616d", "99999999999999999y", "18446744073709551615mo", "2026-13-01",
    ])
  func refuses(text: String) { #expect(AgeLimit(option: text) == nil) }

  @Test func greatAges() {
    #expect(AgeLimit(option: "18446744073709551615d") == .days(.max))
    #expect(AgeLimit(option: "600000000000000000mo") == .days(18_250_000_000_000_000_000))
  }
}
