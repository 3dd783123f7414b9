public import InvBytes

/// Decides what is asked of a server to list its keys in ranges, several at once, none twice.
public struct ListingPlan: Sendable {
  /// What is to be asked.
  public struct Question: Sendable {
    public let range: Int
    /// nil for a page of the range; else the first key behind this is wanted.
    public let probe: ListingEnd?
    let isCut: Bool
    public let after: ListingMark
  }

  /// A range was cut in two at the end that `range` now has.
  public struct Cut: Sendable {
    public let range: Int
    public let next: Int
  }

  public private(set) var ranges: [ListingRange] = []
  /// The numbers of those that have not come to their ends.
  public private(set) var open: [Int] = []
  public private(set) var orders = KeyOrders.all
  private let floor: Int
  private let width: Int
  private var canCut: Bool
  private var probes = 0
  private var pages = 0
  private var probing = 0
  /// A range with less to come is not cut.
  private static let leastPages = 4.0

  /// Lists the keys that begin with `prefix`, up to `width` ranges at once.
  public init(prefix: [UInt8], width: Int) {
    self.init(prefix: prefix, width: width, ranges: [ListingRange(number: 0)])
  }

  /// Goes on with `ranges`, whose numbers are their places.
  public init(prefix: [UInt8], width: Int, ranges: [ListingRange]) {
    floor = prefix.count
    self.width = width
    canCut = width > 1
    self.ranges = ranges
    open = ranges.filter { !$0.isDone }.map(\.number)
  }

  public var isDone: Bool { open.isEmpty }

  /// The next thing to ask; nil when answers must come first.
  public mutating func next() -> Question? {
    // The ranges that are worked on are the first `width`.
    for number in open.prefix(width) where !ranges[number].isAsked {
      ranges[number].isAsked = true
      return Question(range: number, probe: nil, isCut: false, after: ranges[number].mark)
    }
    guard canCut, open.count + probing < width, probes + probing < 64 + pages else { return nil }
    while let number = longest() {
      guard let probe = ranges[number].probe(floor: floor) else {
        ranges[number].isWhole = true
        continue
      }
      ranges[number].isProbed = true
      probing += 1
      return Question(
        range: number, probe: probe.end, isCut: probe.isCut,
        after: ListingMark(key: probe.end.key))
    }
    return nil
  }

  /// The range with the most to come, of those that may be cut.
  private func longest() -> Int? {
    var best: (number: Int, pages: Double)?
    for number in open {
      let range = ranges[number]
      guard !range.isProbed, !range.isWhole, range.first != nil else { continue }
      let left = range.pagesLeft(floor: floor) ?? .infinity
      if left >= Self.leastPages, left > best?.pages ?? 0 { best = (number, left) }
    }
    return best?.number
  }

  /// Takes in a page of a range; whether the range has come to its end.
  public mutating func take(_ page: ListingPage, of number: Int) throws(FormatError) -> Bool {
    pages += 1
    var range = ranges[number]
    range.isAsked = false
    range.isWhole = false
    range.pages += 1
    range.first = range.first ?? page.firstKey
    if !page.rows.isEmpty { range.from = nil }
    orders.formIntersection(page.orders)
    guard !orders.isEmpty else {
      throw FormatError("keys come in no order that is known", at: 0)
    }
    if let mark = page.mark, !page.isLast {
      guard mark != range.mark else { throw FormatError("the listing does not go on", at: 0) }
      range.mark = mark
    } else {
      range.isDone = true
      open.removeAll { $0 == number }
    }
    ranges[number] = range
    return range.isDone
  }

  /// Takes in the first key that a probe found; the cut that follows from it.
  public mutating func take(first: [UInt8]?, of question: Question) -> Cut? {
    let number = question.range
    guard let end = question.probe else { return nil }
    probing -= 1
    probes += 1
    ranges[number].isProbed = false
    var range = ranges[number]
    guard !range.isDone, !end.isKeyBefore(range.mark.key.raw) else { return nil }
    if let first, KeyOrders.rising(end.key, first).isDisjoint(with: orders) {
      // It was not asked for: the server begins where it likes.
      canCut = false
      return nil
    }
    defer { ranges[number] = range }
    range.isWhole = false
    guard let first, range.end?.isBefore(first.raw, in: orders) != true else {
      range.end = end.before(range.end?.next)
      range.misses += 1
      if range.misses == 4 { range.level = nil }
      return nil
    }
    guard question.isCut, canCut else {
      range.beyond = first
      return nil
    }
    var next = ListingRange(
      number: ranges.count, mark: ListingMark(key: end.key), from: first, end: range.end)
    next.level = end.shared
    range.end = end.before(first)
    range.level = end.shared
    range.misses = 0
    range.beyond = nil
    ranges.append(next)
    open.append(next.number)
    return Cut(range: number, next: next.number)
  }

  /// A probe that came to nothing.
  public mutating func drop(_ question: Question) {
    probing -= 1
    ranges[question.range].isProbed = false
    ranges[question.range].isWhole = true
  }
}
