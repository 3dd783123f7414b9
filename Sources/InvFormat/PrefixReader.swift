import InvBytes
public import InvSystem

/// Reads a stream of prefix rows and checks its frames; the rows are for `PrefixRows` to check.
public final class PrefixReader {
  public enum Event: Sendable {
    case block(PrefixBlock)
    case progress(done: UInt64, total: UInt64)
    case maker(Fields)
    case end(Audit, PrefixTotals)
  }

  private let frames: FrameReader
  public let schema: PrefixSchema
  public let mark: RunMark?
  private let layout: PrefixLayout
  private var first: Frame?
  private var rows: UInt64 = 0
  private var cells: UInt64 = 0
  private var isWhole = true
  /// Where the first index frame began.
  private var indexOffset: UInt64?

  /// The block index as it comes along behind the blocks; nil, as it is at first, when none is kept.
  public var index: BlockIndex?

  public var name: String { frames.name }
  /// The lines of the progress, the maker or the footer that came last.
  public private(set) var fields = Fields()
  /// Where the frame of the last event begins.
  public private(set) var offset: UInt64 = 0
  /// Whether the footer, once it has come, says that there is a block index.
  public private(set) var isIndexed = false

  /// The point codes of these rows.
  public let code: PointCode

  /// Takes over at the header that `stream` has read, and reads the words.
  public init(_ stream: RowStream, wanting tool: String) throws(Failure) {
    try stream.require(.prefixes, wanting: tool)
    frames = stream.frames
    var schema: PrefixSchema
    do throws(FormatError) {
      schema = try PrefixSchema(stream.header)
      mark = try RunMark(stream.header)
      layout = try PrefixLayout(stream.header, dimensions: schema.dimensions.count)
    } catch { throw frames.headerFailure(error) }
    var first: Frame?
    while let frame = try frames.next() {
      guard frame.type == .words else {
        first = frame
        break
      }
      try stream.frames.checking(frame) { () throws(FormatError) in
        let words = try WordsFrame(frame)
        try schema.add(words.words, first: words.first, at: words.column)
      }
    }
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw frames.headerFailure(error)
    }
    self.schema = schema
    self.first = first
  }

  /// Another reader of the same regular file, which begins at `offset`, where a block does.
  public init(
    sharing other: PrefixReader, at offset: UInt64, _ decompressor: BlockDecompressor
  ) {
    frames = FrameReader(sharing: other.frames, decompressor)
    (schema, mark, layout, code) = (other.schema, other.mark, other.layout, other.code)
    isWhole = false
    frames.seek(to: offset)
  }

  /// How many bytes have been read, and how many there are; 0 where that is not known.
  public var progress: (done: UInt64, total: UInt64) { (frames.bytesRead, frames.size ?? 0) }

  /// Where the next frame begins.
  public var position: UInt64 { first?.offset ?? frames.bytesRead }

  /// What the kernel tells of the input.
  public var status: FileStatus { frames.status }

  /// The sentence for a fault in `block`.
  public func failure(_ what: String, in block: PrefixBlock) -> Failure {
    frames.failure(FormatError(what, at: block.frame.offset))
  }

  /// The next maker frame of those that stand directly behind the words; nil after the last.
  public func nextMaker() throws(Failure) -> Fields? {
    if first == nil { first = try frames.next() }
    guard let frame = first, frame.type == .maker else { return nil }
    first = nil
    return try frames.checking(frame) { () throws(FormatError) in try frame.fields() }
  }

  /// The next event; nil after the footer.
  public func next() throws(Failure) -> Event? {
    while true {
      let frame: Frame
      if let waiting = first {
        frame = waiting
        first = nil
      } else {
        guard let following = try frames.next() else { return nil }
        frame = following
      }
      offset = frame.offset
      let event = try frames.checking(frame) { () throws(FormatError) in try read(frame) }
      if let event { return event }
    }
  }

  /// What `frame` says; nil when it is one of the block index.
  private func read(_ frame: Frame) throws(FormatError) -> Event? {
    if indexOffset != nil, frame.type != .index, frame.type != .end {
      throw FormatError("\(frame.type.name) behind the block index", at: 0)
    }
    switch frame.type {
    case .index:
      indexOffset = indexOffset ?? frame.offset
      try index?.add(frame)
      return nil
    case .block:
      let block = try PrefixBlock(frame, layout: layout, sizes: schema.sizes)
      rows += UInt64(block.rows)
      cells += UInt64(block.objects.count)
      return .block(block)
    case .progress:
      fields = try frame.fields()
      let (done, total) = try fields.progress()
      return .progress(done: done, total: total)
    case .maker:
      fields = try frame.fields()
      return .maker(fields)
    case .end:
      let (audit, totals, offset) = try Self.footer(frame)
      fields = try Footer(frame).fields
      isIndexed = offset > 0
      guard !isWhole || (totals.rows == rows && totals.cells == cells) else {
        throw FormatError("the footer counts other rows than the \(rows) that came", at: 0)
      }
      // Without blocks, an index is empty and lies where the footer does.
      guard !isWhole || offset == indexOffset ?? (rows > 0 || offset == 0 ? 0 : frame.offset) else {
        throw FormatError("the footer has the block index at another place", at: 0)
      }
      return .end(audit, totals)
    default:
      throw FormatError("\(frame.type.name) among prefix rows", at: 0)
    }
  }

  private static func footer(_ frame: Frame) throws(FormatError)
    -> (Audit, PrefixTotals, indexOffset: UInt64)
  {
    let footer = try Footer(frame)
    let fields = footer.fields
    try fields.require(
      only: Audit.lines.union(["rows", "cells", "objects", "bytes"]),
      repeating: Audit.lines.subtracting(["read"]))
    var totals = PrefixTotals()
    guard let rows = try fields.number("rows"), let cells = try fields.number("cells"),
      let objects = try fields.number("objects"), let bytes = try fields.number("bytes")
    else { throw FormatError("the footer has no totals", at: 0) }
    (totals.rows, totals.cells, totals.objects, totals.bytes) = (rows, cells, objects, bytes)
    return (try Audit(fields), totals, footer.indexOffset)
  }

  /// What the end of a file says, read without the rows.
  public struct Ending: Sendable {
    public let audit: Audit
    public let totals: PrefixTotals
    /// Of a file without one, its first block under the empty key.
    public let index: BlockIndex
    public let isIndexed: Bool
    /// How long the file is.
    public let length: UInt64
  }

  /// Reads the footer and the block index of a regular file; nil when the input is none.
  ///
  /// To be called before the rows; reading them then needs `seek(to:)`.
  public func ending() throws(Failure) -> Ending? {
    let start = position
    guard let size = frames.size, let footer = try frames.lastFrame() else { return nil }
    isWhole = false
    var index = BlockIndex()
    let (audit, totals, offset) = try frames.checking(footer) { () throws(FormatError) in
      try Self.footer(footer)
    }
    if offset > 0 { frames.seek(to: offset) }
    while offset > 0, let frame = try frames.next(), frame.type != .end {
      try frames.checking(frame) { () throws(FormatError) in
        guard frame.type == .index else {
          throw FormatError("\(frame.type.name) where the block index should be", at: 0)
        }
        try index.add(frame)
      }
    }
    if offset > 0, index.entries.isEmpty != (totals.rows == 0) || index.lastRow > totals.rows {
      try frames.checking(footer) { () throws(FormatError) in
        throw FormatError("the block index is not of the rows that the footer counts", at: 0)
      }
    }
    let isIndexed = offset > 0 || totals.rows == 0
    return Ending(
      audit: audit, totals: totals, index: isIndexed ? index : BlockIndex(firstBlock: start),
      isIndexed: isIndexed, length: size)
  }

  /// Goes on reading at `offset`, where a block's frame begins.
  public func seek(to offset: UInt64) {
    isWhole = false
    first = nil
    indexOffset = nil
    frames.seek(to: offset)
  }
}
