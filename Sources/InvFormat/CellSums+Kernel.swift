/// The sums of cells by point.
public final class CellSums {
  private var table = CellTable(for: 0)

  public init() {}

  deinit { table.free() }

  /// Adds a cell; false when a sum overflows.
  @inline(__always)
  public func add(_ cell: Cell) -> Bool { table.add(cell) }

  /// Adds all of `other`; false when a sum overflows.
  func add(_ other: CellSums) -> Bool { table.add(other.table) }

  /// The cells by rising code.
  public var cells: [Cell] {
    var list = PlainList<Cell>(capacity: table.count)
    defer { list.free() }
    table.append(to: &list)
    return unsafe list.buffer.sorted { $0.code < $1.code }
  }

  func removeAll() {
    if table.size > 1024 * MemoryLayout<Cell>.stride {
      table.free()
      table = CellTable(for: 0)
    }
    table.removeAll()
  }
}
