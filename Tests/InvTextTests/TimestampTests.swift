import InvBytes
import TestSupport
import Testing

@testable import InvText

@Suite struct TimestampTests {
  func seconds(_ text: String) throws -> Int64 { try Timestamp.seconds(from: Array(text.utf8)) }

  func kernel(_ text: [UInt8]) -> Int64? {
    unsafe text.withUnsafeBytes { unsafe Timestamp.parseS3($0) }
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2022-12-12T13:20:39.000Z", 1_670_851_239),
      ("2022-12-12T13:20:39Z", 1_670_851_239), ("2022-12-12t13:20:39z", 1_670_851_239),
      ("2022-12-12 13:20:39", 1_670_851_239), ("2022-12-12 13:20:39.5", 1_670_851_239),
      ("2022-12-12T15:20:39+02:00", 1_670_851_239), ("2022-12-12T07:50:39-05:30", 1_670_851_239),
      ("2022-12-12T13:20:39.99999999999999999999999999999999999999999999Z", 1_670_851_239),
      ("2022-12-12T13-20Z", 1_670_851_200), ("2026-11-01", 1_793_491_200),
      ("1969-12-31T23:59:59.5Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_799),
      ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59.999Z", 253_402_300_799),
      ("2000-02-29", 951_782_400), ("2024-02-29T00:00:00-00:00", 1_709_164_800),
    ] as [(String, Int64)])
  func reads(_ text: String, _ expected: Int64) throws {
    #expect(try seconds(text) == expected)
  }

  @Test(arguments: [
    ("", 0, "no 4 digits for the year"), ("202-01-01", 0, "no 4 digits for the year"),
    ("0000-01-01", 0, "there is no year 0"), ("2022/01/01", 4, "no '-' where a time has one"),
    ("2022-00-01", 5, "there is no month 0"), ("2022-13-01", 5, "there is no month 13"),
    ("2022-02-29", 8, "there is no day 29"), ("1900-02-29", 8, "there is no day 29"),
    ("2022-04-31", 8, "there is no day 31"), ("2022-01-00", 8, "there is no day 0"),
    ("2022-01-1", 8, "no 2 digits for the day"), ("2022-01-01x", 10, "no T between date and time"),
    ("2022-01-01T", 11, "no 2 digits for the hour"),
    ("2022-01-01T24:00:00Z", 11, "there is no hour 24"),
    ("2022-01-01T23:60:00Z", 14, "there is no minute 60"),
    ("2022-01-01T23:00:61Z", 17, "there is no second 61"),
    ("2022-01-01T23:00", 16, "no ':' where a time has one"),
    ("2022-01-01T23-00", 16, "no 'Z' where a time has one"),
    ("2022-01-01T23-00Z1", 17, "something after the time"),
    ("2022-01-01T23:00:00.Z", 20, "no digits for the fraction"),
    ("2022-01-01T23:00:00ZZ", 20, "something after the time"),
    ("2022-01-01T23:00:00x", 19, "something after the time"),
    ("2022-01-01T23:00:00+24:00", 20, "there is no hour 24"),
    ("2022-01-01T23:00:00+0200", 22, "no ':' where a time has one"),
    ("+022-01-01", 0, "no 4 digits for the year"), (" 2022-01-01", 0, "no 4 digits for the year"),
    ("0001-01-01T00:00:00+00:01", 0, "a year out of range"),
    ("9999-12-31T23:59:59-00:01", 0, "a year out of range"),
  ])
  func refuses(_ text: String, at: UInt64, what: String) {
    #expect(throws: FormatError(what, at: at)) { try seconds(text) }
  }

  @Test func milliseconds() throws {
    func read(_ text: String) throws -> Int64 {
      try Timestamp.seconds(fromMilliseconds: Array(text.utf8))
    }
    #expect(try read("1514944800000") == 1_514_944_800)
    #expect(try read("999") == 0)
    #expect(try read("-1") == -1)
    #expect(try read("-1000") == -1)
    for text in ["", "-", "1.5", "+1", " 1", "1e3", "99999999999999999999", "9223372036854775807"] {
      #expect(throws: FormatError.self) { try read(text) }
    }
  }

  /// Counts days from 1970 without any formula.
  @Test func everyDayOfTenThousandYears() throws {
    var days = Timestamp.range.lowerBound / 86_400
    for year in 1...9999 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .enumerated()
      {
        // Every day of some years, the ends of the months of all.
        for day in 1...length where day == 1 || day == length || (1890...2110).contains(year) {
          let now = (days + Int64(day - 1)) * 86_400 + 45_296
          func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: width - String(number).count) + String(number)
          }
          let date = "\(padded(year, 4))-\(padded(index + 1, 2))-\(padded(day, 2))"
          let text = date + "T12:34:56Z"
          #expect(Timestamp.text(now) == text)
          #expect(kernel(Array(text.utf8)) == now)
          if day == length { #expect(try seconds(text) == now) }
        }
        days += Int64(length)
      }
    }
    #expect(days == Timestamp.range.upperBound / 86_400 + 1)
    #expect(Timestamp.text(Timestamp.range.upperBound + 1) == nil)
    #expect(Timestamp.text(Timestamp.range.lowerBound - 1) == nil)
    #expect(Timestamp.text(.max) == nil && Timestamp.text(.min) == nil)
  }

  @Test func everySecondOfADay() throws {
    for second in Int64(0)..<86_400 {
      let text = Array(try #require(Timestamp.text(second)).utf8)
      #expect(kernel(text) == second)
    }
  }

  @Test func kernelEqualsTwin() throws {
    for text in ["2022-12-12T13:20:39.000Z", "2024-02-29T23:59:60Z", "1999-10-31T09:08:07.999Z"] {
      let bytes = Array(text.utf8)
      #expect(kernel(bytes) == Timestamp.parseS3Plainly(bytes))
      #expect(kernel(bytes) != nil)
      // Every byte replaced by every other.
      for place in bytes.indices {
        for byte in UInt8.min ... .max {
          var changed = bytes
          changed[place] = byte
          #expect(kernel(changed) == Timestamp.parseS3Plainly(changed))
        }
        #expect(kernel(Array(bytes[..<place])) == nil || place == 20)
      }
      #expect(kernel(bytes + [0x5a]) == nil)
    }
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for _ in 0..<20_000 {
      var bytes = Array("0000-00-00T00:00:00".utf8)
      for place in bytes.indices where bytes[place] == 0x30 {
        // Mostly small digits, so that many of them are dates.
        bytes[place] = 0x30 + UInt8.random(in: 0...(place < 4 ? 9 : 3), using: &generator)
      }
      if Int.random(in: 0...9, using: &generator) == 0 {
        bytes[Int.random(in: 0..<19, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      for tail in ["Z", ".000Z"] {
        let text = bytes + Array(tail.utf8)
        #expect(kernel(text) == Timestamp.parseS3Plainly(text), "seed \(seed)")
      }
    }
  }
}
