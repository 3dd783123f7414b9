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
  private var zone: ZoneFile
  /// When 2015 began where the writer was.
  private let base: Int64
  private var parts: [Int64] = []

  init(_ streams: ORCColumnStreams, zone: ZoneFile) throws(Failure) {
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
      guard let fraction = Self.fraction(parts[place]) else {
        throw secondary.fault("more nanoseconds than a second has")
      }
      let second = vector.integers[place]
      guard Self.range.contains(second) else { throw data.fault("a time out of range") }
      vector.integers[place] = wallClock(second + base, fraction)
      vector.nanoseconds.append(UInt32(fraction < 0 ? fraction + 1_000_000_000 : fraction))
      isWhole = isWhole && fraction == 0
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
  /// Seconds before 1970 are cut off towards 1970, not down: by most writers only when milliseconds
  /// follow them, by some always, and then what follows has a sign.
  @inline(__always) private func wallClock(_ stored: Int64, _ fraction: Int64) -> Int64 {
    let isCut = fraction < 0 || stored < 0 && fraction > 999_999
    let second = isCut ? stored - 1 : stored
    return zone.isUTC ? second : second + zone.offset(at: second)
  }

  /// Nanoseconds: the lowest three bits say how many zeros were cut off, less one if any was.
  @inline(__always) private static func fraction(_ part: Int64) -> Int64? {
    let digits = part >> 3
    guard abs(digits) < 1_000_000_000 else { return nil }
    if part & 7 == 0 { return digits }
    var value = digits
    for _ in 0...(part & 7) { value *= 10 }
    return abs(value) < 1_000_000_000 ? value : nil
  }

  func finish() throws(Failure) {
    try presence.finish()
    try seconds.finish()
    try fractions.finish()
  }
}
