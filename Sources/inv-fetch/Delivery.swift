import InvDigest
import InvCLI
import InvFormat
import InvSource
import InvSystem
import InvText

/// Files that have been found, on their way to standard output.
struct Delivery {
  let files: [DataFile]
  let bytes: UInt64
  let manifests: [ManifestFile]
  let origins: [Origin]
  /// The MD5 of each file where they are to be compared.
  let digests: DataFileDigests?

  init(
    _ files: [DataFile], bytes: UInt64, _ manifests: [ManifestFile], _ origins: [Origin],
    _ digests: DataFileDigests?
  ) {
    self.files = files
    self.bytes = bytes
    self.manifests = manifests
    self.origins = origins
    self.digests = digests
  }

  /// Writes a file stream; a failure on the way is its last frame.
  func stream(inline: Bool, verifying: Bool) throws(Failure) {
    let writer = try FileStreamWriter(
      .standardOutput, files: UInt64(files.count), bytes: bytes, tool: "inv-fetch")
    do throws(Failure) {
      if try Descriptor.standardOutput.status().kind == .pipe { try writer.write(makers) }
      for (place, file) in files.enumerated() {
        if let digests { try require(try digests.digest(place), of: file) }
        try writer.write(entry(file, inline: inline))
        if inline { try copy(file, to: writer, verifying: verifying) }
      }
      try writer.finish()
    } catch {
      // Where the stream itself is broken, its reader sees that it has no footer.
      try? writer.fail(error)
      throw error
    }
  }

  private var makers: Makers {
    var makers = Makers()
    makers.add(Fields(maker: "inv-fetch \(Version.program)", command: Machine.arguments))
    return makers
  }

  private func entry(_ file: DataFile, inline: Bool) -> FileEntry {
    let manifest = manifests[file.manifest].manifest
    var entry = FileEntry(
      name: file.listed.key, path: inline ? nil : file.path, origin: origins[file.manifest])
    entry.size = file.listed.size
    entry.format = manifest.format.rawValue
    entry.schema = manifest.schema
    return entry
  }

  private func require(_ found: MD5.Digest, of file: DataFile) throws(Failure) {
    guard found == file.listed.md5 else {
      throw .data(
        "\(printable(file.path)): its MD5 is \(found.hex);"
          + " \(printable(manifests[file.manifest].path)) says \(file.listed.md5.hex)")
    }
  }

  /// Writes the bytes of a file as chunks, the last one empty.
  private func copy(_ file: DataFile, to writer: FileStreamWriter, verifying: Bool)
    throws(Failure)
  {
    let source = try Descriptor.reading(file.path)
    var md5 = try verifying ? MD5() : nil
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var left = file.listed.size
    while true {
      let count = try source.fill(&piece)
      guard count <= left, count == piece.count || count == left else {
        throw .data("\(printable(file.path)) has changed while it was read")
      }
      left -= UInt64(count)
      if count == 0 { break }
      md5?.update(piece.span.extracting(first: count))
      try writer.write(chunk: count < piece.count ? Array(piece[..<count]) : piece)
    }
    if let md5 { try require(md5.finish(), of: file) }
    try writer.write(chunk: [])
  }

  /// Writes a table for people, or tab-separated lines for programs.
  func list() throws(Failure) {
    var output = TextOutput()
    let isTable = output.isTerminal
    func size(_ bytes: UInt64) -> String { isTable ? HumanSize.text(bytes: bytes) : String(bytes) }
    func line(_ size: String, _ format: String, _ key: [UInt8], _ path: String) -> [UInt8] {
      func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
      }
      let before = String(repeating: " ", count: max(0, 10 - size.utf8.count))
      let head = isTable ? before + size + "  " + padded(format, 10) + "  " : "\(size)\t\(format)\t"
      return Array(head.utf8) + TextEscape.escaped(key) + (isTable ? [0x20, 0x20] : [0x09])
        + TextEscape.escaped(path.utf8) + [0x0a]
    }
    try output.write(line(isTable ? "size" : "size", "format", Array("key".utf8), "path"))
    for (place, file) in files.enumerated() {
      if let digests { try require(try digests.digest(place), of: file) }
      let format = manifests[file.manifest].manifest.format.rawValue
      try output.write(line(size(file.listed.size), format, file.listed.key, file.path))
    }
    let count = HumanSize.text(count: UInt64(files.count))
    try output.write(line(size(bytes), "total", Array("\(count) files".utf8), ""))
    try output.finish()
  }
}
