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
