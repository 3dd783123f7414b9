public import InvBytes
public import InvSystem

/// Reads a stream of object rows and checks it whole: order of frames, words, sources, row count.
public final class ObjectReader {
  public enum Event: Sendable {
    case source(UInt32, ObjectSource)
    case words(column: Int, first: Int, [[UInt8]])
    case block(ObjectBlock)
    case progress(done: UInt64, total: UInt64)
    case maker(Fields)
    case end(Audit)
  }

  private let frames: FrameReader
  public let schema: ObjectSchema
  private var words: [Int]
  private var sources: UInt32 = 0
  private var rows: UInt64 = 0

  public var name: String { frames.name }
  /// The lines of the source, the progress, the maker or the footer that came last.
  public private(set) var fields = Fields()
  /// Where the frame of the last event begins.
  public private(set) var offset: UInt64 = 0

  /// Takes over at the header that `stream` has read.
  public init(_ stream: RowStream, wanting tool: String) throws(Failure) {
    try stream.require(.objects, wanting: tool)
    frames = stream.frames
    do throws(FormatError) {
      try stream.header.require(only: ["kind", "column"], repeating: ["column"])
      schema = try ObjectSchema(stream.header)
    } catch { throw frames.headerFailure(error) }
    words = [Int](repeating: 0, count: schema.columns.count)
  }

  /// The next event; nil after the footer.
  public func next() throws(Failure) -> Event? {
    guard let frame = try frames.next() else { return nil }
    offset = frame.offset
    return try frames.checking(frame) { () throws(FormatError) in try read(frame) }
  }

  private func read(_ frame: Frame) throws(FormatError) -> Event {
    switch frame.type {
    case .block:
      let block = try ObjectBlock(frame, schema: schema, words: words)
      guard block.source < sources else {
        throw FormatError("block of source \(block.source), which was not announced", at: 4)
      }
      rows += UInt64(block.rows)
      return .block(block)
    case .words:
      let frame = try WordsFrame(frame)
      guard frame.column < words.count, schema.columns[frame.column].type == .word else {
        throw FormatError("words for column \(frame.column), which has none", at: 0)
      }
      guard frame.first == words[frame.column],
        frame.first + frame.words.count <= ObjectWriter.wordLimit
      else { throw FormatError("word \(frame.first) does not follow", at: 4) }
      words[frame.column] += frame.words.count
      return .words(column: frame.column, first: frame.first, frame.words)
    case .source:
      fields = try frame.fields()
      let source = try ObjectSource(fields)
      guard sources < .max else { throw FormatError("there are too many sources", at: 0) }
      sources += 1
      return .source(sources - 1, source)
    case .progress:
      fields = try frame.fields()
      let (done, total) = try fields.progress()
      return .progress(done: done, total: total)
    case .maker:
      fields = try frame.fields()
      return .maker(fields)
    case .end:
      let footer = try Footer(frame)
      fields = footer.fields
      try footer.fields.require(
        only: Audit.lines.union(["rows", "sources"]), repeating: Audit.lines.subtracting(["read"]))
      guard try footer.fields.number("rows") == rows else {
        throw FormatError("the footer counts other rows than the \(rows) that came", at: 0)
      }
      guard try footer.fields.number("sources") == UInt64(sources) else {
        throw FormatError("the footer counts other sources than the \(sources) that came", at: 0)
      }
      guard footer.indexOffset == 0 else {
        throw FormatError("object rows have no block index", at: 0)
      }
      let audit = try Audit(footer.fields)
      guard audit.balances(rows: rows) else {
        throw FormatError("rows read are not rows counted, set aside and left out", at: 0)
      }
      return .end(audit)
    case .file, .chunk, .index, .failure:
      throw FormatError("\(frame.type.name) among object rows", at: 0)
    }
  }
}

/// The last frame of a stream.
public struct Footer: Sendable {
  public let fields: Fields
  /// Where the block index begins, 0 when there is none.
  public let indexOffset: UInt64

  public init(_ frame: Frame) throws(FormatError) {
    let payload = frame.payload
    let length = payload.byteCount - 16
    guard length >= 0 else { throw FormatError("the footer is too short", at: 0) }
    fields = try Fields(decoding: payload.array(0..<length))
    indexOffset = payload.u64(at: length)
    guard payload.u64(at: length + 8) == frame.offset else {
      throw FormatError("the footer says it is at another place", at: UInt64(length + 8))
    }
    guard indexOffset <= frame.offset else {
      throw FormatError("the block index lies behind the footer", at: UInt64(length))
    }
  }
}

/// A stream whose header has been read: what it carries is known.
public struct RowStream {
  public enum Kind: String, Sendable {
    case files, objects, prefixes

    /// What the rows are called in messages.
    var name: String {
      switch self {
      case .files: "a list of files"
      case .objects: "object rows"
      case .prefixes: "prefix rows"
      }
    }
  }

  public let frames: FrameReader
  public let header: Fields
  public let kind: Kind

  /// Reads the header of `descriptor`, from which `ahead` has been taken already if it is a pipe.
  public init(_ descriptor: consuming Descriptor, ahead: [UInt8] = []) throws(Failure) {
    frames = try FrameReader(descriptor, ahead: ahead)
    header = try frames.readHeader()
    guard let kind = header.text("kind").flatMap(Kind.init) else {
      throw frames.failure(FormatError("unknown kind of rows: made by a newer inv", at: 32))
    }
    self.kind = kind
  }

  /// A sentence that names both kinds, and the program between them, unless the stream is of `wanted`.
  public func require(_ wanted: Kind, wanting tool: String) throws(Failure) {
    guard kind != wanted else { return }
    let advice =
      switch (kind, wanted) {
      case (.files, .objects): ": run inv-parse first"
      case (.files, .prefixes): ": run inv-parse and inv-agg first"
      case (.objects, .prefixes): ": run inv-agg first"
      default: ""
      }
    throw Failure.data(
      "\(printable(frames.name)) carries \(kind.name); \(tool) needs \(wanted.name)\(advice)")
  }
}
