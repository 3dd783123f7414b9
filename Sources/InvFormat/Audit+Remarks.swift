extension Audit {
  // What inv-agg and inv-mkindex find themselves.

  public static let linked = "files with more than one name"
  public static let furtherNames = "further names of files that are counted once"
  public static let doubtful =
    "files whose names differ in size, time or owner, or are more than their links:"
    + " are they of several file systems?"
  public static let repeated = "files that came more than once"
  public static let listedAgain = "directories that were listed more than once"
}
