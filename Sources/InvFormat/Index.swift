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
  let folder: IndexFolder
  /// All files but the two of JSON: they keep what all of these point to.
  let files: [IndexFile]

  public var schema: PrefixSchema { manifest.schema }

  /// Opens the folder once; an index that is put in its place afterwards is another.
  public init(_ path: String) throws(Failure) {
    self.path = path
    folder = try IndexFolder(path)
    var opening = try IndexOpening(folder)
    let manifest = opening.manifest
    self.manifest = manifest
    self.count = Int(manifest.prefixes)
    let count = manifest.prefixes
    code = try opening.code()
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
