import InvBytes
import InvSystem

/// What clocks showed in a time zone: the zone's file of tzfile(5).
struct ZoneFile: Sendable {
  /// From a second on, clocks were so many seconds ahead of UTC.
  private struct Change {
    var from: Int64
    var offset: Int64
  }

  /// In the order of time; the first counts before its second too.
  private var changes: [Change]
  /// What counts from the last change on.
  private var rule: ZoneRule?
  /// The stretch of time that was asked for last, and its offset.
  private var known: Range<Int64> = 0..<0
  private var knownOffset: Int64 = 0

  var isUTC: Bool { rule == nil && changes.count == 1 && changes[0].offset == 0 }

  static let utc = ZoneFile(offset: 0)

  private init(offset: Int64) { changes = [Change(from: .min, offset: offset)] }

  /// The zone of that name; nil when it is not known here.
  init?(named name: String) {
    if let offset = Self.fixedOffset(name) {
      self.init(offset: offset)
      return
    }
    let isPlain = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20)
        || [0x2b, 0x2d, 0x2f, 0x5f].contains($0)
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("/") else { return nil }
    // Failures say that there is no such zone; what kept it from being read changes nothing.
    guard let file = try? Descriptor.reading("/usr/share/zoneinfo/\(name)"),
      let bytes = try? file.contents(limit: 1 << 20)
    else { return nil }
    self.init(file: bytes)
  }

  /// Of names that need no file: UTC, GMT, and those with an offset, such as `GMT+05:30` and `-08:00`.
  private static func fixedOffset(_ name: String) -> Int64? {
    var rest = Substring(name)
    if ["", "Z", "UTC", "GMT", "Etc/UTC", "Etc/GMT"].contains(rest) { return 0 }
    for prefix in ["GMT", "UTC"] where rest.hasPrefix(prefix) { rest = rest.dropFirst(3) }
    guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
    let parts = rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let hours = UInt8(parts[0]), hours <= 23,
      let minutes = parts.count == 1 ? 0 : UInt8(parts[1]), minutes <= 59
    else { return nil }
    let offset = Int64(hours) * 3600 + Int64(minutes) * 60
    return sign == "-" ? -offset : offset
  }

  /// A file of version 2 or later; nil when it is none.
  init?(file bytes: [UInt8]) {
    guard let zone = try? Self.read(bytes) else { return nil }
    self = zone
  }

  private static func read(_ bytes: [UInt8]) throws(FormatError) -> ZoneFile? {
    var reader = ByteReader(bytes.raw)
    // The first part has times of 32 bits, the second the same in 64.
    guard var counts = try Counts(&reader), counts.version >= 0x32 else { return nil }
    _ = try reader.range(counts.length(4), "zone")
    guard let second = try Counts(&reader) else { return nil }
    counts = second
    let raw = bytes.raw
    let times = try reader.range(counts.times * 8, "times").lowerBound
    let kinds = try reader.range(counts.times, "kinds").lowerBound
    let offsets = try reader.range(counts.kinds * 6, "offsets").lowerBound
    _ = try reader.range(counts.characters + counts.leaps * 12 + counts.flags, "names")
    // Seconds since 1970 do not count leap seconds.
    guard counts.kinds > 0, counts.leaps == 0 else { return nil }
    func offset(_ kind: UInt8) -> Int64 {
      Int64(Int32(bitPattern: raw.u32(at: offsets + Int(kind) * 6).byteSwapped))
    }
    var changes = [Change(from: .min, offset: offset(0))]
    for place in 0..<counts.times {
      let kind = raw.u8(at: kinds + place)
      guard kind < counts.kinds else { return nil }
      let from = Int64(bitPattern: raw.u64(at: times + place * 8).byteSwapped)
      guard place == 0 || from > changes[changes.count - 1].from else { return nil }
      changes.append(Change(from: from, offset: offset(kind)))
    }
    guard changes.allSatisfy({ abs($0.offset) <= 30 * 3600 }) else { return nil }
    let tail = String(decoding: bytes[reader.position...], as: UTF8.self)
    var zone = ZoneFile(offset: 0)
    zone.changes = changes
    zone.rule = ZoneRule(tail.split(separator: "\n").first ?? "")
    return zone
  }

  /// The header of a part of the file.
  private struct Counts {
    var version: UInt8
    var flags, leaps, times, kinds, characters: Int

    init?(_ reader: inout ByteReader) throws(FormatError) {
      guard try reader.array(4, "zone") == Array("TZif".utf8) else { return nil }
      version = try reader.u8("version")
      _ = try reader.range(15, "header")
      var counts: [Int] = []
      for _ in 0..<6 {
        let count = try reader.u32("count").byteSwapped
        guard count <= 1 << 16 else { return nil }
        counts.append(Int(count))
      }
      let standards = counts[1]
      flags = counts[0] + standards
      (leaps, times, kinds, characters) = (counts[2], counts[3], counts[4], counts[5])
    }

    /// The bytes after the header, with times of `width` bytes.
    func length(_ width: Int) -> Int {
      times * (width + 1) + kinds * 6 + characters + leaps * (width + 4) + flags
    }
  }

  /// How far clocks were ahead of UTC at `second`.
  mutating func offset(at second: Int64) -> Int64 {
    if known.contains(second) { return knownOffset }
    var (low, high) = (0, changes.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if changes[middle].from <= second { low = middle } else { high = middle }
    }
    if high == changes.count, let rule { return rule.offset(at: second) }
    known = changes[low].from..<(high < changes.count ? changes[high].from : .max)
    knownOffset = changes[low].offset
    return knownOffset
  }

  /// When clocks showed what they show in UTC at `second`.
  mutating func instant(ofWallClock second: Int64) -> Int64 {
    // Good enough where no change is near, as at the beginning of a year.
    second - offset(at: second - offset(at: second))
  }
}
