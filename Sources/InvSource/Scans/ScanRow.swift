import InvBytes
import InvFormat
import InvText

/// What a record of a scan says, as far as it has been read.
struct ScanRow {
  var kind = ObjectKind.object
  var size: UInt64 = 0
  var allocated: UInt64 = 0
  var accessed = absentInt
  var modified = absentInt
  var owner = ScanID()
  var group = ScanID()
  var project = ScanID()
  var file: UInt64 = 0
  var fileHigh: UInt64 = 0
  var links: UInt64 = 0
  /// Whether it has a field that the first row lacks.
  var saysMore = false
  /// What is wrong with it, when something is.
  var verdict = RowVerdict.badRecord
}

/// Who owns a file: a number, or a name in the text where `name` is not empty.
struct ScanID {
  var number: UInt64 = 0
  var name = WordCache.Field(start: 0, count: 0)
}

// Each returns where the field ends, or -1. Behind the record 32 bytes can be read.
extension ScanRow {
  /// Reads the field at `at` of a record that ends at `end`; `stop` is the byte behind the field.
  @inline(__always)
  mutating func take(
    _ field: ScanField, _ text: RawSpan, _ at: Int, _ end: Int, stop: UInt8, separator: UInt8,
    _ clock: LocalClock
  ) -> Int {
    switch field {
    case .inode: return text.number(at, &file)
    case .size: return text.number(at, &size)
    case .kilobytes: return product(text.number(at, &allocated), 1024)
    case .blocks: return product(text.number(at, &allocated), 512)
    case .owner: return text.id(at, &owner.number)
    case .group: return text.id(at, &group.number)
    case .links: return text.number(at, &links)
    case .word: return text.place(of: stop, at, end)
    case .node: return Self.place(of: stop, text, at, end, without: 0x20)
    case .plainWord:
      return text.u16(at: at) == 0x2d2d
        ? -1 : Self.place(of: stop, text, at, end, without: 0x3d)
    case .mode:
      guard takeKind(text, at) else { return -1 }
      return text.place(of: stop, at &+ 1, end)
    case .kind: return takeKind(text, at) ? at &+ 1 : -1
    case .accessedStamp: return takeStamp(text, at, separator, clock, &accessed)
    case .modifiedStamp: return takeStamp(text, at, separator, clock, &modified)
    case .accessed: return Self.takeSeconds(text, at, &accessed)
    case .modified: return Self.takeSeconds(text, at, &modified)
    case .generation: return takeHigh(text, at, 0)
    case .snapshot: return takeHigh(text, at, 32)
    case .device: return text.number(at, &fileHigh)
    case .fid: return takeFID(text, at)
    case .project: return text.id(at, &project.number)
    case .ownerName: return Self.takeName(text, at, end, stop, &owner)
    case .groupName: return Self.takeName(text, at, end, stop, &group)
    case .skipped, .path, .relativePath: return -1
    }
  }

  /// Where `stop` is first, or -1 where `other` comes before it.
  private static func place(
    of stop: UInt8, _ text: RawSpan, _ at: Int, _ end: Int, without other: UInt8
  ) -> Int {
    let stop = text.place(of: stop, at, end)
    return text.place(of: other, at, stop) == stop ? stop : -1
  }

  private mutating func product(_ end: Int, _ factor: UInt64) -> Int {
    let (product, overflow) = allocated.multipliedReportingOverflow(by: factor)
    allocated = product
    return overflow ? -1 : end
  }

  /// Takes the kind from the letter that `find` and modes have for it.
  @inline(__always)
  private mutating func takeKind(_ text: RawSpan, _ at: Int) -> Bool {
    switch text.u8(at: at) {
    case 0x2d, 0x66: kind = .object  // - f
    case 0x64: kind = .directory
    case 0x6c: kind = .symlink
    case 0x62, 0x63, 0x70, 0x73, 0x44: kind = .special  // b c p s D
    default: return false
    }
    return true
  }

  /// Half of the number that tells files apart which have had the same inode.
  private mutating func takeHigh(_ text: RawSpan, _ at: Int, _ shift: UInt64) -> Int {
    var half: UInt64 = 0
    let end = text.id(at, &half)
    fileHigh |= half << shift
    return end
  }

  /// `0x28001ff98:0xe66b:0x0`: sequence, object, version.
  private mutating func takeFID(_ text: RawSpan, _ at: Int) -> Int {
    var (object, version): (UInt64, UInt64) = (0, 0)
    var at = text.hexadecimal(at, &fileHigh)
    guard at >= 0, text.u8(at: at) == 0x3a else { return -1 }
    at = text.hexadecimal(at + 1, &object)
    guard at >= 0, text.u8(at: at) == 0x3a, object >> 32 == 0 else { return -1 }
    at = text.hexadecimal(at + 1, &version)
    guard at >= 0, version >> 32 == 0 else { return -1 }
    file = object << 32 | version
    return at
  }

  /// Seconds since 1970, of which a fraction is dropped: find writes the floor before it.
  @inline(__always)
  private static func takeSeconds(_ text: RawSpan, _ at: Int, _ time: inout Int64) -> Int {
    let isBefore = text.u8(at: at) == 0x2d
    var seconds: UInt64 = 0
    let end = text.number(isBefore ? at &+ 1 : at, &seconds)
    guard end >= 0, seconds <= UInt64(Timestamp.range.upperBound) else { return -1 }
    time = isBefore ? -Int64(seconds) : Int64(seconds)
    guard time >= Timestamp.range.lowerBound else { return -1 }
    return text.afterFraction(end)
  }

  @inline(__always)
  private func takeStamp(
    _ text: RawSpan, _ at: Int, _ separator: UInt8, _ clock: LocalClock, _ time: inout Int64
  ) -> Int {
    let local = Timestamp.stamp(
      text.u64(at: at), text.u64(at: at &+ 8), text.u32(at: at &+ 16), separator: separator)
    guard let local else { return -1 }
    time = clock.utc(local: local)
    // Its zone may have taken it out of what can be written.
    guard Timestamp.range.contains(time) else { return -1 }
    return text.afterFraction(at &+ 19)
  }

  private static func takeName(
    _ text: RawSpan, _ at: Int, _ end: Int, _ stop: UInt8, _ id: inout ScanID
  ) -> Int {
    let end = text.place(of: stop, at, end)
    if text.id(at, &id.number) == end { return end }
    // What is a number but no id is not the name of one either.
    let sign = text.u8(at: at)
    var digits = sign == 0x2b || sign == 0x2d ? at + 1 : at
    if digits < end {
      while digits < end && text.u8(at: digits) &- 0x30 <= 9 { digits += 1 }
      if digits == end { return -1 }
    }
    id.name = WordCache.Field(start: at, count: end - at)
    return end > at && end - at <= WordCache.limit ? end : -1
  }
}
