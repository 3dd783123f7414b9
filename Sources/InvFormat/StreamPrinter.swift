import InvBytes
public import InvSystem

/// Prints streams as text or as JSON lines: inv-cat(1), "The text".
public final class StreamPrinter {
  public enum Format: String, CaseIterable, Sendable { case text, json }

  private var output: TextOutput
  let format: Format
  private let isRowsOnly: Bool
  /// What has not been handed to `output` yet.
  var text: [UInt8] = []
  /// How many rows have been printed.
  public internal(set) var rows: UInt64 = 0

  /// Prints to `output`; with `rowsOnly`, nothing but the rows under the names of their columns.
  public init(_ output: consuming TextOutput, format: Format, rowsOnly: Bool) {
    self.output = output
    self.format = format
    isRowsOnly = rowsOnly
  }

  /// Prints one stream and returns how many bytes it has; what came before a fault is printed too.
  @discardableResult
  public func show(_ descriptor: consuming Descriptor) throws(Failure) -> UInt64 {
    let stream = try RowStream(descriptor)
    do throws(Failure) {
      try show(stream)
    } catch {
      if error.teller == .upstream, let fields = stream.frames.failureFields {
        frame("failure", fields)
      }
      try flush()
      throw error
    }
    try flush()
    return stream.frames.bytesRead
  }

  private func show(_ stream: RowStream) throws(Failure) {
    switch format {
    case .text: frame("inv-rows: \(Container.version)", stream.header)
    case .json: frame("inv-rows", stream.header)
    }
    switch stream.kind {
    case .files: try printFiles(stream)
    case .objects: try printObjects(stream)
    case .prefixes: try printPrefixes(stream)
    }
  }

  /// Hands over what has been printed, to the kernel.
  public func flush() throws(Failure) {
    try output.write(text)
    text.removeAll(keepingCapacity: true)
    try output.flush()
  }

  /// Hands over `text` when there is much of it.
  @inline(__always)
  func relieve(_ text: inout [UInt8]) throws(Failure) {
    if text.count >= 1 << 16 {
      try output.write(text)
      text.removeAll(keepingCapacity: true)
    }
  }

  /// Prints a frame of lines.
  func frame(_ name: String, _ fields: Fields) {
    guard !isRowsOnly else { return }
    switch format {
    case .text:
      text += "#\(name)\n".utf8
      for line in fields.lines {
        text += "# ".utf8
        line.append(to: &text)
      }
    case .json:
      text += "{\"frame\":\"\(name)\",\"lines\":[".utf8
      for (index, line) in fields.lines.enumerated() {
        text += (index > 0 ? ",[" : "[").utf8
        text.write(json: Array(line.name.utf8))
        for part in line.parts {
          text.append(0x2c)
          text.write(json: part)
        }
        text.append(0x5d)
      }
      text += "]}\n".utf8
    }
  }

  /// Prints a frame that says one thing, or nothing.
  func frame(_ name: String, _ value: String? = nil) {
    guard !isRowsOnly else { return }
    switch format {
    case .text: text += "#\(name)\(value.map { ": \($0)" } ?? "")\n".utf8
    case .json: text += "{\"frame\":\"\(name)\"\(value.map { ",\"\(name)\":\($0)" } ?? "")}\n".utf8
    }
  }

  /// Prints a frame of words of the column or dimension called `column`.
  func frame(words: [[UInt8]], of column: String) {
    guard !isRowsOnly else { return }
    switch format {
    case .text:
      var fields = Fields()
      fields.add("words", parts: [Array(column.utf8)] + words)
      text.append(0x23)
      text += fields.encoded
    case .json:
      text += "{\"frame\":\"words\",\"column\":".utf8
      text.write(json: Array(column.utf8))
      text += ",\"words\":[".utf8
      for (index, word) in words.enumerated() {
        if index > 0 { text.append(0x2c) }
        text.write(json: word)
      }
      text += "]}\n".utf8
    }
  }

  /// Prints the line that names the columns, which JSON has in every row.
  func names(_ names: [String]) {
    if format == .text { text += (names.joined(separator: "\t") + "\n").utf8 }
  }

  private func printFiles(_ stream: RowStream) throws(Failure) {
    let reader = try FileStreamReader(stream, wanting: "inv-cat")
    if isRowsOnly { names(["name", "path", "size", "format"]) }
    while let event = try reader.next() {
      switch event {
      case .file(let entry):
        rows += 1
        frame("file", reader.fields)
        if isRowsOnly { row(entry) }
      case .chunk(let bytes): try chunk(bytes)
      case .maker: frame("maker", reader.fields)
      case .end: frame("end", reader.fields)
      }
      try relieve(&text)
    }
  }

  private func row(_ entry: FileEntry) {
    let (path, format) = (entry.path.map { Array($0.utf8) }, entry.format.map { Array($0.utf8) })
    switch self.format {
    case .text:
      text.write(key: entry.name)
      for field in [path, entry.size.map { Array(String($0).utf8) }, format] {
        text.append(0x09)
        text.write(key: field ?? [0x2d])
      }
    case .json:
      text += "{\"name\":".utf8
      text.write(json: entry.name)
      text += ",\"size\":\(entry.size.map(String.init) ?? "null")".utf8
      for (name, field) in [("path", path), ("format", format)] {
        text += ",\"\(name)\":".utf8
        if let field { text.write(json: field) } else { text += "null".utf8 }
      }
      text.append(0x7d)
    }
    text.append(0x0a)
  }

  /// Prints bytes of a file: in lines that end where theirs do, or at 4096 bytes.
  private func chunk(_ bytes: [UInt8]) throws(Failure) {
    guard !isRowsOnly else { return }
    if format == .json {
      frame("chunk", String(bytes.count))
      return
    }
    frame("chunk")
    var length = 0
    for (place, byte) in bytes.enumerated() {
      if length == 0, byte == 0x23 {
        text += "\\x23".utf8
      } else {
        text.write(chunkByte: byte)
      }
      length += 1
      if byte == 0x0a || length == 4096 || place == bytes.count - 1 {
        text.append(0x0a)
        length = 0
        try relieve(&text)
      }
    }
  }
}
