/// The first few of many by rank, then position.
struct ChosenEntries {
  private struct Candidate {
    let rank: UInt128
    let position: Int

    @inline(__always)
    func precedes(_ other: Candidate) -> Bool {
      rank != other.rank ? rank < other.rank : position < other.position
    }
  }

  private let limit: Int
  private var candidates: [Candidate] = []
  /// Where there are enough, the last of those that are kept.
  private var bound: Candidate?

  init(limit: Int) { self.limit = limit }

  /// False where the entry is none of the first.
  @discardableResult
  mutating func add(_ rank: UInt128, _ position: Int) -> Bool {
    let candidate = Candidate(rank: rank, position: position)
    if let bound, !candidate.precedes(bound) { return false }
    candidates.append(candidate)
    // Twice as many as are wanted are kept before the surplus is cut.
    if limit < 1 << 20, candidates.count >= 2 * max(limit, 64) { cut() }
    return true
  }

  private mutating func cut() {
    candidates.sort { $0.precedes($1) }
    if candidates.count > limit { candidates.removeSubrange(limit...) }
    bound = candidates.last
  }

  var positions: [Int] {
    mutating get {
      cut()
      return candidates.map(\.position)
    }
  }
}
