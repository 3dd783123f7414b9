import InvAccess
import InvCLI
import InvDigest
import InvFormat
import InvNet
import InvSource
import InvSystem

/// Files that have been found, on their way to standard output.
struct Delivery {
  let files: [FoundFile]
  let bytes: UInt64
  let manifests: [ManifestReader.Found]
  let origins: [Origin]
  let settings: Settings
  /// The way to servers where there is one.
  let access: Access?

  /// Writes a file stream; a failure on the way is its last frame.
  func stream() throws(Failure) {
    let writer = try FileStreamWriter(
      .standardOutput, files: UInt64(files.count), bytes: bytes, tool: "inv-fetch")
    let spool = try files.contains(where: \.isOnServer) ? makeSpool(writer) : nil
    var transfer: Transfer?
    do throws(Failure) {
      if try Descriptor.standardOutput.status().kind == .pipe { try writer.write(makers) }
      if let spool, let access {
        let kept = try settings.keep.map { folder throws(Failure) in try KeptFiles(folder) }
        let there = try self.there(kept)
        let missing = files.enumerated().filter { $1.isOnServer && there[$0] == nil }
        let begun = try Transfer(missing.map { ($0.offset, $0.element) }, access, spool, settings)
        transfer = begun
        try handOnLocal(writer)
        try handOn(there, begun, writer)
        while let file = try begun.next() { try handOn(file, kept, begun, writer) }
        begun.close()
      } else {
        try handOnLocal(writer)
      }
      try writer.finish()
    } catch {
      transfer?.stop()
      // Where the stream itself is broken, its reader sees that it has no footer.
      try? writer.fail(error)
      // Files that it is still reading must not be gone before it knows why.
      transfer?.waitForReader(seconds: 5)
      throw error
    }
    transfer?.waitForReader()
    // After a failure it is removed with other temporaries.
    spool?.remove()
  }

  /// Makes the folder that files are fetched into.
  private func makeSpool(_ writer: FileStreamWriter) throws(Failure) -> Spool {
    do throws(Failure) {
      if let keep = settings.keep {
        return try Spool(in: try KeptFiles(keep).folder, limit: .max)
      }
      return try Spool(in: settings.spoolFolder, limit: settings.spoolLimit)
    } catch {
      try? writer.fail(error)
      throw error
    }
  }

  private var makers: Makers {
    var makers = Makers()
    makers.add(Fields(maker: "inv-fetch \(Version.program)", command: Machine.arguments))
    return makers
  }

  /// How `file` is named in the stream; nil is the path of one whose bytes follow.
  private func entry(_ file: FoundFile, path: String?) -> FileEntry {
    let manifest = manifests[file.manifest].file.manifest
    var entry = FileEntry(name: file.listed.key, path: path, origin: origins[file.manifest])
    entry.size = file.listed.size
    entry.format = manifest.format.rawValue
    entry.schema = manifest.schema.isEmpty ? nil : manifest.schema
    return entry
  }

  func require(_ found: MD5.Digest, of file: FoundFile, at path: String) throws(Failure) {
    guard let listed = file.listed.md5 else { return }
    guard found == listed else {
      throw .data(
        "\(printable(path)): its MD5 is \(found.hex);"
          + " \(printable(manifests[file.manifest].file.path)) says \(listed.hex)")
    }
  }
}

// The files of this machine.
extension Delivery {
  /// Those of this machine, in order, with their paths.
  var local: [(file: FoundFile, path: String)] {
    files.compactMap { file in
      if case .path(let path) = file.place { (file, path) } else { nil }
    }
  }

  private func handOnLocal(_ writer: FileStreamWriter) throws(Failure) {
    let local = local
    let digests =
      try settings.isVerifying && !settings.areBytesInline
      ? DataFileDigests(of: local.map(\.path), threads: settings.threads) : nil
    for (place, (file, path)) in local.enumerated() {
      if let digests { try require(try digests.digest(place), of: file, at: path) }
      try writer.write(entry(file, path: settings.areBytesInline ? nil : path))
      if settings.areBytesInline {
        let source = try Descriptor.reading(path)
        try copy(source, of: file, to: writer, verifying: settings.isVerifying)
      }
    }
  }

  /// Writes the bytes of a file as chunks, the last one empty.
  private func copy(
    _ source: borrowing Descriptor, of file: FoundFile, to writer: FileStreamWriter,
    verifying: Bool
  ) throws(Failure) {
    var md5 = try verifying ? MD5() : nil
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var left = file.listed.size
    while true {
      let count = try source.fill(&piece)
      guard count <= left, count == piece.count || count == left else {
        throw .data("\(printable(source.name)) has changed while it was read")
      }
      left -= UInt64(count)
      if count == 0 { break }
      md5?.update(piece.span.extracting(first: count))
      try writer.write(chunk: count < piece.count ? Array(piece[..<count]) : piece)
    }
    if let md5 { try require(md5.finish(), of: file, at: source.name) }
    try writer.write(chunk: [])
  }
}

// The files of servers.
extension Delivery {
  private func path(_ kept: KeptFiles, _ file: FoundFile) -> String {
    kept.path(
      bucket: manifests[file.manifest].file.manifest.destinationBucket, file.listed)
  }

  /// The paths of files that seem to have been kept by an earlier run, by number.
  private func there(_ kept: KeptFiles?) throws(Failure) -> [Int: String] {
    var paths: [Int: String] = [:]
    guard let kept else { return paths }
    for (number, file) in files.enumerated() where file.isOnServer {
      let path = path(kept, file)
      if try KeptFiles.isThere(path, size: file.listed.size) { paths[number] = path }
    }
    return paths
  }

  /// Hands on those that are what they seem to be, and has the others fetched.
  private func handOn(
    _ there: [Int: String], _ transfer: Transfer, _ writer: FileStreamWriter
  ) throws(Failure) {
    let numbers = there.keys.sorted()
    let paths = numbers.compactMap { there[$0] }
    let digests = try DataFileDigests(of: paths, threads: settings.threads)
    for (place, number) in numbers.enumerated() {
      let file = files[number]
      // One that cannot be read is replaced like one that is wrong.
      if (try? digests.digest(place)) == file.listed.md5 {
        try handOn(file, at: paths[place], writer)
      } else {
        transfer.add(number, file)
      }
    }
  }

  /// Hands on a file that stays where it is.
  private func handOn(_ file: FoundFile, at path: String, _ writer: FileStreamWriter)
    throws(Failure)
  {
    try writer.write(entry(file, path: settings.areBytesInline ? nil : path))
    if settings.areBytesInline {
      try copy(try Descriptor.reading(path), of: file, to: writer, verifying: false)
    }
  }

  /// Hands on a file that has just been fetched.
  private func handOn(
    _ fetched: DownloadedFile, _ kept: KeptFiles?, _ transfer: Transfer,
    _ writer: FileStreamWriter
  ) throws(Failure) {
    let file = files[fetched.number]
    if let kept {
      let path = path(kept, file)
      try renameFile(fetched.path, to: path)
      transfer.release(fetched.number)
      return try handOn(file, at: path, writer)
    }
    if settings.areBytesInline {
      try writer.write(entry(file, path: nil))
      try copy(fetched.descriptor, of: file, to: writer, verifying: false)
      return try transfer.remove(fetched.number)
    }
    var entry = entry(file, path: fetched.path)
    entry.isOwned = true
    transfer.handOver(fetched.number)
    try writer.write(entry)
  }
}
