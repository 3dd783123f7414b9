public import InvBytes

/// Points in time as seconds since 1970 in UTC, of the years 0001 to 9999.
public enum Timestamp {
  /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
  public static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Reads `2022-12-12T13:20:39Z`, with a blank for the `T`, with a fraction, with `+02:00` or nothing
  /// (which is UTC) for the `Z`; or a date alone, which is its midnight in UTC; or the name of an
  /// inventory's folder, `2022-12-12T13-20Z`.
  ///
  /// A fraction is dropped, which is the floor; a leap second is read as second 59. Offsets in errors
  /// count from the start of `text`.
  public static func seconds(from text: some Collection<UInt8>) throws(FormatError) -> Int64 {
    var reader = Reader(rest: Array(text)[...])
    let days = try reader.date()
    if reader.rest.isEmpty { return days * 86_400 }
    guard reader.skip(0x54) || reader.skip(0x74) || reader.skip(0x20) else {
      throw reader.fault("no T between date and time")
    }
    let hour = try reader.number(2, 0...23, "hour")
    let isFolder = reader.skip(0x2d)
    if !isFolder { try reader.expect(0x3a) }
    let minute = try reader.number(2, 0...59, "minute")
    var seconds = days * 86_400 + hour * 3600 + minute * 60
    if isFolder {
      try reader.expect(0x5a)
    } else {
      try reader.expect(0x3a)
      seconds += min(59, try reader.number(2, 0...60, "second"))
      try reader.fraction()
      seconds -= try reader.offset()
    }
    guard reader.rest.isEmpty else { throw reader.fault("something after the time") }
    guard range.contains(seconds) else { throw FormatError("a year out of range", at: 0) }
    return seconds
  }

  /// Reads a decimal count of milliseconds since 1970, as manifests have it; the part of a second is
  /// dropped, which is the floor.
  public static func seconds(fromMilliseconds text: some Collection<UInt8>) throws(FormatError)
    -> Int64
  {
    guard !text.isEmpty, text.count <= 20, text.first != 0x2b,
      let count = Int64(String(decoding: text, as: UTF8.self))
    else { throw FormatError("not a number of milliseconds", at: 0) }
    let seconds = count / 1000 - (count % 1000 < 0 ? 1 : 0)
    guard range.contains(seconds) else { throw FormatError("a year out of range", at: 0) }
    return seconds
  }

  /// `2026-11-01T00:00:00Z`; nil outside of the range.
  public static func text(_ seconds: Int64) -> String? {
    var text: [UInt8] = []
    return append(seconds, to: &text) ? String(decoding: text, as: UTF8.self) : nil
  }

  /// Appends `2026-11-01T00:00:00Z`; false, and nothing, outside of the range.
  public static func append(_ seconds: Int64, to text: inout [UInt8]) -> Bool {
    guard range.contains(seconds) else { return false }
    let sinceFirst = seconds - range.lowerBound
    let (year, month, day) = civil(sinceFirst / 86_400)
    let second = sinceFirst % 86_400
    text.append(addingCapacity: 20) { span in
      span.append(two: year / 100)
      span.append(two: year % 100, 0x2d)
      span.append(two: month, 0x2d)
      span.append(two: day, 0x54)
      span.append(two: second / 3600, 0x3a)
      span.append(two: second / 60 % 60, 0x3a)
      span.append(two: second % 60, 0x5a)
    }
    return true
  }

  /// Days since 1970 of a date that exists: years that begin in March have their odd day at the end.
  @inline(__always)
  public static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719_469
  }

  /// How many days a month of a year has.
  @inline(__always)
  public static func length(_ year: Int64, _ month: Int64) -> Int64 {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return 30 + (month + month >> 3) & 1
  }

  /// The date that many days after 1970-01-01, of the years from 1 on.
  public static func date(ofDay days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    civil(days + 719_162)
  }

  /// The date that many days after 0001-01-01.
  private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
    // Days since 0000-03-01, in cycles of 400 years.
    let all = days + 306
    let (cycle, inCycle) = (all / 146_097, all % 146_097)
    let inYears = inCycle - inCycle / 1460 + inCycle / 36_524 - inCycle / 146_096
    let year = inYears / 365
    let inYear = inCycle - (365 * year + year / 4 - year / 100)
    let month = (5 * inYear + 2) / 153
    let day = inYear - (153 * month + 2) / 5 + 1
    return (cycle * 400 + year + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, day)
  }
}

extension Timestamp {
  /// A cursor over the text of a time.
  private struct Reader {
    var rest: ArraySlice<UInt8>

    func fault(_ what: String) -> FormatError { FormatError(what, at: UInt64(rest.startIndex)) }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest.removeFirst()
      return true
    }

    mutating func expect(_ byte: UInt8) throws(FormatError) {
      guard skip(byte) else {
        throw fault("no '\(Character(Unicode.Scalar(byte)))' where a time has one")
      }
    }

    mutating func number(_ count: Int, _ range: ClosedRange<Int64>, _ name: String)
      throws(FormatError) -> Int64
    {
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
        throw fault("no \(count) digits for the \(name)")
      }
      let number = digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
      guard range.contains(number) else { throw fault("there is no \(name) \(number)") }
      rest = rest.dropFirst(count)
      return number
    }

    mutating func date() throws(FormatError) -> Int64 {
      let year = try number(4, 1...9999, "year")
      try expect(0x2d)
      let month = try number(2, 1...12, "month")
      try expect(0x2d)
      let day = try number(2, 1...Timestamp.length(year, month), "day")
      return Timestamp.days(year, month, day)
    }

    mutating func fraction() throws(FormatError) {
      guard skip(0x2e) else { return }
      let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
      if digits.isEmpty { throw fault("no digits for the fraction") }
      rest = rest[digits.endIndex...]
    }

    /// Seconds east of UTC.
    mutating func offset() throws(FormatError) -> Int64 {
      if rest.isEmpty || skip(0x5a) || skip(0x7a) { return 0 }
      let isWest = skip(0x2d)
      guard isWest || skip(0x2b) else { throw fault("something after the time") }
      let hours = try number(2, 0...23, "hour")
      try expect(0x3a)
      let seconds = hours * 3600 + (try number(2, 0...59, "minute")) * 60
      return isWest ? -seconds : seconds
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends a number below 100 as two digits.
  @inline(__always)
  fileprivate mutating func append(two number: Int64) {
    let number = UInt8(truncatingIfNeeded: number)
    append(0x30 + number / 10)
    append(0x30 + number % 10)
  }

  /// The same and a byte behind it.
  @inline(__always)
  fileprivate mutating func append(two number: Int64, _ separator: UInt8) {
    append(two: number)
    append(separator)
  }
}
