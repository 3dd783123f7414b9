import InvText

/// What the name of a scan's file says of when and of what the scan was made.
public struct ScanFileName: Equatable, Sendable {
  /// Midnight of the day, as clocks showed it there.
  public let day: Int64
  /// The filesystem.
  public let filesystem: [UInt8]?

  /// Reads `20260111_csfs1_asp.list.list_all.log`: date, cluster and filesystem; of another name a date
  /// in front, or the only one of the form `2026-01-11`. nil when there is no date in it.
  public init?(_ path: [UInt8]) {
    let name = path.split(separator: 0x2f).last ?? []
    let front = Self.days(name.prefix(8), separated: false)
    if let front, !Self.isDigit(name.dropFirst(8).first) {
      day = front * 86_400
      filesystem = Self.filesystem(name.dropFirst(8))
      return
    }
    filesystem = nil
    var found: Set<Int64> = []
    for start in name.indices where !(start > name.startIndex && Self.isDigit(name[start - 1])) {
      let rest = name[start...]
      if let days = Self.days(rest.prefix(10), separated: true),
        !Self.isDigit(rest.dropFirst(10).first)
      {
        found.insert(days)
      }
    }
    guard found.count == 1, let only = found.first else { return nil }
    day = only * 86_400
  }

  /// What is between cluster and `.list` of `_csfs1_asp.list…`.
  private static func filesystem(_ rest: ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.first == 0x5f else { return nil }
    let parts = rest.dropFirst().split(
      separator: 0x5f, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    let name = parts[1].prefix { $0 != 0x2e }
    guard !name.isEmpty, parts[1].dropFirst(name.count).starts(with: ".list".utf8) else {
      return nil
    }
    return Array(name)
  }

  private static func isDigit(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }

  /// The days since 1970 of a date, if it is one since then.
  private static func days(_ text: ArraySlice<UInt8>, separated: Bool) -> Int64? {
    var text = Array(text)
    if separated {
      guard text.count == 10, text[4] == 0x2d, text[7] == 0x2d else { return nil }
      text.remove(at: 7)
      text.remove(at: 4)
    }
    guard text.count == 8, text.allSatisfy({ isDigit($0) }) else { return nil }
    func number(_ places: Range<Int>) -> Int64 {
      text[places].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
    guard year >= 1970, (1...12).contains(month), day >= 1, day <= Timestamp.length(year, month)
    else { return nil }
    return Timestamp.days(year, month, day)
  }
}
