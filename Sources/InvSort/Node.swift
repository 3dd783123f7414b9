/// A directory in the tree's memory: these fields, where there are accessed times their oldest and
/// newest, then its name with its final slash.
///
/// Children form a ring: `last` is the one with the greatest name, its `next` is the first.
struct Node {
  var parent: UInt32
  var next: UInt32
  var last: UInt32
  /// The first of its cells, the newest.
  var cells: UInt32
  var oldestModified: Int64
  var newestModified: Int64
  /// How often it was listed as a directory.
  var listed: UInt32
  var nameLength: UInt16
  /// Whether its children came out of order.
  var isUnsorted: Bool
  /// Whether its children are in the hash table.
  var isIndexed = false

  static let size = 40
}

/// The objects and bytes of one point of one directory.
struct TreeCell {
  var objects: UInt64
  var bytes: UInt64
  var point: UInt32
  var next: UInt32

  static let size = 24
}
