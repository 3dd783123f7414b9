import InvBytes
public import InvSystem

/// Makes a stream of the text that `StreamPrinter` prints: inv-cat(1), "The text".
public final class StreamLoader {
  private var lines: TextLines
  private let frames: FrameWriter
  private let codec: Codec
  private let tool: String

  /// Reads text from `input` and writes the stream to `output`, blocks of prefix rows as `codec` says.
  public init(
    _ input: consuming Descriptor, to output: consuming Descriptor, codec: Codec, tool: String
  ) {
    lines = TextLines(input)
    frames = FrameWriter(output)
    self.codec = codec
    self.tool = tool
  }

  /// Loads the whole text; when that fails behind the header, the stream ends with a failure frame.
  public func load() throws(Failure) {
    guard try lines.next() else {
      throw Failure.data("\(printable(lines.name)) is empty: nothing came")
    }
    guard lines.line.elementsEqual("#inv-rows: \(Container.version)".utf8) else {
      throw lines.failure("this is not '#inv-rows: \(Container.version)'")
    }
    let header = try fields()
    do throws(Failure) {
      switch header.text("kind").flatMap(RowStream.Kind.init) {
      case .files: try load(try FilesLoader(header, frames))
      case .objects: try load(try ObjectsLoader(header, frames))
      case .prefixes: try load(try PrefixesLoader(header, frames, codec))
      case nil: throw Failure.data("unknown kind of rows")
      }
    } catch {
      let failure = error.status == .data ? lines.failure(error.sentence) : error
      if frames.position > 0, error.status == .data {
        try frames.writeFailure(tool: tool, failure)
      }
      throw failure
    }
  }

  /// The lines that begin with `# `, from the next one on.
  private func fields() throws(Failure) -> Fields {
    var text: [UInt8] = []
    while try lines.next() {
      guard lines.line.starts(with: [0x23, 0x20]) else {
        lines.holdBack()
        break
      }
      text += lines.line.dropFirst(2)
      text.append(0x0a)
    }
    do throws(FormatError) { return try Fields(decoding: text) } catch {
      throw lines.failure(error.what)
    }
  }

  private func load<Loader: RowLoader>(_ start: Loader) throws(Failure) {
    var loader = start
    if !loader.columns.isEmpty {
      let names = loader.columns.joined(separator: "\t")
      guard try lines.next(), lines.line.elementsEqual(names.utf8) else {
        throw Failure.data("this is not the line that names the columns")
      }
    }
    while try lines.next() {
      if lines.line.first != 0x23 {
        do throws(FormatError) {
          if try loader.add(row: lines.line) { continue }
        } catch { throw Failure.data(error.what) }
        try loader.writeBlock()
        continue
      }
      let mark = try TextMark(lines.line)
      let number = lines.number
      let fields = try fields()
      switch mark.name {
      case "maker", "progress":
        let type: FrameType = mark.name == "maker" ? .maker : .progress
        guard loader.mayHold(type) else { throw Failure.data("\(type.name) does not belong here") }
        if type == .progress {
          _ = try loader.checking { () throws(FormatError) in try fields.progress() }
        }
        try loader.writeBlock()
        try frames.write(type, fields)
      case "failure":
        try loader.writeBlock()
        try frames.write(.failure, fields)
        return try expectEnd()
      case "end":
        try loader.finish(fields)
        return try expectEnd()
      default:
        guard try loader.add(mark, fields) else {
          throw Failure.data("line \(number) is unknown")
        }
      }
    }
    throw Failure.data("the text ends without '#end'")
  }

  private func expectEnd() throws(Failure) {
    if try lines.next() { throw Failure.data("there is text behind the end") }
  }
}

/// A line that begins with `#`: a name, and what stands behind a colon.
struct TextMark {
  let name: String
  let value: ArraySlice<UInt8>?

  init(_ line: ArraySlice<UInt8>) throws(Failure) {
    let text = line.dropFirst()
    let colon = text.firstIndex(of: 0x3a)
    name = String(decoding: text[..<(colon ?? text.endIndex)], as: UTF8.self)
    value = colon.map { text[$0...].dropFirst(2) }
    guard !name.isEmpty, name.utf8.allSatisfy({ 0x61...0x7a ~= $0 || $0 == 0x2d }) else {
      throw Failure.data("a line that begins with # and is none of the known ones")
    }
  }
}

/// Loads the rows and frames of one kind of stream.
protocol RowLoader {
  /// What the line of names has; empty when there is none.
  var columns: [String] { get }
  /// Whether a maker or progress may come next.
  func mayHold(_ type: FrameType) -> Bool
  /// Takes a row; false when a block is full and must be written.
  mutating func add(row: ArraySlice<UInt8>) throws(FormatError) -> Bool
  /// Takes a frame; false when such a one does not belong here.
  mutating func add(_ mark: TextMark, _ fields: Fields) throws(Failure) -> Bool
  /// Writes the rows that wait.
  mutating func writeBlock() throws(Failure)
  /// Writes the rows that wait and the footer.
  mutating func finish(_ fields: Fields) throws(Failure)
}

extension RowLoader {
  /// Runs `body`; a fault becomes a sentence, to which the line is added elsewhere.
  func checking<Result>(_ body: () throws(FormatError) -> Result) throws(Failure) -> Result {
    do throws(FormatError) { return try body() } catch { throw Failure.data(error.what) }
  }

  /// The footer that `fields` spell: counts that are missing are added, others must be right.
  func footer(_ fields: Fields, counts: [(name: String, count: UInt64)]) throws(Failure) -> Fields {
    var footer = Fields()
    for (name, count) in counts {
      switch try checking({ () throws(FormatError) in try fields.number(name) }) {
      case nil: footer.add(name, count)
      case count: break
      case let other?: throw Failure.data("the footer has \(name) \(other) instead of \(count)")
      }
    }
    for line in fields.lines { footer.add(line.name, parts: line.parts) }
    try checking { () throws(FormatError) in
      let account: Set<String> = counts.count > 1 ? Audit.lines : []
      try footer.require(
        only: account.union(counts.map(\.name)), repeating: account.subtracting(["read"]))
    }
    return footer
  }
}

/// Loads a list of files.
struct FilesLoader: RowLoader {
  private let frames: FrameWriter
  private var files: UInt64 = 0
  private var isInline = false
  /// The bytes of the chunk that is being read.
  private var chunk: [UInt8]?

  init(_ header: Fields, _ frames: FrameWriter) throws(Failure) {
    self.frames = frames
    _ = try checking { () throws(FormatError) in try FileStreamReader.check(header) }
    try frames.writeHeader(header)
  }

  var columns: [String] { [] }

  func mayHold(_ type: FrameType) -> Bool { type == .maker }

  mutating func add(row: ArraySlice<UInt8>) throws(FormatError) -> Bool {
    guard chunk != nil else { throw FormatError("bytes of no chunk", at: 0) }
    chunk? += try TextField.bytes(row)
    guard chunk?.count ?? 0 <= Container.frameLimit else {
      throw FormatError("a chunk of more than 64 MiB", at: 0)
    }
    return true
  }

  mutating func add(_ mark: TextMark, _ fields: Fields) throws(Failure) -> Bool {
    try writeBlock()
    switch mark.name {
    case "file":
      guard !isInline else { throw Failure.data("the bytes of a file have no end") }
      let entry = try checking { () throws(FormatError) in try FileEntry(fields) }
      isInline = entry.path == nil
      files += 1
      try frames.write(.file, fields)
    case "chunk":
      guard isInline else { throw Failure.data("bytes of no file") }
      chunk = []
    default: return false
    }
    return true
  }

  mutating func writeBlock() throws(Failure) {
    guard let bytes = chunk else { return }
    chunk = nil
    isInline = !bytes.isEmpty
    var frame = FrameBytes(payload: bytes)
    frame.seal(.chunk)
    try frames.write(frame)
  }

  mutating func finish(_ fields: Fields) throws(Failure) {
    try writeBlock()
    guard !isInline else { throw Failure.data("the bytes of a file have no end") }
    try frames.writeEnd(try footer(fields, counts: [("files", files)]))
  }
}
