public import InvBytes

extension Breakdown {
  /// The sums of what lies at and below all of `positions`, with that of all values.
  ///
  /// It is for breakdowns whose order leaves nothing out.
  public func entries(
    _ reader: UnionReader, of positions: [Int], _ pricing: Pricing? = nil
  ) throws(FormatError) -> [Entry] {
    var total = Entry(row: .total, values: names.map { _ in nil }, objects: 0, bytes: 0, cost: nil)
    var sums: [[Int]: Entry] = [:]
    for position in positions {
      for entry in try entries(reader, position, pricing) where entry.row == .value {
        try Self.add(entry, to: &total)
        let values = entry.values.compactMap(\.self)
        guard var sum = sums[values] else {
          sums[values] = entry
          continue
        }
        try Self.add(entry, to: &sum)
        sums[values] = sum
      }
    }
    let rising = sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return rising.map(\.value) + [total]
  }

  private static func add(_ entry: Entry, to sum: inout Entry) throws(FormatError) {
    let (objects, first) = sum.objects.addingReportingOverflow(entry.objects)
    let (bytes, second) = sum.bytes.addingReportingOverflow(entry.bytes)
    guard !first, !second else { throw overflow }
    (sum.objects, sum.bytes) = (objects, bytes)
    if let cost = entry.cost { sum.cost = sum.cost.map { $0 + cost } ?? cost }
  }
}
