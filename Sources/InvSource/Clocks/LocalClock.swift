import InvText

/// What the clocks showed of which times are that name no zone.
public struct LocalClock: Equatable, Sendable {
  /// How far east of UTC they were, where they were never moved.
  private let secondsEast: Int64
  private let hours: LocalHours?

  public static let utc = LocalClock(secondsEast: 0)

  public init(secondsEast: Int64) {
    self.secondsEast = secondsEast
    hours = nil
  }

  /// The clock of `+02:00`, `Z`, `UTC` or a zone of the zone database such as `Europe/Berlin`; nil when
  /// there is no such zone.
  public init?(named name: String) {
    if name == "Z" || name.hasPrefix("+") || name.hasPrefix("-") {
      let text = Array("1970-01-02T00:00:00\(name)".utf8)
      guard let seconds = try? Timestamp.seconds(from: text) else { return nil }
      self.init(secondsEast: 86_400 - seconds)
      return
    }
    guard !name.isEmpty, let zone = ZoneFile(named: name) else { return nil }
    if zone.isUTC { self = .utc } else { self.init(zone) }
  }

  init(_ zone: ZoneFile) {
    secondsEast = 0
    hours = LocalHours(zone)
  }

  var isUTC: Bool { hours == nil && secondsEast == 0 }

  /// The time in UTC when these clocks showed `local`: the first when they showed it twice, and when they
  /// were moved past it, the one when they would have shown it.
  @inline(__always)
  func utc(local: Int64) -> Int64 {
    guard let hours else { return local &- secondsEast }
    return hours.utc(local: local)
  }

  /// The same for callers in other modules.
  public func instant(ofLocal local: Int64) -> Int64 { utc(local: local) }

  public static func == (one: LocalClock, other: LocalClock) -> Bool {
    one.secondsEast == other.secondsEast && one.hours === other.hours
  }
}

/// How far clocks that are moved now and then were ahead of UTC, by what they showed.
final class LocalHours: Sendable {
  private static let first: Int64 = 0
  /// So many seconds are a stretch, about six days.
  private static let shift: Int64 = 19
  private static let stretches = 7900
  /// Of a stretch in or beside which clocks were moved.
  private static let mixed = Int32.min
  /// No clock is further from UTC, nor moved by more.
  private static let reach: Int64 = 30 * 3600

  private let zone: ZoneFile
  /// One offset for each stretch of the years 1970 to 2101.
  private let offsets: [Int32]

  init(_ zone: ZoneFile) {
    self.zone = zone
    var zone = zone
    var ends: [Int32] = []
    offsets = (0..<Self.stretches).map { number in
      let start = Self.first + Int64(number) << Self.shift
      // A day is shorter than what is between two moves in any zone that is known.
      let probes = stride(
        from: start - 2 * Self.reach, through: start + 1 << Self.shift + 2 * Self.reach, by: 86_400)
      ends.removeAll(keepingCapacity: true)
      for second in probes { ends.append(Int32(zone.offset(at: second))) }
      ends.append(Int32(zone.offset(at: start + 1 << Self.shift + 2 * Self.reach)))
      return ends.allSatisfy { $0 == ends[0] } ? ends[0] : Self.mixed
    }
  }

  @inline(__always)
  func utc(local: Int64) -> Int64 {
    let number = (local &- Self.first) >> Self.shift
    if number >= 0 && number < Self.stretches {
      let offset = offsets[Int(number)]
      if offset != Self.mixed { return local &- Int64(offset) }
    }
    return search(local)
  }

  /// The same where clocks may have been moved.
  private func search(_ local: Int64) -> Int64 {
    var zone = zone
    let before = zone.offset(at: local - 2 * Self.reach)
    let after = zone.offset(at: local + 2 * Self.reach)
    for offset in [before, after] where zone.offset(at: local - offset) == offset {
      return local - offset
    }
    return local - before
  }
}
