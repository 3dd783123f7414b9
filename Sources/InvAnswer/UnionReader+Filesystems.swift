public import InvBytes
import InvFormat

// What is asked of filesystems above all.

extension UnionReader {
  /// How many slashes the prefix has.
  public func depth(_ entry: Int) throws(FormatError) -> UInt64 {
    if let one { return try one.depth(entry) }
    var depth: UInt64 = 0
    try forEach(entry) { reader, place, _ throws(FormatError) in depth = try reader.depth(place) }
    return depth
  }

  /// How many of the prefixes that are left are one level below the entry.
  public func directPrefixes(_ entry: Int) throws(FormatError) -> UInt64 {
    if let one { return try one.directPrefixes(entry) }
    var count: UInt64 = 0
    var children = try EntryMerge(self, childrenOf: entry)
    while let child = try children.next() {
      if try isLeft(child) { count += 1 }
      union.forget(child)
    }
    return count
  }

  /// When one of the current objects at and below the entry, or of its own, was last read; nil where
  /// none has a time, or the selection leaves it unknown.
  public func accessed(_ entry: Int, own: Bool = false) throws(FormatError) -> Int64? {
    if let one { return try one.accessed(entry, own: own) }
    guard union.schema.hasAccessed else { return nil }
    return try times(entry) { reader, place throws(FormatError) in
      try reader.accessed(place, own: own)
    }.compactMap(\.self).max()
  }

  /// A time of the entry in each index.
  func times(
    _ entry: Int, _ time: (EntryReader, Int) throws(FormatError) -> Int64?
  ) throws(FormatError) -> [Int64?] {
    var times: [Int64?] = []
    for (number, reader) in readers.enumerated() {
      do throws(FormatError) {
        let place = union.place(of: entry, in: number)
        times.append(try place.flatMap { place throws(FormatError) in try time(reader, place) })
      } catch { throw union.fault(error, in: number) }
    }
    return times
  }

  /// The one value that all current objects at and below the entry, or all of its own, have in the
  /// dimension at `place`, whatever is selected; nil where they have several, or there are none.
  public func single(_ entry: Int, in place: Int, own: Bool = false) throws(FormatError) -> Int? {
    if let one { return try one.single(entry, in: place, own: own) }
    var single: Int?
    var isSingle = true
    try forEach(entry) { reader, position, translation throws(FormatError) in
      guard isSingle, try reader.hasCurrent(position, own: own) else { return }
      let value = try reader.single(position, in: translation?.place(place) ?? place, own: own)
        .map { translation?.value($0, at: place) ?? $0 }
      isSingle = value != nil && single ?? value == value
      single = value
    }
    return isSingle ? single : nil
  }
}

extension EntryReader {
  /// Whether there are current objects at and below the entry, or of its own.
  fileprivate func hasCurrent(_ position: Int, own: Bool) throws(FormatError) -> Bool {
    let isLeaf = try end(position) == position + 1
    return try (own && !isLeaf ? index.directObjects : index.objects).value(position) > 0
  }
}
