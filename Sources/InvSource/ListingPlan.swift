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
  private let prefix: [UInt8]
  private let hasVersions: Bool
  private let width: Int
  private var canCut: Bool
  /// Whether the keys may come in an order that is not known, as long as there is one range.
  private let canBeFree: Bool
  /// The marks of a listing in no order, which must not come again.
  private var marks: Set<[UInt8]> = []
  private(set) var probes = 0
  private(set) var pages = 0
  private var probing = 0
  /// With that many pages in a row that bring nothing, a listing is taken for one without an end.
  private static let idleLimit = 1000
  /// A range with less to come is not cut.
  private static let leastPages = 4.0

  /// Goes on with `ranges` of the keys that begin with `prefix`, whose numbers are their places, up to
  /// `width` of them at once.
  public init(
    prefix: [UInt8], hasVersions: Bool = false, width: Int,
    ranges: [ListingRange] = [ListingRange(number: 0)], canBeFree: Bool = true
  ) {
    self.prefix = prefix
    self.hasVersions = hasVersions
    self.width = width
    canCut = width > 1
    self.canBeFree = canBeFree
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
    guard canCut, open.count + probing < width, probes + probing < 32 + pages / 4 else {
      return nil
    }
    while let number = longest() {
      guard let probe = ranges[number].probe(floor: prefix.count) else {
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
      let left = range.pagesLeft(floor: prefix.count) ?? .infinity
      if left >= Self.leastPages, left > best?.pages ?? 0 { best = (number, left) }
    }
    return best?.number
  }

  /// Whether there is one range, without an end.
  private var isFree: Bool { canBeFree && ranges.count == 1 && ranges[0].end == nil }

  /// How the answer to a question is to be read, which is to be done at once.
  public mutating func request(for question: Question) -> ListingPage.Request {
    let range = ranges[question.range]
    guard question.probe == nil else {
      // What a probe finds is for `take` to judge.
      return ListingPage.Request(
        prefix: prefix, after: ListingMark(), from: nil, end: nil, hasVersions: hasVersions,
        orders: .all)
    }
    ranges[question.range].isRead = true
    var request = ListingPage.Request(
      prefix: prefix, after: question.after, from: range.from, end: range.end,
      hasVersions: hasVersions, orders: orders)
    request.isFree = isFree
    return request
  }

  /// Takes note that the answer to a question could not be read, and is to come again.
  public mutating func drop(_ question: Question) {
    if question.probe == nil { ranges[question.range].isRead = false }
  }

  /// Takes in the answer to a question; the cut that follows from it.
  public mutating func take(_ page: ListingPage, for question: Question) throws(FormatError)
    -> Cut?
  {
    if question.probe != nil {
      if ranges[question.range].isRead {
        ranges[question.range].held = (question, page.found)
        return nil
      }
      return take(page.found, for: question)
    }
    pages += 1
    let number = question.range
    var range = ranges[number]
    range.isAsked = false
    range.isRead = false
    range.isWhole = false
    range.pages += 1
    range.first = range.first ?? page.firstKey
    if !page.rows.isEmpty { range.from = nil }
    range.idle = page.rows.isEmpty ? range.idle + 1 : 0
    orders.formIntersection(page.orders)
    if orders.isEmpty {
      guard isFree else { throw FormatError("keys come in no order that is known", at: 0) }
      canCut = false
      if let mark = page.mark {
        let text = mark.key + [0] + (mark.token ?? mark.version ?? [])
        guard marks.insert(text).inserted else {
          throw FormatError("the listing begins again", at: 0)
        }
      }
    }
    if let mark = page.mark, !page.isLast {
      guard range.idle < Self.idleLimit else {
        throw FormatError("\(range.idle) pages in a row have no keys, and more are to come", at: 0)
      }
      range.mark = mark
    } else {
      range.isDone = true
      open.removeAll { $0 == number }
    }
    let held = range.held
    range.held = nil
    ranges[number] = range
    return held.flatMap { take($0.found, for: $0.question) }
  }

  /// Takes in what a probe found; the cut that follows from it.
  private mutating func take(_ found: ListingPage.Found, for question: Question) -> Cut? {
    let number = question.range
    guard let end = question.probe else { return nil }
    probing -= 1
    probes += 1
    ranges[number].isProbed = false
    var range = ranges[number]
    guard !range.isDone, !end.isKeyBefore(range.mark.key.raw) else { return nil }
    let first: [UInt8]?
    switch found {
    case .key(let key): first = key
    case .nothing: first = nil
    case .unknown:
      ranges[number].isWhole = true
      return nil
    }
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
}
