import InvText
import TestSupport
import Testing

@testable import InvSource

@Suite struct LocalClockTests {
  private func utc(_ zone: String, _ local: String) throws -> String? {
    let clock = try #require(LocalClock(named: zone))
    return Timestamp.text(clock.utc(local: try Timestamp.seconds(from: Array(local.utf8))))
  }

  @Test(arguments: [
    ("UTC", "2026-01-01 02:00:00", "2026-01-01T02:00:00Z"),
    ("+02:00", "2026-01-01 02:00:00", "2026-01-01T00:00:00Z"),
    ("-07:30", "2026-01-01 02:00:00", "2026-01-01T09:30:00Z"),
    ("America/Denver", "2026-01-15 10:00:00", "2026-01-15T17:00:00Z"),
    ("America/Denver", "2026-07-15 10:00:00", "2026-07-15T16:00:00Z"),
    // Not moved for long, and after all that the file says.
    ("Asia/Kolkata", "2026-01-15 10:00:00", "2026-01-15T04:30:00Z"),
    ("Europe/Berlin", "2090-07-15 10:00:00", "2090-07-15T08:00:00Z"),
    ("Europe/Berlin", "2190-07-15 10:00:00", "2190-07-15T08:00:00Z"),
    ("America/New_York", "1944-01-15 10:00:00", "1944-01-15T14:00:00Z"),
    ("Europe/Berlin", "0001-01-01 00:00:00", nil),
    // Moved on: from two to three there is no time.
    ("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z"),
    ("Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T01:00:00Z"),
    ("Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
    ("Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z"),
    ("America/Denver", "2026-03-08 02:30:00", "2026-03-08T09:30:00Z"),
    // Moved back: from two to three all is shown twice.
    ("Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59Z"),
    ("Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25T00:00:00Z"),
    ("Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25T00:59:59Z"),
    ("Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z"),
    ("America/Denver", "2026-11-01 01:30:00", "2026-11-01T07:30:00Z"),
    // A day that was left out.
    ("Pacific/Apia", "2011-12-29 23:59:59", "2011-12-30T09:59:59Z"),
    ("Pacific/Apia", "2011-12-31 00:00:00", "2011-12-30T10:00:00Z"),
  ])
  func knownTimes(zone: String, local: String, expected: String?) throws {
    #expect(try utc(zone, local) == expected)
  }

  /// What clocks show at a time leads back to it, or to one an hour before that showed the same.
  @Test(arguments: ["Europe/Berlin", "America/Denver", "Australia/Lord_Howe", "Africa/Casablanca"])
  func andBack(name: String) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    let clock = try #require(LocalClock(named: name))
    var zone = try #require(ZoneFile(named: name))
    for _ in 0..<20_000 {
      // 1950 to 2110.
      let time = Int64.random(in: -631_152_000..<4_417_977_600, using: &dice)
      let local = time + zone.offset(at: time)
      let found = clock.utc(local: local)
      #expect(found <= time && time - found <= 7200, "seed \(seed): \(time)")
      #expect(found + zone.offset(at: found) == local, "seed \(seed): \(time)")
    }
  }

  @Test(arguments: [
    "", "2", "+2", "+25:00", "Nowhere", "../zoneinfo/UTC", "/etc/localtime", "Europe", "Europe/",
    "Europe/Berlin/..", "+02:00x", "-",
  ])
  func unknown(name: String) { #expect(LocalClock(named: name) == nil) }
}
