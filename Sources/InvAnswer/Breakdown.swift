public import InvBytes
public import InvFormat
public import InvSystem

/// Cells added up by one or two dimensions.
public struct Breakdown: Sendable {
  /// What lies at one value of each dimension.
  public struct Entry: Equatable, Sendable {
    /// The names of the values, as people read them.
    public let names: [[UInt8]]
    public let objects: UInt64
    public let bytes: UInt64
    /// A month's cost of these objects; nil where there are no prices.
    public let cost: Amount?
  }

  /// The names of the dimensions.
  public let names: [String]
  private let places: [Int]
  private let values: [[[UInt8]]]
  private let code: PointCode
  /// Only current objects count, unless the state is one of the dimensions or is selected.
  private let counted: Selection

  public init(_ names: [String], in index: Index, _ selection: Selection?) throws(Failure) {
    let schema = index.schema
    var places: [Int] = []
    for name in names {
      guard let place = schema.dimensions.firstIndex(where: { $0.name == name }) else {
        let those = schema.dimensions.map(\.name).joined(separator: ", ")
        throw .usage("--by: the index has no dimension '\(printable(name))'; it has \(those)")
      }
      guard !places.contains(place) else { throw .usage("--by: '\(name)' is named twice") }
      places.append(place)
    }
    guard places.count <= 2 else { throw .usage("--by: at most two dimensions") }
    (self.names, self.places, code) = (names, places, index.code)
    values = places.map { schema.dimensions[$0].names(words: schema.words[$0]) }
    let all = selection ?? Selection(schema)
    counted = places.contains(0) ? all : all.forTotals
  }

  /// The names of all values of the dimension at `place` of `names`, in order.
  public func values(_ place: Int) -> [[UInt8]] { values[place] }

  /// The sums of `cells`, by the order of the values; those without objects are left out.
  public func entries(_ cells: [Cell], _ pricing: Pricing? = nil) throws(FormatError) -> [Entry] {
    var costs: [UInt64: Amount] = [:]
    var sums: [UInt64: (objects: UInt64, bytes: UInt64)] = [:]
    for cell in cells where counted.matches(cell.code, code) {
      var key: UInt64 = 0
      for place in places { key = key << 32 | code.value(place, of: cell.code) }
      let sum = sums[key] ?? (0, 0)
      let (objects, first) = sum.objects.addingReportingOverflow(cell.objects)
      let (bytes, second) = sum.bytes.addingReportingOverflow(cell.bytes)
      guard !first, !second else { throw FormatError("a sum of cells is over 2^64", at: 0) }
      sums[key] = (objects, bytes)
      if let pricing, pricing.isPriced(cell) {
        costs[key, default: pricing.total(of: [])] += pricing.total(of: [cell])
      }
    }
    return sums.sorted { $0.key < $1.key }.map { key, sum in
      let numbers = places.count == 2 ? [Int(key >> 32), Int(key & 0xffff_ffff)] : [Int(key)]
      let names = zip(values, numbers).map { $1 < $0.count ? $0[$1] : [0x3f] }
      return Entry(names: names, objects: sum.objects, bytes: sum.bytes, cost: costs[key])
    }
  }
}
