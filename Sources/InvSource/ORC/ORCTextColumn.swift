import InvSystem

/// A column of text whose values stand one after another.
final class ORCTextColumn: ORCColumn {
  /// A longer value is refused.
  static let longest = 16 << 20
  /// Rows are not read together when their text is longer.
  private static let together: Int64 = 16 << 20

  private var presence: ORCPresence
  private let data: ORCStream
  private let lengthStream: ORCStream
  private var lengths: ORCIntegers
  /// Of the rows that were looked at and not handed out: which have a value, and how long it is.
  private var present: [UInt8] = []
  private var ahead: [Int64] = []
  private var more: [Int64] = []

  init(_ streams: ORCColumnStreams) throws(Failure) {
    presence = ORCPresence(streams.present)
    data = streams.data
    lengthStream = streams.stream(.length)
    lengths = ORCIntegers(lengthStream, isSecond: try streams.isSecond(), isSigned: false)
  }

  func fitting(_ rows: Int) throws(Failure) -> Int {
    if ahead.count < rows { try lookAhead(rows - ahead.count) }
    var sum: Int64 = 0
    for row in 0..<rows {
      sum += ahead[row]
      if sum > Self.together { return max(row, 1) }
    }
    return rows
  }

  private func lookAhead(_ rows: Int) throws(Failure) {
    var flags: [UInt8] = []
    let count = try presence.read(rows, to: &flags)
    try lengths.read(count, into: &more)
    for length in more where length < 0 || length > Self.longest {
      throw lengthStream.fault("a value of \(UInt64(bitPattern: length)) bytes is too long")
    }
    ORCPresence.spread(&more, to: flags, absent: 0)
    if flags.isEmpty && !present.isEmpty { flags = [UInt8](repeating: 1, count: rows) }
    if present.isEmpty && !flags.isEmpty {
      present = [UInt8](repeating: 1, count: ahead.count)
    }
    present += flags
    if ahead.isEmpty { swap(&ahead, &more) } else { ahead += more }
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    if ahead.count < rows { try lookAhead(rows - ahead.count) }
    var start: UInt32 = 0
    vector.starts.append(0)
    for length in ahead[..<rows] {
      // The caller has asked how many rows fit, or reads one.
      start += UInt32(length)
      vector.starts.append(start)
    }
    try data.move(Int(start), to: &vector.text)
    vector.text += repeatElement(0, count: 32)
    if !present.isEmpty {
      if present[..<rows].contains(0) { vector.present += present[..<rows] }
      present.removeFirst(rows)
    }
    ahead.removeFirst(rows)
  }

  func finish() throws(Failure) {
    try presence.finish()
    try lengths.finish()
    try data.finish()
  }
}
