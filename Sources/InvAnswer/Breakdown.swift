public import InvBytes
import InvFormat
public import InvSystem

/// Cells added up by one or two dimensions.
public struct Breakdown {
  /// What lies at one value of each dimension, or at several.
  public struct Entry: Equatable, Sendable {
    public enum Row: String, Sendable { case value, others, total }

    public let row: Row
    /// The number of a value of each dimension; nil where this is a sum over the dimension.
    public let values: [Int?]
    public internal(set) var objects: UInt64
    public internal(set) var bytes: UInt64
    /// A month's cost of these objects; nil where there are no prices.
    public internal(set) var cost: Amount?
  }

  /// The names of the dimensions.
  public let names: [String]
  let places: [Int]
  let valueNames: ValueNames
  private let sizes: [Int]
  private let code: PointCode
  private let order: BreakdownOrder?
  /// Only current objects count, unless the state is one of the dimensions or is selected.
  private let counted: SelectedPoints

  /// Without an order the entries come in that of their values.
  public init(
    _ names: [String], in index: IndexUnion, _ selection: Selection?, _ valueNames: ValueNames,
    order: BreakdownOrder? = nil
  ) throws(Failure) {
    let schema = index.schema
    var places: [Int] = []
    for name in names {
      try index.require(name)
      guard let place = schema.dimensions.firstIndex(where: { $0.name == name }) else {
        let those = schema.dimensions.map(\.name).joined(separator: ", ")
        throw .usage("--by: the index has no dimension '\(printable(name))'; it has \(those)")
      }
      guard !places.contains(place) else { throw .usage("--by: '\(name)' is named twice") }
      places.append(place)
    }
    guard places.count <= 2 else { throw .usage("--by: at most two dimensions") }
    (self.names, self.places, self.order, code) = (names, places, order, index.code)
    self.valueNames = valueNames
    sizes = places.map { schema.sizes[$0] }
    let all = selection ?? Selection(schema)
    counted = SelectedPoints(places.contains(0) ? all : all.forTotals, index.code)
  }

  /// What the values of an entry are called; nil where it is a sum over the dimension.
  public func names(of entry: Entry) -> [[UInt8]?] {
    zip(places, entry.values).map { place, value in value.map { valueNames.name($0, in: place) } }
  }

  /// The values of an entry for programs: words and bands, and beside a number of Unix its name.
  public func members(of entry: Entry) -> [(name: String, value: [UInt8]?)] {
    var members: [(name: String, value: [UInt8]?)] = []
    for ((name, place), value) in zip(zip(names, places), entry.values) {
      members.append((name, value.map { valueNames.word($0, in: place) }))
      guard valueNames.hasAccounts(in: place) else { continue }
      members.append(("\(name)_name", value.flatMap { valueNames.account($0, in: place) }))
    }
    return members
  }

  /// The sums of what lies at and below the entry at `position`, or of what it holds itself; those
  /// without objects are left out.
  public func entries(
    _ reader: UnionReader, _ position: Int, own: Bool = false, _ pricing: Pricing? = nil
  ) throws(FormatError) -> [Entry] {
    let keys = BreakdownKeys(places, sizes, code)
    var sums = BreakdownSums(keys, sizes)
    var costs: [UInt64: Amount] = [:]
    try reader.readParts(position, own: own) { cells throws(FormatError) in
      guard sums.add(cells, counted) else { throw Self.overflow }
      guard let pricing else { return }
      for index in cells.indices {
        let cell = cells[index]
        guard counted.contains(cell.code), pricing.isPriced(cell) else { continue }
        costs[keys.key(cell), default: pricing.total(of: [])] += pricing.total(of: [cell])
      }
    }
    let entries = sums.cells.map { sum in
      Entry(
        row: .value, values: keys.values(sum.code), objects: sum.objects, bytes: sum.bytes,
        cost: costs[sum.code])
    }
    return try order?.arranged(entries, self) ?? entries
  }

  static var overflow: FormatError { FormatError("a sum of cells is over 2^64", at: 0) }
}

/// One number for the values that a cell has in one or two dimensions.
private struct BreakdownKeys {
  /// Where the values of the first dimension are in a code, and of the second, if there is one.
  private let first: (shift: UInt64, mask: UInt64)
  private let second: (shift: UInt64, mask: UInt64)
  private let hasSecond: Bool
  private let last: UInt64

  init(_ places: [Int], _ sizes: [Int], _ code: PointCode) {
    first = (code.shift(of: places[0]), code.mask(of: places[0]))
    hasSecond = places.count == 2
    second = hasSecond ? (code.shift(of: places[1]), code.mask(of: places[1])) : (0, 0)
    // A dimension of which no value occurs has no cells either.
    last = hasSecond ? UInt64(max(1, sizes[1])) : 1
  }

  @inline(__always)
  func key(_ cell: Cell) -> UInt64 {
    // Each is less than the size of its dimension, which the reader of the cells has checked.
    (cell.code &>> first.shift & first.mask) &* last &+ (cell.code &>> second.shift & second.mask)
  }

  func values(_ key: UInt64) -> [Int] {
    hasSecond ? [Int(key / last), Int(key % last)] : [Int(key)]
  }
}

/// Sums by such keys.
private struct BreakdownSums {
  private let keys: BreakdownKeys
  /// Where there are not many keys, a sum for each; else a table of those that occur.
  private var dense: [Cell] = []
  private let sparse = CellSums()

  init(_ keys: BreakdownKeys, _ sizes: [Int]) {
    self.keys = keys
    let count = sizes.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
    if count <= 1 << 16 {
      dense = Array(repeating: Cell(code: 0, objects: 0, bytes: 0), count: count)
    }
  }

  /// Adds those of the cells that count; false when a sum overflows.
  mutating func add(_ cells: Span<Cell>, _ counted: SelectedPoints) -> Bool {
    let (keys, sparse) = (keys, sparse)
    var sums = dense.mutableSpan
    for index in cells.indices {
      let cell = cells[index]
      guard counted.contains(cell.code) else { continue }
      let key = keys.key(cell)
      let isAdded =
        key < UInt64(sums.count)
        ? sums[Int(key)].add(objects: cell.objects, bytes: cell.bytes)
        : sparse.add(Cell(code: key, objects: cell.objects, bytes: cell.bytes))
      guard isAdded else { return false }
    }
    return true
  }

  /// The sums by rising key.
  var cells: [Cell] {
    if dense.isEmpty { return sparse.cells }
    return dense.indices.filter { dense[$0].objects > 0 }.map { place in
      Cell(code: UInt64(place), objects: dense[place].objects, bytes: dense[place].bytes)
    }
  }
}
