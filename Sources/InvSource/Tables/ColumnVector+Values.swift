import InvBytes
import InvFormat
import InvText

// What rows say, whatever the kind of column.
extension ColumnVector {
  /// Whether `row` has a value.
  @inline(__always)
  func has(_ row: Int) -> Bool { present.isEmpty || present[row] != 0 }

  /// One more than the code of the word in `row`; 0 where it has none.
  @inline(__always)
  func code(_ row: Int) -> Int { has(row) ? Int(codes[row]) + 1 : 0 }

  /// How long the text in `row` is.
  @inline(__always)
  func length(_ row: Int) -> Int {
    guard let dictionary else { return Int(starts[row + 1] - starts[row]) }
    guard has(row) else { return 0 }
    let code = Int(codes[row])
    return Int(dictionary.starts[code + 1] - dictionary.starts[code])
  }

  /// Appends the text in `row` to `bytes`.
  func append(_ row: Int, to bytes: inout [UInt8]) {
    if let dictionary {
      guard has(row) else { return }
      let code = Int(codes[row])
      bytes += dictionary.text[Int(dictionary.starts[code])..<Int(dictionary.starts[code + 1])]
    } else {
      bytes += text[Int(starts[row])..<Int(starts[row + 1])]
    }
  }

  /// The text in `row`.
  func text(_ row: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    append(row, to: &bytes)
    return bytes
  }

  /// What `row` says of true and false; nil when it says neither.
  func truth(_ row: Int, _ kind: TableColumn.Kind) -> Bool? {
    guard has(row) else { return nil }
    if kind == .boolean { return integers[row] != 0 }
    let bytes = text(row)
    return (bytes + [0, 0, 0, 0, 0, 0, 0, 0]).raw.truth(0, bytes.count)
  }

  /// The seconds since 1970 that `row` says, which are none at all when it says nothing; nil when that is
  /// no time.
  @inline(__always)
  func time(_ row: Int, _ kind: TableColumn.Kind) -> Int64? {
    guard has(row) else { return absentInt }
    let seconds: Int64?
    switch kind {
    case .time: seconds = integers[row]
    // Milliseconds, where the file does not say that they are a time.
    case .integer: seconds = integers[row] / 1000 - (integers[row] % 1000 < 0 ? 1 : 0)
    default:
      let text = text(row)
      seconds = text.isEmpty ? absentInt : try? Timestamp.seconds(from: text)
      if text.isEmpty { return absentInt }
    }
    return seconds.flatMap { Timestamp.range.contains($0) ? $0 : nil }
  }

  /// What `row` says as CSV spells it.
  func spelling(_ row: Int, _ kind: TableColumn.Kind) -> [UInt8] {
    guard has(row) else { return [] }
    switch kind {
    case .bytes: return text(row)
    case .boolean: return Array((integers[row] != 0 ? "true" : "false").utf8)
    case .time:
      var text: [UInt8] = []
      guard Timestamp.append(integers[row], to: &text) else { return [] }
      let thousandths = (nanoseconds.isEmpty ? 0 : nanoseconds[row]) / 1_000_000
      text.removeLast()
      return text + Array(".\(String(thousandths + 1000).dropFirst())Z".utf8)
    default: return Array(String(integers[row]).utf8)
    }
  }
}
