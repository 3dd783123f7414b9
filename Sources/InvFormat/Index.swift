public import InvBytes
public import InvSystem

/// An index that is open: inv-index(5).
///
/// Opening maps the files and checks their headers, and reads nothing else; what the files say further
/// is checked when it is used. Every fault is a `FormatError` that names the file.
public final class Index: @unchecked Sendable {
  public let path: String
  public let manifest: IndexManifest
  public let code: PointCode
  /// How many prefixes there are, the root among them.
  public let count: Int
  public let strings: PrefixStrings
  public let objects: IndexColumn
  public let bytes: IndexColumn
  public let depths: IndexColumn
  public let ends: IndexColumn
  public let greatestDepths: IndexColumn
  public let directObjects: IndexColumn
  public let directBytes: IndexColumn
  public let rollups: IndexColumn
  public let listed: IndexColumn?
  /// Oldest and newest by modification, then by access; those that the index has.
  public let times: [IndexColumn]
  public let directTimes: [IndexColumn]
  public let depthIndex: IndexColumn
  public let depthLevels: IndexColumn
  let cells: CellBlocks
  let sums: CellBlocks
  let hash: PerfectHash
  /// Keeps what all of these point to.
  private let files: [MappedFile]

  public var schema: PrefixSchema { manifest.schema }

  /// Opens the folder once; an index that is put in its place afterwards is another.
  public init(_ path: String) throws(Failure) {
    self.path = path
    let folder = try Descriptor.reading(path)
    var opening = try IndexOpening(folder)
    do throws(FormatError) {
      let manifest = opening.manifest
      self.manifest = manifest
      count = Int(manifest.prefixes)
      let count = manifest.prefixes
      code = try manifest.schema.pointCode()
      objects = try opening.column("object_count.u64", count: count)
      bytes = try opening.column("total_bytes.u64", count: count)
      depths = try opening.column("depth.u32", count: count)
      ends = try opening.column("subtree_end.u64", count: count)
      greatestDepths = try opening.column("max_depth_in_subtree.u32", count: count)
      directObjects = try opening.column("direct_objects.u64", count: count)
      directBytes = try opening.column("direct_bytes.u64", count: count)
      rollups = try opening.column("rollup.u64", count: count)
      listed = manifest.schema.hasListed ? try opening.column("listed.u64", count: count) : nil
      let names: ([StaticString], [StaticString]) = (
        ["oldest_modified.i64", "newest_modified.i64", "oldest_accessed.i64", "newest_accessed.i64"],
        [
          "direct_oldest_modified.i64", "direct_newest_modified.i64",
          "direct_oldest_accessed.i64", "direct_newest_accessed.i64",
        ]
      )
      let has = [manifest.schema.hasModified, manifest.schema.hasAccessed]
      var columns: ([IndexColumn], [IndexColumn]) = ([], [])
      for place in 0..<4 where has[place / 2] {
        columns.0.append(try opening.column(names.0[place], count: count))
        columns.1.append(try opening.column(names.1[place], count: count))
      }
      (times, directTimes) = columns
      depthIndex = try opening.column("depth_index.u64", count: count)
      depthLevels = try opening.column("depth_levels.u64", count: UInt64(manifest.depth) + 2)
      strings = try opening.strings(count: count)
      cells = try opening.cells("cells.bin", "cell_offsets.u64", count: count, code)
      sums = try opening.cells(
        "rollup_cells.bin", "rollup_offsets.u64", count: manifest.rollups, code)
      hash = try opening.hash(count: count)
    } catch { throw opening.failure(error) }
    files = opening.files
  }

  /// The sentence for a fault in one of the files.
  public func failure(_ error: FormatError) -> Failure {
    Failure.data("\(printable(path)): \(error.what)")
  }

  /// Whether `path` is a folder with the manifest of an index.
  public static func isIndex(_ path: String) throws(Failure) -> Bool {
    guard try FileStatus.of(path)?.kind == .folder else { return false }
    return try FileStatus.of("\(path)/\(IndexManifest.name)")?.kind == .file
  }
}

/// The files of an index while it is being opened.
struct IndexOpening: ~Copyable {
  let manifest: IndexManifest
  private(set) var files: [MappedFile] = []
  private let folder: Descriptor

  init(_ folder: consuming Descriptor) throws(Failure) {
    let name = folder.name
    guard let file = try MappedFile(IndexManifest.name, in: folder) else {
      throw Failure.data("\(printable(name)) is not an index: it has no \(IndexManifest.name)")
    }
    guard file.count <= IndexManifest.lengthLimit else {
      throw Failure.data("\(printable(file.name)) is longer than \(IndexManifest.lengthLimit) bytes")
    }
    do throws(FormatError) {
      manifest = try IndexManifest(file.withBytes { $0.array(0..<file.count) })
    } catch { throw Failure.data("\(printable(file.name)): \(error.what)") }
    self.folder = folder
  }

  func failure(_ error: FormatError) -> Failure {
    Failure.data("\(printable(folder.name)): \(error.what)")
  }

  /// Maps a file and checks its header.
  mutating func open(_ name: StaticString) throws(FormatError) -> (MappedFile, IndexHeader) {
    let text = name.description
    let mapped: MappedFile?
    do throws(Failure) { mapped = try MappedFile(text, in: folder) } catch {
      throw FormatError(error.sentence, at: 0)
    }
    guard let file = mapped else { throw FormatError("\(text) is missing", at: 0) }
    let header: IndexHeader
    do throws(FormatError) {
      header = try file.withBytes { (bytes) throws(FormatError) in try IndexHeader(bytes) }
    } catch { throw FormatError("\(text): \(error.what)", at: error.at) }
    guard header.build == manifest.build else {
      throw FormatError("\(text) is of another build than the manifest", at: 40)
    }
    files.append(file)
    return (file, header)
  }

  mutating func column(_ name: StaticString, count: UInt64?) throws(FormatError) -> IndexColumn {
    let (file, header) = try open(name)
    if let count, header.count != count {
      throw FormatError("\(name) has \(header.count) values, not \(count)", at: 16)
    }
    return try IndexColumn(name, file, header)
  }

  mutating func strings(count: UInt64) throws(FormatError) -> PrefixStrings {
    let offsets = try column("prefix_offsets.u64", count: nil)
    let (file, header) = try open("prefix_blob.bin")
    guard header.count == count else {
      throw FormatError("prefix_blob.bin has \(header.count) prefixes, not \(count)", at: 16)
    }
    return try PrefixStrings(file, header, offsets: offsets)
  }

  mutating func hash(count: UInt64) throws(FormatError) -> PerfectHash {
    let (file, header) = try open("mph.bin")
    let (table, tableHeader) = try open("mph_pos.bin")
    guard header.encoding == .hash, tableHeader.encoding == .slots else {
      throw FormatError("mph.bin or mph_pos.bin: its encoding is not one of the hash", at: 10)
    }
    let hash: PerfectHash
    do throws(FormatError) {
      hash = try unsafe PerfectHash(hash: file.payload, slots: table.payload)
    } catch { throw FormatError("mph.bin: \(error.what)", at: error.at) }
    guard hash.count == count, header.count == count, tableHeader.count == count else {
      throw FormatError("mph.bin or mph_pos.bin is of another number of prefixes", at: 16)
    }
    return hash
  }

  mutating func cells(
    _ name: StaticString, _ offsetsName: StaticString, count: UInt64, _ code: PointCode
  ) throws(FormatError) -> CellBlocks {
    let offsets = try column(offsetsName, count: nil)
    let (file, header) = try open(name)
    guard header.count == count else {
      throw FormatError("\(name) has \(header.count) rows, not \(count)", at: 16)
    }
    return try CellBlocks(name, file, header, offsets: offsets, stateShift: code.shift(of: 0))
  }
}

extension MappedFile {
  /// What lies behind the header; the file has one.
  var payload: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(
      start: start + IndexHeader.length, count: count - IndexHeader.length)
  }
}
