import InvBytes
import InvFormat

/// The entries of several indexes below one by the order of their names; those of one name are one entry.
struct EntryMerge {
  private enum Walk {
    case all(Range<Int>)
    /// Places in the depth index.
    case level(Range<Int>, ColumnCursor)
    case children(Range<Int>)
  }

  /// What is still to come of one index, and the name of the next.
  private struct Source {
    let number: Int
    let names: PrefixCursor
    var walk: Walk
    var position: Int?
  }

  private let reader: UnionReader
  private var sources: [Source] = []

  private init(
    _ reader: UnionReader, below entry: Int,
    _ walk: (EntryReader, Int) throws(FormatError) -> Walk
  ) throws(FormatError) {
    self.reader = reader
    let union = reader.union
    for (number, part) in reader.readers.enumerated() {
      guard let place = union.place(of: entry, in: number) else { continue }
      do throws(FormatError) {
        sources.append(
          Source(
            number: number, names: PrefixCursor(part.index.strings), walk: try walk(part, place)))
      } catch { throw union.fault(error, in: number) }
      try step(sources.count - 1)
    }
  }

  init(_ reader: UnionReader, allBelow entry: Int) throws(FormatError) {
    try self.init(reader, below: entry) { part, place throws(FormatError) in
      .all(place + 1..<(try part.end(place)))
    }
  }

  init(_ reader: UnionReader, childrenOf entry: Int) throws(FormatError) {
    try self.init(reader, below: entry) { part, place throws(FormatError) in
      .children(place + 1..<(try part.end(place)))
    }
  }

  init(_ reader: UnionReader, _ levels: Int, below entry: Int) throws(FormatError) {
    try self.init(reader, below: entry) { part, place throws(FormatError) in
      .level(
        try part.index.descendants(of: place, levels: levels), ColumnCursor(part.index.depthIndex))
    }
  }

  /// The next entry; nil at the end.
  mutating func next() throws(FormatError) -> Int? {
    var row = [Int](repeating: -1, count: reader.readers.count)
    var least: PrefixCursor?
    for source in sources where source.position != nil {
      if let name = least?.prefix, !precedes(source.names.prefix.raw, name.raw) { continue }
      least = source.names
    }
    guard let name = least?.prefix else { return nil }
    for place in sources.indices {
      guard let position = sources[place].position, sources[place].names.prefix == name else {
        continue
      }
      row[sources[place].number] = position
      try step(place)
    }
    return reader.union.entry(at: row)
  }

  /// Goes to the next entry of one index.
  private mutating func step(_ place: Int) throws(FormatError) {
    do throws(FormatError) {
      let position = try advance(place)
      sources[place].position = position
      if let position { try sources[place].names.move(to: position) }
    } catch { throw reader.union.fault(error, in: sources[place].number) }
  }

  private mutating func advance(_ place: Int) throws(FormatError) -> Int? {
    switch sources[place].walk {
    case .all(let range):
      sources[place].walk = .all(range.dropFirst())
      return range.first
    case .level(let range, let cursor):
      sources[place].walk = .level(range.dropFirst(), cursor)
      return try range.first.map { place throws(FormatError) in
        Int(clamping: try cursor.value(place))
      }
    case .children(let range):
      guard let child = range.first else { return nil }
      let next = try reader.readers[sources[place].number].end(child)
      // Else a hostile index could let the same entries be below many.
      guard next <= range.upperBound else {
        throw FormatError("subtree_end.u64: entry \(child) ends behind its parent", at: 0)
      }
      sources[place].walk = .children(next..<range.upperBound)
      return child
    }
  }
}
