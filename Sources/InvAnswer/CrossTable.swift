/// A breakdown by two dimensions as a table: one down, the other across, and their sums.
public struct CrossTable {
  private let breakdown: Breakdown
  /// The numbers of the values that occur.
  public let down: [Int]
  private let across: [Int]
  private let cells: [Int: [Int: Breakdown.Entry]]
  /// Nothing, where the cells are costs.
  private let none: Amount?

  public init(_ breakdown: Breakdown, _ entries: [Breakdown.Entry], none: Amount?) {
    func distinct(_ place: Int) -> [Int] { Set(entries.compactMap { $0.values[place] }).sorted() }
    (down, across) = (distinct(0), distinct(1))
    var cells: [Int: [Int: Breakdown.Entry]] = [:]
    for entry in entries {
      guard let row = entry.values[0], let column = entry.values[1] else { continue }
      cells[row, default: [:]][column] = entry
    }
    (self.breakdown, self.cells, self.none) = (breakdown, cells, none)
  }

  public func table(width: Int?, isColored: Bool) -> Table {
    let kind: Table.Kind = none == nil ? .bytes : .money
    let names = across.map { breakdown.valueNames.name($0, in: breakdown.places[1]) }
    var table = Table(
      [Table.Column("\(breakdown.names[0]) \\ \(breakdown.names[1])", .text)]
        + names.map { Table.Column(text8($0), kind) }
        + [Table.Column("all", kind)],
      format: .table, width: width, isColored: isColored)
    for value in down {
      table.text(breakdown.valueNames.name(value, in: breakdown.places[0]))
      let row = cells[value] ?? [:]
      for column in across {
        if let entry = row[column] { write([entry], to: &table) } else { table.missing() }
      }
      write(row.values, to: &table)
      table.endRow()
    }
    table.label("all")
    for column in across { write(down.compactMap { cells[$0]?[column] }, to: &table) }
    write(down.flatMap { (cells[$0] ?? [:]).values }, to: &table)
    table.endRow()
    return table
  }

  /// Writes the sum of `entries` as one cell.
  private func write(_ entries: some Collection<Breakdown.Entry>, to table: inout Table) {
    if let none {
      let costs = entries.compactMap(\.cost)
      if costs.isEmpty { table.missing() } else { table.money(costs.reduce(none, +)) }
    } else {
      table.bytes(entries.reduce(0) { $0 &+ $1.bytes })
    }
  }
}
