import InvSystem

/// A column of points in time: seconds since the first of 2015, and what comes after the second.
final class ORCTimeColumn: ORCColumn {
  /// Seconds beyond are refused: no year of four digits is, and sums cannot overflow.
  private static let range: ClosedRange<Int64> = -1 << 48...1 << 48

  private var presence: ORCPresence
  private let data: ORCStream
  private let secondary: ORCStream
  private var seconds: ORCIntegers
  private var fractions: ORCIntegers
  private var zone: ORCZone
  /// When 2015 began where the writer was.
  private let base: Int64
  private var parts: [Int64] = []

  init(_ streams: ORCColumnStreams, zone: ORCZone) throws(Failure) {
    presence = ORCPresence(streams.present)
    data = streams.data
    secondary = streams.stream(.secondary)
    let isSecond = try streams.isSecond()
    seconds = ORCIntegers(data, isSecond: isSecond, isSigned: true)
    fractions = ORCIntegers(secondary, isSecond: isSecond, isSigned: false)
    self.zone = zone
    base = self.zone.instant(ofWallClock: 1_420_070_400)
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    let count = try presence.read(rows, to: &vector.present)
    try seconds.read(count, into: &vector.integers)
    try fractions.read(count, into: &parts)
    var isWhole = true
    vector.nanoseconds.reserveCapacity(rows)
    for place in 0..<count {
      guard let nanoseconds = Self.nanoseconds(parts[place]) else {
        throw secondary.fault("more nanoseconds than a second has")
      }
      let second = vector.integers[place]
      guard Self.range.contains(second) else { throw data.fault("a time out of range") }
      vector.integers[place] = wallClock(second + base, nanoseconds)
      vector.nanoseconds.append(nanoseconds)
      isWhole = isWhole && nanoseconds == 0
    }
    ORCPresence.spread(&vector.integers, to: vector.present, absent: 0)
    if isWhole {
      vector.nanoseconds.removeAll(keepingCapacity: true)
    } else {
      ORCPresence.spread(&vector.nanoseconds, to: vector.present, absent: 0)
    }
  }

  /// What a clock at the writer's showed, as if it were UTC.
  ///
  /// Writers cut seconds before 1970 off towards 1970, not down, when milliseconds follow them.
  @inline(__always) private func wallClock(_ stored: Int64, _ nanoseconds: UInt32) -> Int64 {
    let second = stored < 0 && nanoseconds > 999_999 ? stored - 1 : stored
    return zone.isUTC ? second : second + zone.offset(at: second)
  }

  /// The lowest three bits say how many zeros were cut off, less one if any was.
  @inline(__always) private static func nanoseconds(_ part: Int64) -> UInt32? {
    let zeros = Int(part & 7)
    let digits = UInt64(bitPattern: part) >> 3
    guard digits < 1_000_000_000 else { return nil }
    if zeros == 0 { return UInt32(digits) }
    var value = digits
    for _ in 0...zeros { value *= 10 }
    return value < 1_000_000_000 ? UInt32(value) : nil
  }

  func finish() throws(Failure) {
    try presence.finish()
    try seconds.finish()
    try fractions.finish()
  }
}
