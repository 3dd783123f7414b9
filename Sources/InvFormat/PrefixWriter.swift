import InvBytes
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
  private let tool: String
  private let encoder: PrefixBlockEncoder
  private var batch = PrefixBatch()
  private var size = BlockSize()
  private var first: [UInt8] = []
  private var index: BlockIndexBuilder?
  public private(set) var totals = PrefixTotals()
  /// The point codes of the rows.
  public let code: PointCode

  /// The level that runs are compressed with.
  public static let level = -1

  /// Writes the header and the words.
  ///
  /// Only files are indexed.
  public init(
    _ descriptor: consuming Descriptor, schema: PrefixSchema, mark: RunMark? = nil,
    codec: Codec, isFile: Bool, tool: String
  ) throws(Failure) {
    let name = descriptor.name
    frames = FrameWriter(descriptor)
    self.tool = tool
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw Failure.data("\(printable(name)): \(error.what)")
    }
    encoder = try PrefixBlockEncoder(schema, code: code, codec: codec)
    index = isFile ? BlockIndexBuilder() : nil
    try frames.writeHeader(schema.header(mark))
    for (place, words) in schema.words.enumerated() where !words.isEmpty {
      for frame in wordsFrames(column: place, first: 0, words) { try frames.write(frame) }
    }
  }

  /// Adds a row; the caller keeps the order and says how many bytes the prefix shares with the last.
  @inline(__always)
  public func append(
    _ prefix: [UInt8], sharing common: Int, listed: UInt64, times: RowTimes, cells: [Cell]
  ) throws(Failure) {
    if size.isEmpty { first = prefix }
    batch.append(prefix, sharing: common, listed: listed, times: times, cells: cells)
    size.add(prefix: prefix.count, suffix: prefix.count - common, cells: cells.count)
    if size.isFull { try writeBatch() }
  }

  private func writeBatch() throws(Failure) {
    let cut = BlockCut(batch: batch, from: PrefixBatch.Place(), to: batch.end, first: first)
    try write(try encoder.encode(cut))
    batch.removeAll()
    size = BlockSize()
  }

  /// Writes a block that was encoded elsewhere; not to be mixed with `append`.
  public func write(_ block: EncodedBlock) throws(Failure) {
    index?.add(block.first, offset: frames.position, row: totals.rows)
    guard totals.add(block.totals) else {
      throw Failure.data("the total of all rows is over 2^64")
    }
    try frames.write(block.frame)
  }

  /// Writes who made the rows and from what; to be called before there are rows.
  public func write(_ makers: Makers) throws(Failure) { try frames.write(makers) }

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
    if batch.rows > 0 { try writeBatch() }
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
}
