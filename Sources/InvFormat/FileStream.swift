import InvBytes
public import InvSystem

/// A data file as a file stream names it: inv-rows(5), "File streams".
public struct FileEntry: Equatable, Sendable {
  /// What it is called in messages: its key or its path.
  public var name: [UInt8]
  /// Where it lies; nil when its bytes follow in the stream.
  public var path: String?
  /// Whether the reader is to remove it when it is done with it; only a path that `mayBeOwned`.
  public var isOwned = false
  /// How many bytes it has as stored, where that is known.
  public var size: UInt64?
  /// Its format, such as "s3-csv"; nil when its content must tell.
  public var format: String?
  /// The columns as its manifest names them.
  public var schema: [UInt8]?
  /// Bucket, snapshot and mount; its columns are not known yet.
  public var origin: Origin

  public init(name: [UInt8], path: String?, origin: Origin) {
    self.name = name
    self.path = path
    self.origin = origin
  }

  var fields: Fields {
    var fields = Fields()
    fields.add("name", name)
    if let path { fields.add("path", path) }
    if isOwned { fields.add("owned", "yes") }
    if let size { fields.add("size", size) }
    if let format { fields.add("format", format) }
    if let schema { fields.add("schema", schema) }
    fields.add("origin", parts: origin.parts)
    return fields
  }

  init(_ fields: Fields) throws(FormatError) {
    try fields.require(only: ["name", "path", "owned", "size", "format", "schema", "origin"])
    guard let name = fields.bytes("name"), let origin = fields["origin"] else {
      throw FormatError("a file has no name or no origin", at: 0)
    }
    self.init(name: name, path: fields.text("path"), origin: try Origin(origin))
    size = try fields.number("size")
    format = fields.text("format")
    schema = fields.bytes("schema")
    guard (fields["path"] == nil) == (path == nil), (fields["format"] == nil) == (format == nil),
      (fields["schema"] == nil) == (schema == nil)
    else { throw FormatError("a file's path, format or schema is not one text", at: 0) }
    guard fields["owned"] != nil else { return }
    guard fields.text("owned") == "yes" else { throw FormatError("'owned' is not 'yes'", at: 0) }
    guard let path, Self.mayBeOwned(path) else {
      throw FormatError("a file that is owned has not the path of one", at: 0)
    }
    isOwned = true
  }

  /// The name of a folder for owned files; `word` is of small hexadecimal digits.
  public static func spoolName(_ word: String) -> String { ".inv-\(word).spool" }

  /// Whether an owned file may have that path: absolute, and directly in a folder with such a name.
  public static func mayBeOwned(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0].isEmpty, let name = parts.last, !name.isEmpty, name != ".",
      name != "..", !path.utf8.contains(0)
    else { return false }
    let word = parts[parts.count - 2].dropFirst(".inv-".count).dropLast(".spool".count)
    return !word.isEmpty && parts[parts.count - 2] == spoolName(String(word))
      && word.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
  }
}

/// Writes a file stream.
public final class FileStreamWriter {
  private let frames: FrameWriter
  private let tool: String
  private var files: UInt64 = 0

  /// Writes the header; `files` and `bytes` are what is going to come, for progress.
  public init(
    _ descriptor: consuming Descriptor, files: UInt64, bytes: UInt64, tool: String
  ) throws(Failure) {
    frames = FrameWriter(descriptor)
    self.tool = tool
    var header = Fields()
    header.add("kind", "files")
    header.add("files", files)
    header.add("bytes", bytes)
    try frames.writeHeader(header)
  }

  /// Names a file; when it has no path, its chunks must follow.
  public func write(_ entry: FileEntry) throws(Failure) {
    files += 1
    try frames.write(.file, entry.fields)
  }

  /// Writes the next bytes of the file named last; none at all end it.
  public func write(chunk: [UInt8]) throws(Failure) {
    var frame = FrameBytes(payload: chunk)
    frame.seal(.chunk)
    try frames.write(frame)
  }

  /// Says who made the stream.
  public func write(_ makers: Makers) throws(Failure) { try frames.write(makers) }

  /// Ends the stream.
  public func finish() throws(Failure) {
    var fields = Fields()
    fields.add("files", files)
    try frames.writeEnd(fields)
  }

  /// Ends the stream with a failure.
  public func fail(_ failure: Failure) throws(Failure) {
    try frames.writeFailure(tool: tool, failure)
  }
}

/// Reads a file stream.
public final class FileStreamReader {
  public enum Event: Sendable {
    case file(FileEntry)
    /// Bytes of the file named last; empty at its end.
    case chunk([UInt8])
    case maker(Fields)
    case end
  }

  private let frames: FrameReader
  /// What the header promises.
  public let files: UInt64
  public let bytes: UInt64
  private var seen: UInt64 = 0
  private var isInline = false
  private var hasOwned = false
  /// The lines of the file, the maker or the footer that came last.
  public private(set) var fields = Fields()

  /// Takes over at the header that `stream` has read.
  public init(_ stream: RowStream, wanting tool: String) throws(Failure) {
    try stream.require(.files, wanting: tool)
    frames = stream.frames
    do throws(FormatError) {
      (files, bytes) = try Self.check(stream.header)
    } catch { throw frames.headerFailure(error) }
  }

  /// What a header promises.
  static func check(_ header: Fields) throws(FormatError) -> (files: UInt64, bytes: UInt64) {
    try header.require(only: ["kind", "files", "bytes"])
    guard let files = try header.number("files"), let bytes = try header.number("bytes") else {
      throw FormatError("the header has no count of files or bytes", at: 0)
    }
    return (files, bytes)
  }

  /// The next event; nil after the footer.
  public func next() throws(Failure) -> Event? {
    // The writer waits until the files are gone, and the stream with it.
    if hasOwned && frames.isEnded && frames.size == nil { return nil }
    guard let frame = try frames.next() else { return nil }
    return try frames.checking(frame) { () throws(FormatError) in try read(frame) }
  }

  private func read(_ frame: Frame) throws(FormatError) -> Event {
    guard !isInline || frame.type == .chunk || frame.type == .maker else {
      throw FormatError("the bytes of a file have no end", at: 0)
    }
    switch frame.type {
    case .file:
      fields = try frame.fields()
      let entry = try FileEntry(fields)
      seen += 1
      isInline = entry.path == nil
      hasOwned = hasOwned || entry.isOwned
      return .file(entry)
    case .chunk:
      guard isInline else { throw FormatError("bytes of no file", at: 0) }
      isInline = frame.payloadLength > 0
      return .chunk(frame.payload.array(0..<frame.payloadLength))
    case .maker:
      fields = try frame.fields()
      return .maker(fields)
    case .end:
      let footer = try Footer(frame)
      fields = footer.fields
      try footer.fields.require(only: ["files"])
      guard footer.indexOffset == 0, try footer.fields.number("files") == seen else {
        throw FormatError("the footer counts other files than the \(seen) that came", at: 0)
      }
      return .end
    default:
      throw FormatError("\(frame.type.name) in a file stream", at: 0)
    }
  }
}
