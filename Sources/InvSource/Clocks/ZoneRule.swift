import InvText

/// When clocks change from year to year: the last line of a zone's file, TZ of POSIX.
struct ZoneRule: Sendable {
  private struct Change {
    enum Day {
      /// Day 0 to 365 of the year, the 29th of February among them.
      case ofYear(Int64)
      /// Day 1 to 365, the 29th of February never among them.
      case julian(Int64)
      /// A month, its week 1 to 5 (the last), the day of the week from Sunday, 0.
      case ofMonth(Int64, Int64, Int64)
    }

    var day: Day
    /// Seconds after midnight.
    var time: Int64 = 7200
  }

  private var standard: Int64
  private var summer: Int64 = 0
  /// The beginning and the end of summer time.
  private var changes: (Change, Change)?

  /// Reads `CET-1CEST,M3.5.0,M10.5.0/3`; nil when it is nothing of the kind.
  init?(_ text: Substring) {
    var rest = text
    guard Self.skipName(&rest), let standard = Self.time(&rest) else { return nil }
    self.standard = -standard
    if rest.isEmpty { return }
    guard Self.skipName(&rest) else { return nil }
    summer = self.standard + 3600
    if rest.first != "," {
      guard let time = Self.time(&rest) else { return nil }
      summer = -time
    }
    guard let begin = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else {
      return nil
    }
    changes = (begin, end)
  }

  private static func skipName(_ rest: inout Substring) -> Bool {
    let before = rest
    if rest.first == "<" {
      guard let end = rest.firstIndex(of: ">") else { return false }
      rest = rest[rest.index(after: end)...]
    } else {
      rest = rest.drop { $0.isLetter }
    }
    return rest.startIndex > before.startIndex
  }

  private static func number(_ rest: inout Substring) -> Int64? {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    guard digits.utf8.count <= 3, let value = Int64(digits) else { return nil }
    rest = rest.dropFirst(digits.count)
    return value
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private static func time(_ rest: inout Substring) -> Int64? {
    var sign: Int64 = 1
    if let first = rest.first, first == "+" || first == "-" {
      sign = first == "-" ? -1 : 1
      rest = rest.dropFirst()
    }
    guard let hours = number(&rest), hours <= 167 else { return nil }
    var seconds = hours * 3600
    for unit: Int64 in [60, 1] where rest.first == ":" {
      rest = rest.dropFirst()
      guard let part = number(&rest), part <= 59 else { return nil }
      seconds += part * unit
    }
    return sign * seconds
  }

  private static func change(_ rest: inout Substring) -> Change? {
    guard rest.first == "," else { return nil }
    rest = rest.dropFirst()
    var change: Change
    if rest.first == "M" {
      rest = rest.dropFirst()
      var parts: [Int64] = []
      for place in 0..<3 {
        if place > 0 {
          guard rest.first == "." else { return nil }
          rest = rest.dropFirst()
        }
        guard let part = number(&rest) else { return nil }
        parts.append(part)
      }
      guard (1...12).contains(parts[0]), (1...5).contains(parts[1]), parts[2] <= 6 else {
        return nil
      }
      change = Change(day: .ofMonth(parts[0], parts[1], parts[2]))
    } else if rest.first == "J" {
      rest = rest.dropFirst()
      guard let day = number(&rest), (1...365).contains(day) else { return nil }
      change = Change(day: .julian(day))
    } else {
      guard let day = number(&rest), day <= 365 else { return nil }
      change = Change(day: .ofYear(day))
    }
    if rest.first == "/" {
      rest = rest.dropFirst()
      guard let time = time(&rest) else { return nil }
      change.time = time
    }
    return change
  }

  /// How far clocks are ahead of UTC at `second`.
  func offset(at second: Int64) -> Int64 {
    guard let changes else { return standard }
    // The calendar, with its days of the week, repeats every 400 years.
    let era: Int64 = 146_097 * 86_400
    let second = second - Self.floor(second, era) * era
    let year = Timestamp.date(ofDay: Self.floor(second + standard, 86_400)).year
    let begin = Self.second(changes.0, year) - standard
    let end = Self.second(changes.1, year) - summer
    let isSummer =
      begin < end ? second >= begin && second < end : second >= begin || second < end
    return isSummer ? summer : standard
  }

  private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
    let quotient = value / unit
    return value % unit < 0 ? quotient - 1 : quotient
  }

  /// When, on the clocks before it, a change of `year` comes.
  private static func second(_ change: Change, _ year: Int64) -> Int64 {
    let first = Timestamp.days(year, 1, 1)
    let march = Timestamp.days(year, 3, 1)
    let day: Int64
    switch change.day {
    case .ofYear(let number): day = first + number
    case .julian(let number): day = number < 60 ? first + number - 1 : march + number - 60
    case .ofMonth(let month, let week, let weekday):
      let begin = Timestamp.days(year, month, 1)
      let next =
        month == 12
        ? Timestamp.days(year + 1, 1, 1)
        : Timestamp.days(year, month + 1, 1)
      // The first of 1970 was a Thursday.
      let weekdayOfFirst = (begin + 4) - floor(begin + 4, 7) * 7
      var found = begin + (weekday - weekdayOfFirst + 7) % 7 + (week - 1) * 7
      if found >= next { found -= 7 }
      day = found
    }
    return day * 86_400 + change.time
  }
}
