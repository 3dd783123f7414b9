import InvSystem

/// Reads some columns of a stripe side by side.
final class ORCReader: TableReader {
  /// No more rows are read at once, whoever asks.
  private static let mostRows = 1 << 16

  private let columns: [any ORCColumn]
  private var left: UInt64

  init(_ columns: [any ORCColumn], rows: UInt64) {
    self.columns = columns
    left = rows
  }

  func next(_ vectors: inout [ColumnVector], limit: Int) throws(Failure) -> Int {
    precondition(vectors.count == columns.count && limit > 0)
    for place in vectors.indices { vectors[place].clear() }
    if left == 0 { return 0 }
    var rows = Int(min(left, UInt64(min(limit, Self.mostRows))))
    for column in columns { rows = try column.fitting(rows) }
    for (place, column) in columns.enumerated() {
      try column.read(rows, into: &vectors[place])
      vectors[place].count = rows
    }
    left -= UInt64(rows)
    if left == 0 { for column in columns { try column.finish() } }
    return rows
  }
}
