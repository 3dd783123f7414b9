import InvFormat

/// A directory in the tree's memory: these fields, where there are accessed times their oldest and
/// newest, then its name with its final slash.
///
/// Children form a ring: `last` is the one with the greatest name, its `next` is the first.
struct Node {
  var parent: UInt32
  var next: UInt32
  var last: UInt32
  var oldestModified: Int64
  var newestModified: Int64
  /// How often it was listed as a directory.
  var listed: UInt32
  /// The length of its name, which can be all of a key, and two flags above it.
  private var lengthAndFlags: UInt32
  var cells = DirectoryCells()

  static let size = 48

  /// A directory without children and cells, alone in its ring.
  init(_ reference: UInt32, parent: UInt32, nameLength: Int) {
    (self.parent, next, last) = (parent, reference, 0)
    (oldestModified, newestModified) = (absentInt, absentInt)
    listed = 0
    lengthAndFlags = UInt32(nameLength)
  }

  @inline(__always)
  var nameLength: Int { Int(lengthAndFlags & 0x00ff_ffff) }

  /// Whether its children came out of order.
  @inline(__always)
  var isUnsorted: Bool {
    get { lengthAndFlags & 1 << 31 != 0 }
    set { lengthAndFlags = lengthAndFlags & ~(1 << 31) | (newValue ? 1 << 31 : 0) }
  }

  /// Whether its children are in the hash table.
  @inline(__always)
  var isIndexed: Bool {
    get { lengthAndFlags & 1 << 30 != 0 }
    set { lengthAndFlags = lengthAndFlags & ~(1 << 30) | (newValue ? 1 << 30 : 0) }
  }
}
