import InvSystem

/// A column of text whose values stand one after another.
final class ORCTextColumn: ORCColumn {
  /// A longer value is refused.
  static let longest = 64 << 20
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

/// A column of text whose values are words of a dictionary.
final class ORCWordColumn: ORCColumn {
  /// A dictionary with more text, or more words, is refused.
  static let longestText: Int64 = 128 << 20
  static let mostWords: UInt64 = 16 << 20

  private var presence: ORCPresence
  private let data: ORCStream
  private var codes: ORCIntegers
  private var values: [Int64] = []
  private let dictionary: ColumnDictionary

  init(_ streams: ORCColumnStreams) throws(Failure) {
    presence = ORCPresence(streams.present)
    data = streams.data
    codes = ORCIntegers(data, isSecond: try streams.isSecond(), isSigned: false)
    dictionary = try Self.dictionary(streams)
  }

  private static func dictionary(_ streams: ORCColumnStreams) throws(Failure) -> ColumnDictionary {
    let words = streams.stream(.dictionaryData)
    let lengthStream = streams.stream(.length)
    guard streams.dictionarySize <= mostWords else {
      throw lengthStream.fault(
        "a dictionary of \(streams.dictionarySize) words, where \(mostWords) are the most")
    }
    var lengths = ORCIntegers(lengthStream, isSecond: try streams.isSecond(), isSigned: false)
    var starts: [UInt32] = [0]
    var sum: Int64 = 0
    var piece: [Int64] = []
    var left = Int(streams.dictionarySize)
    while left > 0 {
      let count = min(left, 4096)
      try lengths.read(count, into: &piece)
      for length in piece {
        guard length >= 0, length <= longestText - sum else {
          throw lengthStream.fault("a dictionary of more than \(longestText) bytes")
        }
        sum += length
        starts.append(UInt32(sum))
      }
      left -= count
    }
    try lengths.finish()
    var text: [UInt8] = []
    // What the lengths promise is believed as far as the stored bytes make it likely.
    text.reserveCapacity(Int(min(UInt64(sum), words.rest * 8)) + 32)
    try words.move(Int(sum), to: &text)
    try words.finish()
    text += repeatElement(0, count: 32)
    return ColumnDictionary(text: text, starts: starts)
  }

  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure) {
    let count = try presence.read(rows, to: &vector.present)
    try codes.read(count, into: &values)
    let words = UInt64(dictionary.count)
    var isBad = false
    vector.codes.reserveCapacity(rows)
    for value in values {
      isBad = isBad || UInt64(bitPattern: value) >= words
      vector.codes.append(UInt32(truncatingIfNeeded: value))
    }
    if isBad { throw data.fault("a word that its dictionary of \(words) does not have") }
    ORCPresence.spread(&vector.codes, to: vector.present, absent: 0)
    vector.dictionary = dictionary
  }

  func finish() throws(Failure) {
    try presence.finish()
    try codes.finish()
  }
}
