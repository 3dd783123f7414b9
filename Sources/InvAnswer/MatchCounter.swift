import InvFormat
import InvBytes

/// Which entries of a subtree have something that a selection allows, at or below them.
final class MatchCounter {
  private let first: Int
  /// A bit for each entry from `first` on.
  private var bits: [UInt64]

  /// Reads all cells below `position` once.
  init(_ index: Index, _ selection: Selection, below position: Int) throws(FormatError) {
    first = position
    let end = try index.end(of: position)
    bits = [UInt64](repeating: 0, count: (end - position + 63) / 64)
    let cells = IndexCells(index)
    let points = SelectedPoints(selection, index.code)
    let ends = ColumnCursor(index.ends)
    /// The entries whose subtrees are open.
    var open: [(position: Int, end: Int, isMarked: Bool)] = []
    for place in position..<end {
      while let last = open.last, last.end <= place { open.removeLast() }
      let last = Int(clamping: try ends.value(place))
      guard last > place else {
        _ = try index.end(of: place)
        continue
      }
      try cells.readOwn(place)
      let isMatch = cells.cells.contains { points.contains($0.code) }
      if isMatch {
        mark(place)
        // An ancestor is marked with its first descendant; those above it were marked then.
        var above = open.count - 1
        while above >= 0, !open[above].isMarked {
          open[above].isMarked = true
          mark(open[above].position)
          above -= 1
        }
      }
      if last > place + 1 { open.append((place, last, isMatch)) }
    }
  }

  private func mark(_ position: Int) {
    bits[(position - first) / 64] |= 1 << UInt64((position - first) % 64)
  }

  /// Whether the entry has something left.
  func contains(_ position: Int) -> Bool {
    guard position >= first, (position - first) / 64 < bits.count else { return false }
    return bits[(position - first) / 64] >> UInt64((position - first) % 64) & 1 == 1
  }

  /// How many entries have something left; they are of the subtree.
  func count(in range: Range<Int>) -> Int {
    guard !range.isEmpty, range.lowerBound >= first else { return 0 }
    let (from, to) = (range.lowerBound - first, min(range.upperBound - first, bits.count * 64))
    guard from < to else { return 0 }
    var count = 0
    for word in from / 64...(to - 1) / 64 {
      var value = bits[word]
      if word == from / 64 { value &= .max << UInt64(from % 64) }
      if word == (to - 1) / 64 { value &= .max >> UInt64(63 - (to - 1) % 64) }
      count += value.nonzeroBitCount
    }
    return count
  }
}
