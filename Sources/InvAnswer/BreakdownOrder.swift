import InvBytes

/// In which order the entries of a breakdown come, how many of them, and with which sums.
public struct BreakdownOrder: Sendable {
  public enum Key: String, CaseIterable, Sendable { case bytes, objects, name, cost }

  /// nil for the order of values.
  public var key: Key?
  public var isReversed = false
  /// No more than so many, of each value of the first dimension where there are two.
  public var top: Int?
  public var hasTotal = false

  public init(key: Key?, isReversed: Bool, top: Int?, hasTotal: Bool) {
    self.key = key ?? (top == nil ? nil : .bytes)
    (self.isReversed, self.top, self.hasTotal) = (isReversed, top, hasTotal || top != nil)
  }

  /// `entries`, which come by the order of values, in this one, and their sums.
  func arranged(_ entries: [Breakdown.Entry], _ breakdown: Breakdown) throws(FormatError)
    -> [Breakdown.Entry]
  {
    var rows: [Breakdown.Entry] = []
    if breakdown.places.count == 2 {
      for group in groups(entries, breakdown) { rows += try cut(group, breakdown, level: 1) }
    } else {
      rows = try cut(entries, breakdown, level: 0)
    }
    if hasTotal {
      rows.append(try sum(entries, .total, breakdown.places.map { _ in nil }))
    }
    return rows
  }

  /// The entries of each value of the first dimension.
  private func groups(_ entries: [Breakdown.Entry], _ breakdown: Breakdown) -> [[Breakdown.Entry]] {
    var groups: [[Breakdown.Entry]] = []
    for entry in entries {
      if groups.last?[0].values[0] != entry.values[0] { groups.append([]) }
      groups[groups.count - 1].append(entry)
    }
    return key == .name ? sorted(groups, isReversed: false) { name($0[0], 0, breakdown) } : groups
  }

  /// The first of entries that differ in the value at `level`, and the sum of the others.
  private func cut(_ entries: [Breakdown.Entry], _ breakdown: Breakdown, level: Int)
    throws(FormatError) -> [Breakdown.Entry]
  {
    let sorted =
      switch key {
      case nil: isReversed ? entries.reversed() : entries
      case .name: sorted(entries, isReversed: isReversed) { name($0, level, breakdown) }
      case .bytes: falling(entries) { UInt128($0.bytes) }
      case .objects: falling(entries) { UInt128($0.objects) }
      // What has no price comes last.
      case .cost: falling(entries) { $0.cost?.order }
      }
    guard let top, sorted.count > top else { return sorted }
    var values = sorted[0].values
    values[level] = nil
    return sorted[..<top] + [try sum(sorted[top...], .others, values)]
  }

  /// The greatest first, and what has no rank last; equal ones as they come.
  private func falling(_ entries: [Breakdown.Entry], _ rank: (Breakdown.Entry) -> UInt128?)
    -> [Breakdown.Entry]
  {
    sorted(entries, isReversed: false) { entry in
      rank(entry).map { isReversed ? $0 : .max - $0 } ?? .max
    }
  }

  private func sorted<Element, Rank: Ranked>(
    _ elements: [Element], isReversed: Bool, by rank: (Element) -> Rank
  ) -> [Element] {
    let ranks = elements.enumerated().map { (place: $0.offset, rank: rank($0.element)) }
    return ranks.sorted { one, other in
      if one.rank.precedes(other.rank) { return !isReversed }
      if other.rank.precedes(one.rank) { return isReversed }
      return one.place < other.place
    }.map { elements[$0.place] }
  }

  private func name(_ entry: Breakdown.Entry, _ level: Int, _ breakdown: Breakdown) -> [UInt8] {
    breakdown.names(of: entry)[level] ?? []
  }

  private func sum(
    _ entries: some Sequence<Breakdown.Entry>, _ row: Breakdown.Entry.Row, _ values: [Int?]
  ) throws(FormatError) -> Breakdown.Entry {
    var sum = Breakdown.Entry(row: row, values: values, objects: 0, bytes: 0, cost: nil)
    for entry in entries {
      let (objects, first) = sum.objects.addingReportingOverflow(entry.objects)
      let (bytes, second) = sum.bytes.addingReportingOverflow(entry.bytes)
      guard !first, !second else { throw Breakdown.overflow }
      (sum.objects, sum.bytes) = (objects, bytes)
      if let cost = entry.cost { sum.cost = sum.cost.map { $0 + cost } ?? cost }
    }
    return sum
  }
}

/// What an order can be made by.
private protocol Ranked { func precedes(_ other: Self) -> Bool }

extension UInt128: Ranked {
  fileprivate func precedes(_ other: UInt128) -> Bool { self < other }
}

extension [UInt8]: Ranked {
  fileprivate func precedes(_ other: [UInt8]) -> Bool { lexicographicallyPrecedes(other) }
}
