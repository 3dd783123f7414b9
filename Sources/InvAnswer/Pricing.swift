import InvBytes
public import InvFormat
public import InvSystem

/// The prices of a region applied to one index: what its cells, or some of them, cost for a month.
///
/// Where a price goes by steps, the bytes of the whole index decide, and every byte of the class costs
/// the same share of the sum. So what parts of the index cost adds up to what the whole does.
public struct Pricing: Sendable {
  public let region: PriceRegion
  private let code: PointCode
  /// The places of the dimensions; nil where the index has none.
  private let classes: Int?
  private let sizes: Int?
  private let words: [[UInt8]]
  private let bands: Int
  /// By word of the index, the place of its price in the region; nil where it has none.
  private let prices: [Int?]
  /// By price and band.
  private let rules: [Rule]
  private var rates = Rates()

  /// Applies `region` to an index whose root has the cells `whole`.
  ///
  /// Refused is an index that cannot tell which objects a rule of the list is about.
  public init(_ schema: PrefixSchema, _ region: PriceRegion, whole: some Sequence<Cell>)
    throws(Failure)
  {
    self.region = region
    do { code = try schema.pointCode() } catch { throw Failure.data(error.what) }
    let hasAny = region.classes.contains { $0.name == anyClass }
    classes = schema.dimensions.firstIndex { $0.name == "class" && $0.axis == .word }
    guard classes != nil || hasAny else {
      throw Failure.usage(
        "the index has no class dimension: cost needs one, or a price for class '*'")
    }
    words = classes.map { schema.words[$0] } ?? [anyClass]
    var edges: [UInt64] = [0]
    sizes = schema.dimensions.firstIndex {
      if case .band(let all, unknown: false) = $0.axis, $0.name == "size" {
        edges = all
        return true
      }
      return false
    }
    bands = edges.count
    var places: [[UInt8]: Int] = [:]
    for (place, price) in region.classes.enumerated() { places[price.name] = place }
    prices = words.map { places[$0] ?? places[anyClass] }
    for place in Set(prices.compactMap(\.self)).sorted() {
      try Self.check(region.classes[place], edges, hasSizes: sizes != nil)
    }
    rules = region.classes.indices.flatMap { place in
      edges.map { Rule(place, in: region, from: $0) }
    }
    rates = Self.rates(region, billed: billed(whole))
  }

  /// Whether the bands tell apart what the rules of a class do.
  private static func check(_ price: ClassPrice, _ edges: [UInt64], hasSizes: Bool) throws(Failure)
  {
    for edge in price.edges {
      let size = BandUnit.bytes.text(edge)
      guard hasSizes else {
        throw Failure.usage(
          "the index has no size dimension: cost needs one with an edge at \(size)"
            + " for class '\(printable(price.text))'")
      }
      guard edges.contains(edge) else {
        throw Failure.usage(
          "the index has no size band that begins at \(size):"
            + " the cost of class '\(printable(price.text))' would not be exact")
      }
    }
  }

  /// The bytes that are paid for at the price of each class.
  private func billed(_ cells: some Sequence<Cell>) -> [UInt128] {
    var bytes = [UInt128](repeating: 0, count: region.classes.count)
    for cell in cells where isStored(cell) {
      guard let rule = rule(cell) else { continue }
      for part in rule.parts where part.rate < bytes.count {
        bytes[part.rate] &+= part.units(of: cell)
      }
    }
    return bytes
  }

  /// First the bytes of each class, then the monitored objects of each.
  private static func rates(_ region: PriceRegion, billed: [UInt128]) -> Rates {
    var rates = Rates()
    rates.all = zip(region.classes, billed).map { Rates.Rate($0.steps, bytes: $1) }
    for price in region.classes {
      rates.all.append(
        price.monitoring.map { Rates.Rate(thousandth: $0.price) } ?? Rates.Rate(Whole(0)))
    }
    return rates
  }

  /// The number of the cell's class among the words of the index.
  @inline(__always)
  private func word(_ cell: Cell) -> Int {
    classes.map { Int(truncatingIfNeeded: code.value($0, of: cell.code)) } ?? 0
  }

  /// Nil where the class has no price, and for a code of no point of the index.
  @inline(__always)
  private func rule(_ cell: Cell) -> Rule? {
    let word = word(cell)
    let band = sizes.map { Int(truncatingIfNeeded: code.value($0, of: cell.code)) } ?? 0
    guard prices.indices.contains(word), let price = prices[word], band < bands else { return nil }
    return rules[price * bands + band]
  }

  @inline(__always)
  private func state(_ cell: Cell) -> UInt64 { code.value(0, of: cell.code) }

  /// Whether the cell is of objects or versions, which are paid for.
  @inline(__always)
  private func isStored(_ cell: Cell) -> Bool {
    let state = state(cell)
    return state == UInt64(ObjectState.current.rawValue)
      || state == UInt64(ObjectState.noncurrent.rawValue)
  }

  /// Whether the cost of the cell is known; that of a delete marker is nothing.
  func isPriced(_ cell: Cell) -> Bool { !isStored(cell) || rule(cell) != nil }

  /// What `cells`, of a part of the index, cost in all; what has no price is left out.
  public func total(of cells: some Sequence<Cell>) -> Amount {
    var total = Amount(rates)
    for cell in cells where isStored(cell) {
      guard let rule = rule(cell) else { continue }
      for part in rule.parts { total.bill(part.units(of: cell), at: part.rate) }
    }
    return total
  }

  /// What `cells`, of a part of the index, cost, line by line.
  public func bill(of cells: some Sequence<Cell>) -> Bill {
    var bill = Bill(total: Amount(rates))
    var lines: [Int: BillLine] = [:]
    var unpriced: [Int: Bill.Remainder] = [:]
    var free: [Int: Bill.Remainder] = [:]
    for cell in cells {
      let word = word(cell)
      let state = Int(truncatingIfNeeded: state(cell))
      guard isStored(cell) else {
        let name = ObjectState(rawValue: UInt8(truncatingIfNeeded: state))?.name ?? "?"
        free[state, default: Bill.Remainder(name: Array(name.utf8))].add(cell)
        continue
      }
      let name = words.indices.contains(word) ? words[word] : [0x3f]
      guard let rule = rule(cell) else {
        unpriced[word, default: Bill.Remainder(name: name)].add(cell)
        continue
      }
      let isCurrent = state == Int(ObjectState.current.rawValue)
      let none = Amount(rates)
      lines[
        word * 2 + (isCurrent ? 0 : 1),
        default: BillLine(
          name: name, isCurrent: isCurrent, storage: none, overhead: none, monitoring: none)
      ].add(cell, rule)
    }
    bill.lines = lines.sorted { $0.key < $1.key }.map(\.value)
    for line in bill.lines { bill.total += line.total }
    bill.unpriced = unpriced.sorted { $0.key < $1.key }.map(\.value)
    bill.free = free.sorted { $0.key < $1.key }.map(\.value)
    return bill
  }
}

extension Bill.Remainder {
  fileprivate mutating func add(_ cell: Cell) {
    objects += UInt128(cell.objects)
    bytes += UInt128(cell.bytes)
  }
}

extension BillLine {
  fileprivate mutating func add(_ cell: Cell, _ rule: Rule) {
    objects += UInt128(cell.objects)
    bytes += UInt128(cell.bytes)
    for part in rule.parts {
      let units = part.units(of: cell)
      switch part.what {
      case .storage:
        billed += units
        storage.bill(units, at: part.rate)
      case .overhead:
        overheadBytes += units
        overhead.bill(units, at: part.rate)
      case .monitoring: monitoring.bill(units, at: part.rate)
      }
    }
  }
}
