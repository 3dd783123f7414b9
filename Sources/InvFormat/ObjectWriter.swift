import InvBytes
public import InvSystem

/// Writes a stream of object rows; any thread may call any method.
public final class ObjectWriter: @unchecked Sendable {
  /// No column has more words than this: beyond, it is no dictionary.
  public static let wordLimit = 1 << 20

  private let monitor = Monitor()
  private let frames: FrameWriter
  public let schema: ObjectSchema
  private let tool: String
  private var rows: UInt64 = 0
  private var sources: UInt32 = 0
  private var words: [[[UInt8]: UInt32]]
  private var pending: [[[UInt8]]]

  /// Writes the header.
  public init(_ descriptor: consuming Descriptor, schema: ObjectSchema, tool: String)
    throws(Failure)
  {
    frames = FrameWriter(descriptor)
    self.schema = schema
    self.tool = tool
    words = Array(repeating: [:], count: schema.columns.count)
    pending = Array(repeating: [], count: schema.columns.count)
    try frames.writeHeader(schema.header)
  }

  /// Announces a source and returns the number that its blocks carry.
  public func add(_ source: ObjectSource) throws(Failure) -> UInt32 {
    try monitor.withLock { () throws(Failure) in
      try frames.write(.source, source.fields)
      sources += 1
      return sources - 1
    }
  }

  /// The index of a word of the column at `place`.
  public func word(_ bytes: [UInt8], at place: Int) throws(Failure) -> UInt32 {
    try monitor.withLock { () throws(Failure) in
      if let index = words[place][bytes] { return index }
      let count = words[place].count
      guard count < Self.wordLimit, bytes.count <= Container.keyLimit else {
        throw Failure.data(
          "column '\(schema.columns[place].name)' has more than \(Self.wordLimit) different values")
      }
      words[place][bytes] = UInt32(count)
      pending[place].append(bytes)
      return UInt32(count)
    }
  }

  /// Writes a block's frame, behind the words that it may be the first to use.
  public func write(_ block: FrameBytes, rows: Int) throws(Failure) {
    try monitor.withLock { () throws(Failure) in
      for place in pending.indices where !pending[place].isEmpty {
        let first = words[place].count - pending[place].count
        for frame in wordsFrames(column: place, first: first, pending[place]) {
          try frames.write(frame)
        }
        pending[place] = []
      }
      try frames.write(block)
      self.rows += UInt64(rows)
    }
  }

  /// Says how much of the input has been read.
  public func writeProgress(done: UInt64, total: UInt64) throws(Failure) {
    var fields = Fields()
    fields.add("done", done)
    fields.add("total", total)
    try monitor.withLock { () throws(Failure) in try frames.write(.progress, fields) }
  }

  /// Says who made the rows.
  public func write(_ makers: Makers) throws(Failure) {
    try monitor.withLock { () throws(Failure) in try frames.write(makers) }
  }

  /// Ends the stream with its account.
  public func finish(_ audit: Audit) throws(Failure) {
    try monitor.withLock { () throws(Failure) in
      var fields = Fields()
      fields.add("rows", rows)
      fields.add("sources", UInt64(sources))
      audit.write(to: &fields)
      try frames.writeEnd(fields)
    }
  }

  /// Ends the stream with a failure.
  public func fail(_ failure: Failure) throws(Failure) {
    try monitor.withLock { () throws(Failure) in
      try frames.writeFailure(tool: tool, failure)
    }
  }
}

extension ObjectBlockBuilder {
  /// Writes the rows at hand, which are of `source`, if there are any.
  public mutating func flush(source: UInt32, to writer: ObjectWriter) throws(Failure) {
    let rows = rows
    if rows > 0 { try writer.write(flush(source: source), rows: rows) }
  }
}

/// The frames that add `words` to the column at `column`, the first as number `first`.
public func wordsFrames(column: Int, first: Int, _ words: [[UInt8]]) -> [FrameBytes] {
  wordParts(words).map { part in
    var frame = FrameBytes()
    frame.bytes.append(littleEndian: UInt32(column))
    frame.bytes.append(littleEndian: UInt32(first + part.lowerBound))
    for word in words[part] {
      frame.bytes.append(littleEndian: UInt32(word.count))
      frame.bytes += word
    }
    frame.seal(.words, rows: part.count)
    return frame
  }
}

/// Where words are cut into frames.
func wordParts(_ words: [[UInt8]]) -> [Range<Int>] {
  var parts: [Range<Int>] = []
  var (start, length) = (0, 8)
  for (place, word) in words.enumerated() {
    length += 4 + word.count
    let count = place + 1 - start
    if count == Container.wordsPerFrame || length >= Container.wordBytesPerFrame {
      parts.append(start..<place + 1)
      (start, length) = (place + 1, 8)
    }
  }
  return start < words.count ? parts + [start..<words.count] : parts
}

/// What a word frame says.
struct WordsFrame {
  let column: Int
  let first: Int
  var words: [[UInt8]] = []

  init(_ frame: Frame) throws(FormatError) {
    var reader = ByteReader(frame.payload)
    guard frame.rows > 0, frame.rows <= Container.wordsPerFrame else {
      throw FormatError("a frame of \(frame.rows) words", at: 0)
    }
    column = Int(try reader.u32("the words"))
    first = Int(try reader.u32("the words"))
    for _ in 0..<frame.rows {
      let length = Int(try reader.u32("a word"))
      guard length <= Container.keyLimit else { throw reader.fault("a word of \(length) bytes") }
      words.append(try reader.array(length, "a word"))
    }
    guard reader.remaining == 0 else { throw reader.fault("bytes after the last word") }
  }
}
