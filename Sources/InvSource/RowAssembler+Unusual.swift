import InvBytes
import InvFormat
import InvText

// What only inventories of other stores say.
extension RowAssembler {
  /// Sets what a row says besides what rows of S3 do, and what state that puts it in.
  mutating func takeUnusual(_ text: RawSpan, _ opens: Span<UInt32>, _ state: inout ObjectState)
    -> RowVerdict
  {
    func field(_ number: Int) -> WordCache.Field {
      let start = Int(opens[number])
      return WordCache.Field(start: start + 1, count: Int(opens[number + 1]) - start - 3)
    }
    /// What true, false or nothing means.
    func truth(_ number: Int?, or absent: Bool) -> Bool? {
      guard let number else { return absent }
      let place = field(number)
      return place.count == 0 ? absent : text.truth(place.start, place.count)
    }
    guard let isLatest = truth(layout.isLatest, or: true),
      let isMarker = truth(layout.isMarker, or: false),
      let isDeleted = truth(layout.isDeleted, or: false)
    else { return .badState }
    guard var isFolder = truth(layout.isFolder, or: false) else { return .badKind }
    var kind = ObjectKind.object
    if layout.isFolder == nil && layout.family.hasFolderKeys {
      let key = field(layout.key)
      isFolder = key.count > 0 && text.u8(at: key.start + key.count - 1) == 0x2f
    }
    if let number = layout.sort {
      let place = field(number)
      guard let sort = EntrySort(text.array(place.start..<place.start + place.count)) else {
        return .badKind
      }
      (kind, state) = (sort.kind, sort.state)
    } else if isFolder {
      (kind, state) = (.directory, .directory)
    } else if isMarker {
      state = .marker
    } else if !isLatest || isDeleted || layout.pasts.contains(where: { field($0).count > 0 }) {
      state = .noncurrent
    }
    if self.kind >= 0 { builder.set(self.kind, UInt64(kind.rawValue)) }
    if let number = layout.allocated {
      let place = field(number)
      guard let value = place.count == 0 ? 0 : text.decimal(place.start, place.count) else {
        return .badSize
      }
      builder.set(allocated, value)
    }
    if let number = layout.accessed {
      guard let time = looseTime(text, field(number)) else { return .badTime }
      builder.set(accessed, UInt64(bitPattern: time))
    }
    return .counted
  }

  /// The seconds since 1970 that a field means, `absentInt` for none at all.
  func looseTime(_ text: RawSpan, _ place: WordCache.Field) -> Int64? {
    if place.count == 0 { return absentInt }
    if layout.clock.isUTC, let time = text.time(place.start, place.count) { return time }
    guard place.count <= 64 else { return nil }
    return LooseTime.seconds(
      text.array(place.start..<place.start + place.count), clock: layout.clock,
      mayBePlain: layout.family.hasPlainTimes)
  }
}

/// What an entry of a file system is.
enum EntrySort: String {
  case object, directory, symlink, special
  /// A further name of a file that has been met.
  case link

  init?(_ text: [UInt8]) { self.init(rawValue: String(decoding: text, as: UTF8.self)) }

  var kind: ObjectKind {
    switch self {
    case .object, .link: .object
    case .directory: .directory
    case .symlink: .symlink
    case .special: .special
    }
  }

  var state: ObjectState {
    switch self {
    case .directory: .directory
    case .link: .link
    case .object, .symlink, .special: .current
    }
  }
}

/// Times as listings other than inventories have them.
enum LooseTime {
  /// The seconds since 1970 that `text` means: a time as in RFC 3339, also with a blank before its zone
  /// or with `UTC`; where it names none, it is what `clock` showed; and if it `mayBePlain`, seconds
  /// since 1970.
  static func seconds(_ text: [UInt8], clock: LocalClock, mayBePlain: Bool) -> Int64? {
    if mayBePlain, let seconds = plain(text) { return seconds }
    var text = text
    if text.suffix(4).elementsEqual(" UTC".utf8) {
      text.removeLast(4)
      text.append(0x5a)
    }
    guard let time = try? Timestamp.seconds(from: text) else { return nil }
    let hasZone =
      text.last == 0x5a || text.last == 0x7a
      || text.dropFirst(11).contains { $0 == 0x2b || $0 == 0x2d }
    return hasZone ? time : clock.utc(local: time)
  }

  /// A decimal count of seconds, of which a fraction is dropped: the floor.
  private static func plain(_ text: [UInt8]) -> Int64? {
    let parts = text.split(separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, whole.count <= 20, whole.first != 0x2b,
      let seconds = Int64(String(decoding: whole, as: UTF8.self))
    else { return nil }
    guard parts.count == 2 else { return Timestamp.range.contains(seconds) ? seconds : nil }
    guard parts[1].allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    let isBelow = whole.first == 0x2d && parts[1].contains { $0 != 0x30 }
    let floor = isBelow ? seconds - 1 : seconds
    return Timestamp.range.contains(floor) ? floor : nil
  }
}
