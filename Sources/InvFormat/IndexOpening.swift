import InvBytes
import InvSystem

/// The folder of an index and all its files, opened once: what takes its place afterwards is another.
final class IndexFolder: Sendable {
  let path: String
  private let descriptor: Descriptor
  private let files: [String: MappedFile]

  init(_ path: String) throws(Failure) {
    self.path = path
    // One that is being replaced loses its files while they are opened.
    var tries = 100
    while true {
      let descriptor = try Descriptor.reading(path)
      var files: [String: MappedFile] = [:]
      for name in try descriptor.names() where IndexManifest.isFileName(name) {
        if let file = try MappedFile(name, in: descriptor) { files[name] = file }
      }
      tries -= 1
      let (there, opened) = (try FileStatus.of(path), try descriptor.status())
      if tries == 0 || there?.inode == opened.inode {
        self.descriptor = descriptor
        self.files = files
        return
      }
    }
  }

  /// The file of that name; nil when there is none.
  func file(_ name: String) -> MappedFile? { files[name] }

  /// The names of all files, sorted by their bytes.
  func names() throws(Failure) -> [String] { try descriptor.names() }

  /// The sentence for a fault in one of the files.
  func failure(_ error: FormatError) -> Failure {
    Failure.data("\(printable(path)): \(error.what)")
  }

  /// The text of a file of JSON.
  func text(_ name: String) throws(Failure) -> [UInt8]? {
    guard let file = file(name) else { return nil }
    guard file.count <= IndexManifest.lengthLimit else {
      throw Failure.data(
        "\(printable(file.name)) is longer than \(IndexManifest.lengthLimit) bytes")
    }
    return file.withBytes { $0.array(0..<file.count) }
  }
}

/// A file of an index whose header has been checked.
struct IndexFile: Sendable {
  let name: StaticString
  let map: MappedFile
  let header: IndexHeader
}

/// The files of an index while it is being opened.
struct IndexOpening {
  let manifest: IndexManifest
  private(set) var files: [IndexFile] = []
  private let folder: IndexFolder

  init(_ folder: IndexFolder) throws(Failure) {
    guard let text = try folder.text(IndexManifest.name) else {
      throw Failure.data(
        "\(printable(folder.path)) is not an index: it has no \(IndexManifest.name)")
    }
    do throws(FormatError) { manifest = try IndexManifest(text) } catch {
      throw folder.failure(FormatError("\(IndexManifest.name): \(error.what)", at: error.at))
    }
    self.folder = folder
  }

  /// Runs `body`, whose errors are faults of the index.
  func checking<Result>(_ body: () throws(FormatError) -> Result) throws(Failure) -> Result {
    do throws(FormatError) { return try body() } catch { throw folder.failure(error) }
  }

  /// How the points are numbered.
  func code() throws(Failure) -> PointCode {
    do throws(FormatError) { return try manifest.schema.pointCode() } catch {
      throw folder.failure(FormatError("\(IndexManifest.name): \(error.what)", at: error.at))
    }
  }

  /// Maps a file and checks its header, `count` among what it says.
  mutating func open(_ name: StaticString, count: UInt64?) throws(Failure) -> IndexFile {
    guard let map = folder.file(name.description) else {
      throw folder.failure(FormatError("\(name) is missing", at: 0))
    }
    let manifest = manifest
    let header = try checking { () throws(FormatError) in
      let header: IndexHeader
      do throws(FormatError) {
        header = try map.withBytes { (bytes) throws(FormatError) in try IndexHeader(bytes) }
      } catch { throw FormatError("\(name): \(error.what)", at: error.at) }
      guard header.build == manifest.build else {
        throw FormatError("\(name): its build is not that of the manifest", at: 40)
      }
      let encoding = IndexEncoding(of: name, isRaw: manifest.isRaw)
      guard header.encoding == encoding else {
        throw FormatError("\(name): its encoding is \(header.encoding), not \(encoding)", at: 10)
      }
      if let count, header.count != count {
        throw FormatError("\(name): its count is \(header.count), not \(count)", at: 16)
      }
      return header
    }
    let file = IndexFile(name: name, map: map, header: header)
    files.append(file)
    return file
  }

  mutating func column(_ name: StaticString, count: UInt64?) throws(Failure) -> IndexColumn {
    let file = try open(name, count: count)
    return try checking { () throws(FormatError) in try IndexColumn(name, file.map, file.header) }
  }

  mutating func strings(count: UInt64) throws(Failure) -> PrefixStrings {
    let offsets = try column("prefix_offsets.u64", count: nil)
    let file = try open("prefix_blob.bin", count: count)
    return try checking { () throws(FormatError) in
      try PrefixStrings(file.map, file.header, offsets: offsets)
    }
  }

  mutating func hash(count: UInt64) throws(Failure) -> PerfectHash {
    let file = try open("mph.bin", count: count)
    let table = try open("mph_pos.bin", count: count)
    return try checking { () throws(FormatError) in
      let hash = try unsafe PerfectHash(hash: file.map.payload, slots: table.map.payload)
      guard hash.count == count else {
        throw FormatError("mph.bin: it is of \(hash.count) prefixes, not \(count)", at: 64)
      }
      return hash
    }
  }

  mutating func cells(
    _ name: StaticString, _ offsetsName: StaticString, count: UInt64, _ code: PointCode
  ) throws(Failure) -> CellBlocks {
    let offsets = try column(offsetsName, count: nil)
    let file = try open(name, count: count)
    return try checking { () throws(FormatError) in
      try CellBlocks(name, file.map, file.header, offsets: offsets, code: code)
    }
  }
}

extension IndexEncoding {
  /// How the page has the file of that name.
  init(of name: StaticString, isRaw: Bool) {
    switch name.description {
    case "prefix_blob.bin": self = isRaw ? .rawStrings : .strings
    case "cells.bin", "rollup_cells.bin": self = .cells
    case "mph.bin": self = .hash
    case "mph_pos.bin": self = .slots
    case "subtree_end.u64", "depth_index.u64": self = isRaw ? .raw : .rising
    default: self = isRaw ? .raw : .packed
    }
  }
}

extension MappedFile {
  /// What lies behind the header; the file has one.
  var payload: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(
      start: start + IndexHeader.length, count: count - IndexHeader.length)
  }
}
