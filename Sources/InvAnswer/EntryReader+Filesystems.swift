public import InvBytes
import InvFormat

// What is asked of filesystems above all.

extension EntryReader {
  /// How many slashes the prefix has.
  public func depth(_ position: Int) throws(FormatError) -> UInt64 {
    try index.depths.value(position)
  }

  /// How many of the prefixes that are left are one level below the entry.
  public func directPrefixes(_ position: Int) throws(FormatError) -> UInt64 {
    let end = try end(position)
    var count: UInt64 = 0
    var child = position + 1
    while child < end {
      if try isLeft(child) { count += 1 }
      child = try self.end(child)
    }
    return count
  }

  /// When one of the current objects at and below the entry, or of its own, was last read; nil where
  /// none has a time, or the selection leaves it unknown.
  public func accessed(_ position: Int, own: Bool = false) throws(FormatError) -> Int64? {
    guard selection == nil, index.schema.hasAccessed else { return nil }
    let isLeaf = try end(position) == position + 1
    guard let column = own && !isLeaf ? index.directTimes.last : index.times.last else {
      return nil
    }
    let time = try column.signed(position)
    return time == absentInt ? nil : time
  }

  /// The one value that all current objects at and below the entry, or all of its own, have in the
  /// dimension at `place`, whatever is selected; nil where they have several, or there are none.
  public func single(
    _ position: Int, in place: Int, own: Bool = false
  ) throws(FormatError) -> Int? {
    var single: UInt64?
    // Whether all that is seen so far is of one value.
    func isSingle() -> Bool {
      for cell in cells.cells where index.code.value(0, of: cell.code) == 0 {
        let value = index.code.value(place, of: cell.code)
        if value != single ?? value { return false }
        single = value
      }
      return true
    }
    let isStored = try index.rollups.value(position) > 0
    if own || isStored {
      if own { try cells.readOwn(position) } else { try cells.readAll(position) }
      return isSingle() ? single.map { Int($0) } : nil
    }
    for entry in position..<(try index.end(of: position)) {
      try cells.readOwn(entry)
      guard isSingle() else { return nil }
    }
    return single.map { Int($0) }
  }
}
