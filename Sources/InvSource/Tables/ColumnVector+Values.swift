import InvBytes
import InvFormat
import InvText

// What the values of a row mean.
extension ColumnVector {
  @inline(__always)
  func has(_ row: Int) -> Bool { present.isEmpty || present[row] != 0 }

  /// The place of the text of a row in `text`, or in that of the dictionary.
  @inline(__always)
  func place(_ row: Int) -> WordCache.Field {
    if let dictionary {
      let code = Int(codes[row])
      let start = Int(dictionary.starts[code])
      return WordCache.Field(start: start, count: Int(dictionary.starts[code + 1]) - start)
    }
    let start = Int(starts[row])
    return WordCache.Field(start: start, count: Int(starts[row + 1]) - start)
  }

  /// Where the texts of the rows are.
  var bytes: [UInt8] { dictionary?.text ?? text }

  /// The text of a row as it stands; empty where it has none.
  func array(_ row: Int) -> [UInt8] {
    guard has(row) else { return [] }
    let place = place(row)
    return Array(bytes[place.start..<place.start + place.count])
  }

  /// What true or false a row says: nil when neither; `absent` where it says nothing.
  func truth(_ row: Int, _ kind: TableColumn.Kind, or absent: Bool?) -> Bool? {
    guard has(row) else { return absent }
    if kind == .boolean { return integers[row] != 0 }
    let place = place(row)
    return place.count == 0 ? absent : bytes.raw.truth(place.start, place.count)
  }

  /// Whether a row says anything.
  func isFilled(_ row: Int, _ kind: TableColumn.Kind) -> Bool {
    has(row) && (kind != .bytes || place(row).count > 0)
  }

  /// The seconds since 1970 that a row says, `absentInt` where it says nothing; nil when it is no time.
  @inline(__always)
  func seconds(_ row: Int, _ kind: TableColumn.Kind, _ layout: RowLayout) -> Int64? {
    guard has(row) else { return absentInt }
    switch kind {
    case .time:
      let seconds = integers[row]
      return Timestamp.range.contains(seconds) ? seconds : nil
    case .bytes:
      let place = place(row)
      if place.count == 0 { return absentInt }
      if layout.clock.isUTC, let time = bytes.raw.time(place.start, place.count) {
        return time
      }
      return LooseTime.seconds(array(row), clock: layout.clock, mayBePlain: false)
    default:
      // Without a note of what they are, they are milliseconds in all inventories that are known.
      let seconds = integers[row] / 1000 - (integers[row] % 1000 < 0 ? 1 : 0)
      return Timestamp.range.contains(seconds) ? seconds : nil
    }
  }

  /// The value of a row as inventories in CSV spell it.
  func word(_ row: Int, _ kind: TableColumn.Kind) -> [UInt8] {
    guard has(row) else { return [] }
    switch kind {
    case .bytes: return array(row)
    case .boolean: return Array((integers[row] != 0 ? "true" : "false").utf8)
    case .integer, .unsigned: return Array(String(integers[row]).utf8)
    case .real: return Array("\(reals[row])".utf8)
    case .time:
      var text: [UInt8] = []
      guard Timestamp.append(integers[row], to: &text) else {
        return Array(String(integers[row]).utf8)
      }
      let thousandths = nanoseconds.isEmpty ? 0 : nanoseconds[row] / 1_000_000
      text.removeLast()
      let digits = String(thousandths)
      let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
      return text + Array(".\(zeros)\(digits)Z".utf8)
    case .other: return []
    }
  }
}
