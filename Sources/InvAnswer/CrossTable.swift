/// A breakdown by two dimensions as a table: one down, the other across, and their sums.
public struct CrossTable: Sendable {
  private let names: [String]
  /// The values that occur.
  public let down: [[UInt8]]
  private let across: [[UInt8]]
  private let cells: [[UInt8]: [[UInt8]: Breakdown.Entry]]
  /// Nothing, where the cells are costs.
  private let none: Amount?

  public init(_ breakdown: Breakdown, _ entries: [Breakdown.Entry], none: Amount?) {
    func distinct(_ place: Int) -> [[UInt8]] {
      let there = Set(entries.map { $0.names[place] })
      return breakdown.values(place).filter(there.contains)
    }
    names = breakdown.names
    (down, across) = (distinct(0), distinct(1))
    var cells: [[UInt8]: [[UInt8]: Breakdown.Entry]] = [:]
    for entry in entries { cells[entry.names[0], default: [:]][entry.names[1]] = entry }
    (self.cells, self.none) = (cells, none)
  }

  public func table(width: Int?, isColored: Bool) -> Table {
    let kind: Table.Kind = none == nil ? .bytes : .money
    var table = Table(
      [Table.Column("\(names[0]) \\ \(names[1])", .text)]
        + across.map { Table.Column(String(decoding: $0, as: UTF8.self), kind) }
        + [Table.Column("all", kind)],
      format: .table, width: width, isColored: isColored)
    for name in down {
      table.text(name)
      let row = cells[name] ?? [:]
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
