import InvSystem

/// The streams of one column in a stripe.
struct ORCColumnStreams {
  private let file: SeekableFile
  private let blocks: ORCBlocks
  private let stripe: UInt64
  /// The column, for messages.
  private let name: String
  private let encoding: ORCStripeFooter.Encoding
  private let ranges: [ORCStripeFooter.Stream.Kind: Range<UInt64>]

  init(
    _ file: SeekableFile, _ blocks: ORCBlocks, stripe: UInt64, name: String,
    _ encoding: ORCStripeFooter.Encoding,
    _ ranges: [ORCStripeFooter.Stream.Kind: Range<UInt64>]
  ) {
    self.file = file
    self.blocks = blocks
    self.stripe = stripe
    self.name = name
    self.encoding = encoding
    self.ranges = ranges
  }

  func fault(_ what: String) -> Failure { file.fault("\(name): \(what)", at: stripe) }

  /// Nil when the stripe has none, and so every row a value.
  var present: ORCStream? {
    ranges[.present].map { ORCStream(file, $0, blocks, name: "\(name), stream PRESENT") }
  }

  /// Where no stream is, it is as one without bytes: all rows may be without a value.
  func stream(_ kind: ORCStripeFooter.Stream.Kind) -> ORCStream {
    ORCStream(
      file, ranges[kind] ?? stripe..<stripe, blocks, name: "\(name), stream \(kind.name)")
  }

  var data: ORCStream { stream(.data) }

  var dictionarySize: UInt64 { encoding.dictionarySize }

  /// Whether integers are in runs of version 2.
  func isSecond() throws(Failure) -> Bool {
    guard let kind = encoding.kind else { throw fault("an encoding that is not known") }
    return kind == .directV2 || kind == .dictionaryV2
  }

  func isDictionary() throws(Failure) -> Bool {
    guard let kind = encoding.kind else { throw fault("an encoding that is not known") }
    return kind == .dictionary || kind == .dictionaryV2
  }
}

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
