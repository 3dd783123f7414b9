import InvBytes
import InvCompress
public import InvSystem

/// The sums over all rows of a stream, as its footer has them.
public struct PrefixTotals: Equatable, Sendable {
  public var rows: UInt64 = 0
  public var cells: UInt64 = 0
  /// Current objects and their bytes.
  public var objects: UInt64 = 0
  public var bytes: UInt64 = 0

  public init() {}

  /// Adds what another part has; false when a sum overflows.
  public mutating func add(_ other: PrefixTotals) -> Bool {
    let (objects, first) = objects.addingReportingOverflow(other.objects)
    let (bytes, second) = bytes.addingReportingOverflow(other.bytes)
    (self.objects, self.bytes) = (objects, bytes)
    rows &+= other.rows
    cells &+= other.cells
    return !first && !second
  }
}

/// Writes a stream of prefix rows: header, words, blocks in order, block index, footer.
public final class PrefixWriter {
  private let frames: FrameWriter
  private let schema: PrefixSchema
  private let code: PointCode
  private var builder: PrefixBlockBuilder
  private var compressor: BlockCompressor?
  private var index: BlockIndexBuilder?
  private var totals = PrefixTotals()
  private let tool: String

  /// The level that runs are compressed with: half of their time is the disk's otherwise.
  public static let level = 1

  /// Writes the header and the words.
  ///
  /// A stream for a pipe is neither compressed nor indexed.
  public init(
    _ descriptor: consuming Descriptor, schema: PrefixSchema, mark: RunMark? = nil,
    codec: Codec, isFile: Bool, tool: String
  ) throws(Failure) {
    let name = descriptor.name
    frames = FrameWriter(descriptor)
    self.schema = schema
    self.tool = tool
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw Failure.data("\(printable(name)): \(error.what)")
    }
    builder = PrefixBlockBuilder(schema, code: code)
    compressor = codec == .zstd ? try BlockCompressor(level: Self.level) : nil
    index = isFile ? BlockIndexBuilder() : nil
    try frames.writeHeader(schema.header(mark))
    for (place, words) in schema.words.enumerated() where !words.isEmpty {
      for frame in wordsFrames(column: place, first: 0, words) { try frames.write(frame) }
    }
  }

  /// Adds a row; the caller keeps the order and says how many bytes the prefix shares with the last.
  @inline(__always)
  public func append(
    _ prefix: Span<UInt8>, sharing common: Int, listed: UInt64, times: RowTimes, cells: Span<Cell>
  ) throws(Failure) {
    builder.append(prefix, sharing: common, listed: listed, times: times, cells: cells)
    for index in cells.indices where code.value(0, of: cells[index].code) == 0 {
      let (objects, first) = totals.objects.addingReportingOverflow(cells[index].objects)
      let (bytes, second) = totals.bytes.addingReportingOverflow(cells[index].bytes)
      guard !first, !second else { throw Failure.data("the total of all rows is over 2^64") }
      (totals.objects, totals.bytes) = (objects, bytes)
    }
    totals.cells &+= UInt64(cells.count)
    if builder.isFull { try writeBlock() }
  }

  /// How many bytes have been written.
  public var position: UInt64 { frames.position }

  /// Writes who made the rows and from what.
  public func writeMaker(_ maker: Fields) throws(Failure) { try frames.write(.maker, maker) }

  /// Writes how much of the input has been read.
  public func writeProgress(done: UInt64, total: UInt64) throws(Failure) {
    var fields = Fields()
    fields.add("done", done)
    fields.add("total", total)
    try frames.write(.progress, fields)
  }

  /// Ends the stream with a failure.
  public func fail(_ failure: Failure) throws(Failure) {
    try frames.writeFailure(tool: tool, failure)
  }

  /// Writes what is left, the index and the footer, and returns the totals.
  @discardableResult
  public func finish(_ audit: Audit) throws(Failure) -> PrefixTotals {
    if builder.rows > 0 { try writeBlock() }
    var offset: UInt64 = 0
    if let index {
      offset = frames.position
      for frame in index.frames() { try frames.write(frame) }
    }
    var fields = Fields()
    fields.add("rows", totals.rows)
    fields.add("cells", totals.cells)
    fields.add("objects", totals.objects)
    fields.add("bytes", totals.bytes)
    audit.write(to: &fields)
    try frames.writeEnd(fields, indexOffset: offset)
    return totals
  }

  private func writeBlock() throws(Failure) {
    let rows = builder.rows
    index?.add(builder.firstKey, offset: frames.position, row: totals.rows)
    totals.rows &+= UInt64(rows)
    let sections = builder.flush()
    var frame = sections.frame
    guard frame.payloadLength <= Container.frameLimit else {
      throw Failure.data("a block of \(rows) rows would be \(frame.payloadLength) bytes long")
    }
    if let compressor {
      try frames.write(compressor.compress(frame, rows: rows))
    } else {
      frame.seal(.block, rows: rows)
      try frames.write(frame)
    }
  }
}

/// Compresses blocks with one context.
final class BlockCompressor {
  private var context: ZstdBlock.Compressor
  private var small: [UInt8] = []

  init(level: Int) throws(Failure) { context = try ZstdBlock.Compressor(level: level) }

  /// The sealed frame that holds the payload of `block`, compressed.
  func compress(_ block: FrameBytes, rows: Int) -> FrameBytes {
    context.compress(
      block.bytes.span.extracting(droppingFirst: Container.frameHeaderLength), into: &small)
    var frame = FrameBytes(payload: small)
    frame.seal(.block, rows: rows, codec: .zstd, decodedLength: block.payloadLength)
    return frame
  }
}
