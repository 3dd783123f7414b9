import InvFormat

/// A directory in a table's memory: these fields, where there are accessed times their oldest and
/// newest, then its path with its final slash.
struct PathEntry {
  /// The length of its path.
  let length: UInt32
  /// How often it was listed as a directory.
  var listed: UInt32 = 0
  var cells = DirectoryCells()
  var oldestModified = absentInt
  var newestModified = absentInt

  static let size = 32
}
