public import InvSystem

/// The names of the files of an index: inv-index(5), "Files".
enum IndexNames {
  static let subtreeEnd = "subtree_end.u64"
  static let cellRows = 128
  static let rollupRows = 16

  /// The columns that are known when an entry closes.
  static func closed(_ schema: PrefixSchema) -> [String] {
    let names = [
      "object_count.u64", "total_bytes.u64", subtreeEnd, "max_depth_in_subtree.u32", "rollup.u64",
    ]
    return names + (schema.hasModified ? ["oldest_modified.i64", "newest_modified.i64"] : [])
      + (schema.hasAccessed ? ["oldest_accessed.i64", "newest_accessed.i64"] : [])
  }

  /// The columns that are known when an entry opens, or when its first descendant does.
  static func opened(_ schema: PrefixSchema) -> [(EntryBlock.Column, String)] {
    var columns: [(EntryBlock.Column, String)] = [
      (.depth, "depth.u32"), (.objects, "direct_objects.u64"), (.bytes, "direct_bytes.u64"),
    ]
    if schema.hasListed { columns.append((.listed, "listed.u64")) }
    if schema.hasModified {
      columns.append((.oldestModified, "direct_oldest_modified.i64"))
      columns.append((.newestModified, "direct_newest_modified.i64"))
    }
    if schema.hasAccessed {
      columns.append((.oldestAccessed, "direct_oldest_accessed.i64"))
      columns.append((.newestAccessed, "direct_newest_accessed.i64"))
    }
    return columns
  }

  /// The files that are no columns of values.
  static let others = [
    "prefix_blob.bin", "prefix_offsets.u64", "cells.bin", "cell_offsets.u64", "rollup_cells.bin",
    "rollup_offsets.u64", "depth_index.u64", "depth_levels.u64", "mph.bin", "mph_pos.bin",
  ]

  /// How many bytes the values of a column of that name take in a plain array.
  static func width(_ name: String) -> Int { name.hasSuffix(".u32") ? 4 : 8 }
}

extension IndexManifest {
  /// Whether an index can have a file of that name.
  public static func isFileName(_ file: String) -> Bool {
    if [name, sourceName].contains(file) || IndexNames.others.contains(file) { return true }
    let schema = PrefixSchema(dimensions: [], hasListed: true, hasModified: true, hasAccessed: true)
    return IndexNames.closed(schema).contains(file)
      || IndexNames.opened(schema).contains { $0.1 == file }
  }

  /// Whether the file at `path` begins as a manifest does, however it goes on.
  public static func begins(_ path: String) throws(Failure) -> Bool {
    guard try FileStatus.of(path)?.kind == .file else { return false }
    var start = [UInt8](repeating: 0, count: 64)
    let count = try Descriptor.reading(path).fill(&start)
    return start[..<count].starts(with: Array("{\n  \"format\": \"\(format)\"".utf8))
  }
}
