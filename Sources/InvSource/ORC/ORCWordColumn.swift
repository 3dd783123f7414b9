import InvSystem

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
    try lengthStream.takeRoom(4 * (Int(streams.dictionarySize) + 1))
    var lengths = ORCIntegers(lengthStream, isSecond: try streams.isSecond(), isSigned: false)
    var starts: [UInt32] = [0]
    starts.reserveCapacity(Int(streams.dictionarySize) + 1)
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
    try words.takeRoom(Int(sum) + 32)
    text.reserveCapacity(Int(sum) + 32)
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
