import InvFormat

/// Whether the rows come in no order, so that most are in another directory than the one before and
/// none of its ancestors is at hand: a look at the first rows of blocks tells.
struct Disorder {
  /// So many rows of a block are looked at, and so many blocks must be without order.
  private static let (rows, blocks) = (64, 4)
  private var blocksFound = 0

  var isThere: Bool { blocksFound >= Self.blocks }

  /// Looks at a block; whether that makes the rows disordered.
  mutating func grows(with block: ObjectBlock) -> Bool {
    var rows = ObjectRows(block)
    var previous: [UInt8] = []
    var (seen, levels) = (0, 0)
    while seen < Self.rows, let isRow = try? rows.next(), isRow {
      // The levels that a key behind which it should have come makes one go down.
      if rows.key.lexicographicallyPrecedes(previous) {
        levels += rows.key[min(rows.shared, rows.key.count)...].count { $0 == 0x2f }
      }
      previous = rows.key
      seen += 1
    }
    if levels >= seen { blocksFound += 1 }
    return isThere
  }
}
