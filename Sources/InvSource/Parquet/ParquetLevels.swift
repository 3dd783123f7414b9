import InvBytes

/// Which rows of a page have a value, read as it is asked for.
enum ParquetLevels {
  /// All have.
  case all
  case runs(HybridRuns)
  /// A bit for each row, the highest of each byte first, from this one up to `end`; no longer written.
  case bits(at: Int, end: Int)

  /// Fills `present` for the next `count` rows, or leaves it empty where all have a value; how many have.
  mutating func read(_ count: Int, into present: inout [UInt8], _ page: RawSpan)
    throws(FormatError) -> Int
  {
    present.removeAll(keepingCapacity: true)
    switch self {
    case .all: return count
    case .runs(var runs):
      if try runs.take(count, of: 1, page) {
        self = .runs(runs)
        return count
      }
      let greatest = try runs.append(count, to: &present, page)
      guard greatest <= 1 else { throw FormatError("a definition level of \(greatest)", at: 0) }
      self = .runs(runs)
    case .bits(let bit, let end):
      guard count <= end - bit else { throw FormatError("definition levels end too early", at: 0) }
      for place in bit..<bit + count {
        present.append(page.u8(at: place >> 3) >> (7 - place & 7) & 1)
      }
      self = .bits(at: bit + count, end: end)
    }
    var values = 0
    for byte in present { values &+= Int(byte) }
    if values == count { present.removeAll(keepingCapacity: true) }
    return values
  }
}
