import InvSystem

/// What decodes one column of a stripe, row after row.
protocol ORCColumn: AnyObject {
  /// How many of the next `rows` rows are read at once, at least one of them: fewer where long values
  /// would take too much memory.
  func fitting(_ rows: Int) throws(Failure) -> Int

  /// Puts the next `rows` rows into `vector`, which is empty.
  func read(_ rows: Int, into vector: inout ColumnVector) throws(Failure)

  /// All that the column's streams hold has been read, or this is a failure.
  func finish() throws(Failure)
}

extension ORCColumn {
  func fitting(_ rows: Int) throws(Failure) -> Int { rows }
}
