import InvSystem

/// Which rows of a column have a value.
struct ORCPresence {
  private var bits: ORCBooleans?

  /// Of a column without such a stream, all have one.
  init(_ stream: ORCStream?) { bits = stream.map { ORCBooleans($0) } }

  /// Appends a byte 0 or 1 for each of the next `rows` rows to `present`, unless all have one and it is
  /// empty; how many have one.
  mutating func read(_ rows: Int, to present: inout [UInt8]) throws(Failure) -> Int {
    guard bits != nil else {
      if !present.isEmpty { present += repeatElement(1, count: rows) }
      return rows
    }
    let before = present.count
    let count = try bits?.read(rows, to: &present) ?? rows
    if count == rows && before == 0 { present.removeAll(keepingCapacity: true) }
    return count
  }

  func finish() throws(Failure) { try bits?.finish() }

  /// Moves values that stand side by side to the rows that have one; 0 to the others.
  static func spread<Value>(
    _ values: inout [Value], to present: [UInt8], absent: Value
  ) {
    if present.isEmpty { return }
    var from = values.count
    values += repeatElement(absent, count: present.count - from)
    for place in stride(from: present.count - 1, through: 0, by: -1) {
      if present[place] == 0 {
        values[place] = absent
      } else {
        from -= 1
        values[place] = values[from]
      }
    }
  }
}
