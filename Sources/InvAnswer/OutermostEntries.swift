public import InvBytes

/// Entries of a listing, of which those that are below another one are in that one already.
public struct OutermostEntries: Sendable {
  private var positions: [Int] = []

  public init() {}

  public mutating func add(_ position: Int) { positions.append(position) }

  /// Forgets all, and hands over those that are not below another one, each once, in order; `end` is
  /// the position behind the last descendant of an entry.
  public mutating func removeAll(
    _ end: (Int) throws(FormatError) -> Int
  ) throws(FormatError) -> [Int] {
    var outermost: [Int] = []
    var covered = 0
    for position in positions.sorted() where position >= covered {
      outermost.append(position)
      covered = try end(position)
    }
    positions.removeAll()
    return outermost
  }
}
