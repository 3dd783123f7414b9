import InvBytes

/// A stretch of the keys of a bucket that is listed page by page.
public struct ListingRange: Sendable {
  public let number: Int
  /// What has been listed.
  public internal(set) var mark: ListingMark
  /// nil where the listing itself ends.
  public internal(set) var end: ListingEnd?
  /// The first key, where it is known; what comes before it belongs to the range before.
  public internal(set) var from: [UInt8]?
  public internal(set) var isDone = false
  var pages = 0
  /// How many pages in a row had no rows.
  var idle = 0
  /// The first key that was listed.
  var first: [UInt8]?
  /// Whether a page is on its way, and whether a probe is.
  var isAsked = false
  var isProbed = false
  /// Whether a page is being read: only then it is known where the range may be cut.
  var isRead = false
  /// What a probe has found meanwhile.
  var held: (question: ListingPlan.Question, found: ListingPage.Found)?
  /// The level where keys behind those listed are thought to differ from them first.
  var level: Int?
  /// How many probes there have found nothing.
  var misses = 0
  /// A key of the range, as far ahead as any that is known.
  var beyond: [UInt8]?
  /// No cut was found; so it is until the next page.
  var isWhole = false

  public init(
    number: Int, mark: ListingMark = ListingMark(), from: [UInt8]? = nil, end: ListingEnd? = nil
  ) {
    self.number = number
    self.mark = mark
    self.from = from
    self.end = end
  }

  /// Takes note of how far the range has been listed.
  public mutating func go(on mark: ListingMark, hasRows: Bool, isDone: Bool) {
    self.mark = mark
    self.isDone = isDone
    if hasRows { from = nil }
  }

  /// The same range with another end.
  public func ending(_ end: ListingEnd) -> ListingRange {
    var range = self
    range.end = end
    return range
  }

  /// A cut and what it is for.
  struct Probe {
    let end: ListingEnd
    /// Whether the range is to be cut where there are keys behind it; else they are only looked at.
    let isCut: Bool
  }

  /// Where to look for keys behind those listed; all keys begin with the first `floor` bytes of them.
  ///
  /// A level is a number of bytes that such a key shares with the last one listed. First the lowest
  /// level that there is a key on is found, by halving; then the characters there are halved.
  func probe(floor: Int) -> Probe? {
    guard first != nil else { return nil }
    let key = mark.key
    var low = end.map { max(floor, KeyGuess.boundary(key, shared(key, $0.key))) } ?? floor
    guard low <= key.count else { return nil }
    let lowest = low
    if guess(at: low, lowest, KeyGuess.middle) == nil {
      low += KeyGuess.character(key, at: low)?.count ?? 1
    }
    let known = beyond.map { shared(key, $0) }.flatMap { $0 >= low ? $0 : nil }
    let high = known ?? key.count
    if level == low || known == low {
      return guess(at: low, lowest, KeyGuess.middle).map { Probe(end: $0, isCut: true) }
    }
    var place = max(low, KeyGuess.boundary(key, (low + high) / 2))
    while place < high {
      if let end = guess(at: place, lowest, KeyGuess.first) {
        return Probe(end: end, isCut: false)
      }
      place += KeyGuess.character(key, at: place)?.count ?? 1
    }
    return nil
  }

  private func shared(_ a: [UInt8], _ b: [UInt8]) -> Int { commonPrefix(a.raw, b.raw) }

  /// An end that shares `level` bytes with the last key; `choose` finds the character there.
  private func guess(
    at level: Int, _ lowest: Int, _ choose: (UInt32?, UInt32) -> UInt32?
  ) -> ListingEnd? {
    let key = mark.key
    let low = KeyGuess.character(key, at: level)
    guard level >= key.count || low != nil else { return nil }
    var high = KeyGuess.limit
    if level == lowest, let end, end.key.count > level {
      guard let character = KeyGuess.character(end.key, at: level) else { return nil }
      high = character.scalar
    }
    guard level <= key.count, let code = choose(low?.scalar, high),
      let scalar = Unicode.Scalar(code)
    else { return nil }
    let cut = key[..<level] + Array(String(scalar).utf8) + KeyGuess.tail
    // What follows on the same character may be behind the tail.
    guard key.lexicographicallyPrecedes(cut) else { return nil }
    return ListingEnd(key: Array(cut), shared: level)
  }

  /// How many pages are still to come, as far as the keys tell; nil where nothing does.
  func pagesLeft(floor: Int) -> Double? {
    guard let first, let end else { return nil }
    let start = max(floor, shared(mark.key, end.key))
    let (from, here, to) = (
      Self.place(first, start), Self.place(mark.key, start), Self.place(end.key, start)
    )
    guard shared(first, mark.key) >= start, here > from else { return nil }
    return Double(pages) * max(0, to - here) / (here - from)
  }

  /// Where a key lies among those that share `start` bytes with it, from 0 to 1.
  private static func place(_ key: [UInt8], _ start: Int) -> Double {
    var (place, share) = (0.0, 1.0)
    for byte in key.dropFirst(start).prefix(9) {
      // Digits, capitals and small letters have most of the room.
      let rank: Double =
        switch byte {
        case ..<0x30: Double(byte) / 16
        case 0x30...0x39: Double(byte - 0x30) + 3
        case 0x3a...0x40: 13
        case 0x41...0x5a: Double(byte - 0x41) + 14
        case 0x5b...0x60: 40
        case 0x61...0x7a: Double(byte - 0x61) + 41
        default: 67 + Double(byte - 0x7b) / 32
        }
      share /= 72
      place += rank * share
    }
    return place
  }
}
