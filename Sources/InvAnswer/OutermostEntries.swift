public import InvBytes

/// Entries of a listing, of which those that are below another one are in that one already.
public struct OutermostEntries: Sendable {
  private var positions: [Int] = []

  public init() {}

  public mutating func add(_ position: Int) { positions.append(position) }

  /// Forgets all, and hands over those that are not below another one, each once, in order.
  public mutating func removeAll(_ reader: UnionReader) throws(FormatError) -> [Int] {
    defer { positions.removeAll() }
    guard let one = reader.one else { return try outermost(UnionNames(reader.union)) }
    return try removeAll { position throws(FormatError) in try one.end(position) }
  }

  /// The same of one index, where `end` is the position behind the last descendant of an entry.
  mutating func removeAll(_ end: (Int) throws(FormatError) -> Int) throws(FormatError) -> [Int] {
    var outermost: [Int] = []
    var covered = 0
    for position in positions.sorted() where position >= covered {
      outermost.append(position)
      covered = try end(position)
    }
    positions.removeAll()
    return outermost
  }

  /// The numbers of several indexes do not tell what is below what.
  private func outermost(_ names: UnionNames) throws(FormatError) -> [Int] {
    var named: [(name: [UInt8], position: Int)] = []
    for position in positions {
      try names.move(to: position)
      named.append((names.prefix, position))
    }
    named.sort { $0.name.lexicographicallyPrecedes($1.name) }
    var outermost: [(name: [UInt8], position: Int)] = []
    for entry in named {
      if let last = outermost.last, entry.name.starts(with: last.name) { continue }
      outermost.append(entry)
    }
    return outermost.map(\.position)
  }
}
