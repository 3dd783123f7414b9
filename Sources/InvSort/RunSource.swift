import InvBytes
import InvFormat
import InvSystem

/// One run of a merge: reads its blocks and keeps the present one.
final class RunSource {
  /// A shelf with the numbers that this run and its range have there.
  struct Shelf {
    let blocks: BlockShelf
    let run: Int
    let range: Int
  }

  private let reader: PrefixReader
  private let ranks: [[UInt64]]
  private let code: PointCode
  /// Keeps the bytes that the row points to.
  private var block: PrefixBlock?
  /// The run ends before the first key that is not before this.
  private let upper: [UInt8]?
  /// What the block index says that the first block begins with.
  private let firstPrefix: [UInt8]?
  /// Where blocks at the borders of ranges are handed on.
  private let shelf: Shelf?
  /// What the footer said, once it was read.
  private(set) var ending: (Audit, PrefixTotals)?

  /// `ranks` are what each word is in the result, whose point codes are `code`.
  init(
    _ reader: PrefixReader, ranks: [[UInt64]], code: PointCode, upper: [UInt8]? = nil,
    firstPrefix: [UInt8]? = nil, shelf: Shelf? = nil
  ) {
    self.reader = reader
    self.ranks = ranks
    self.code = code
    self.upper = upper
    self.firstPrefix = firstPrefix
    self.shelf = shelf
  }

  var progress: (done: UInt64, total: UInt64) { reader.progress }

  /// A row before the first.
  func start() -> RunRow { RunRow(ranks: ranks, code: code, upper: upper) }

  /// Goes to the next row; false at the end.
  func advance(_ row: inout RunRow) throws(Failure) -> Bool {
    if row.isAtBlockEnd {
      guard try load(into: &row) else { return false }
    }
    return try isRow(row.advance(), row)
  }

  private func load(into row: inout RunRow) throws(Failure) -> Bool {
    let place = reader.position
    if let shelf, let (block, next) = shelf.blocks.take(shelf.run, place, range: shelf.range) {
      reader.seek(to: next)
      try take(block, &row)
      return true
    }
    while let event = try reader.next() {
      switch event {
      case .block(let next):
        if block == nil, let shelf {
          shelf.blocks.put(shelf.run, place, next, next: reader.position, range: shelf.range)
        }
        try take(next, &row)
        return true
      case .maker, .progress: continue
      case .end(let audit, let totals): ending = (audit, totals)
      }
    }
    return false
  }

  private func take(_ next: PrefixBlock, _ row: inout RunRow) throws(Failure) {
    if block == nil, let firstPrefix, next.firstPrefix != firstPrefix {
      throw reader.failure("the block index has another prefix for this block", in: next)
    }
    block = next
    row.take(next)
  }

  /// Whether a step led to a row; false at the end.
  func isRow(_ step: RunRow.Step, _ row: RunRow) throws(Failure) -> Bool {
    switch step {
    case .row: return true
    case .end: return false
    case .outOfOrder where row.keyBytes.lexicographicallyPrecedes(row.refused):
      throw fault("a prefix shares more bytes than it says", row)
    case .outOfOrder:
      throw fault("the rows are not sorted: \(text(row.refused)) after \(text(row.keyBytes))", row)
    case .noSlash: throw fault("a prefix does not end in a slash", row)
    }
  }

  /// The sentence for a fault in the present row.
  func fault(_ what: String, _ row: RunRow) -> Failure {
    guard let block else { return Failure.data("\(printable(reader.name)): \(what)") }
    return reader.failure("row \(row.row) of the block: \(what)", in: block)
  }

  private func text(_ bytes: [UInt8]) -> String {
    "'" + printable(String(decoding: bytes, as: UTF8.self)) + "'"
  }
}
