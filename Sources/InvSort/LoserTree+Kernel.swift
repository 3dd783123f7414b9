import InvBytes
import InvSystem

/// Chooses the least of many runs; what keys are known to share is never compared again.
///
/// Every loser remembers what it shares with the winner it met. When a winner's run goes on, its new
/// key and the losers on its way all measure against the key that was written last: the one that
/// shares more is less, and only equals are compared, from there on.
@safe struct LoserTree: ~Copyable {
  /// Where each run stands.
  let rows: UnsafeMutablePointer<RunRow>
  let runs: [RunSource]
  let count: Int
  private let losers: UnsafeMutablePointer<Int32>
  private let isDone: UnsafeMutablePointer<Bool>
  private(set) var winner = 0
  private var left: Int

  /// Takes the runs over, each before its first row.
  init(_ runs: [RunSource]) throws(Failure) {
    self.runs = runs
    count = runs.count
    left = count
    unsafe rows = .allocate(capacity: max(1, count))
    unsafe losers = .allocate(capacity: max(1, count))
    unsafe isDone = .allocate(capacity: max(1, count))
    for (index, run) in runs.enumerated() { unsafe (rows + index).initialize(to: run.start()) }
    unsafe losers.initialize(repeating: -1, count: max(1, count))
    unsafe isDone.initialize(repeating: false, count: max(1, count))
    for index in 0..<count { try step(index) }
  }

  deinit {
    for index in 0..<count { unsafe rows[index].free() }
    unsafe rows.deallocate()
    unsafe losers.deallocate()
    unsafe isDone.deallocate()
  }

  /// Whether there is a row: that of `winner`.
  var hasRow: Bool { left > 0 }

  @inline(__always)
  private mutating func step(_ index: Int) throws(Failure) {
    let row = unsafe rows + index
    if unsafe !row.pointee.isAtBlockEnd {
      let step = unsafe row.pointee.advance()
      if step == .row { return }
      if unsafe try runs[index].isRow(step, row.pointee) { return }
    } else if try unsafe runs[index].advance(&rows[index]) {
      return
    }
    unsafe isDone[index] = true
    left -= 1
  }

  /// Plays the first round, in which nothing is known of what keys share.
  mutating func start() {
    for index in 0..<count { unsafe rows[index].shared = 0 }
    for index in 0..<count { enter(index) }
  }

  /// Lets a run play up to the first empty place, or to the top.
  private mutating func enter(_ index: Int) {
    var player = Int32(index)
    var place = (index + count) / 2
    while place > 0 {
      let other = unsafe losers[place]
      if other < 0 {
        unsafe losers[place] = player
        return
      }
      if isLess(Int(other), Int(player)) { (unsafe losers[place], player) = (player, other) }
      place /= 2
    }
    winner = Int(player)
  }

  /// Goes to the next row of all runs.
  @inline(__always)
  mutating func advance() throws(Failure) {
    try step(winner)
    var player = Int32(winner)
    var place = (winner &+ count) / 2
    while place > 0 {
      let other = unsafe losers[place]
      if isLess(Int(other), Int(player)) {
        unsafe losers[place] = player
        player = other
      }
      place /= 2
    }
    winner = Int(player)
  }

  /// Whether run `a` comes before run `b`; the one that does not remembers what they share.
  @inline(__always)
  private func isLess(_ a: Int, _ b: Int) -> Bool {
    if unsafe isDone[a] || isDone[b] { return unsafe isDone[b] && (!isDone[a] || a < b) }
    let (first, second) = unsafe (rows[a].shared, rows[b].shared)
    if first != second { return first > second }
    return compare(a, b, from: first)
  }

  private func compare(_ a: Int, _ b: Int, from start: Int) -> Bool {
    let (x, y) = unsafe (rows[a].key, rows[b].key)
    let (xLength, yLength) = unsafe (rows[a].length, rows[b].length)
    let limit = min(xLength, yLength)
    var at = start
    while at &+ 8 <= limit {
      let p = unsafe UnsafeRawPointer(x).loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let q = unsafe UnsafeRawPointer(y).loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if p != q {
        at &+= (p ^ q).littleEndian.trailingZeroBitCount / 8
        let isLess = unsafe x[at] < y[at]
        unsafe rows[isLess ? b : a].shared = at
        return isLess
      }
      at &+= 8
    }
    while at < limit, unsafe x[at] == y[at] { at &+= 1 }
    let isLess: Bool
    if at < limit {
      isLess = unsafe x[at] < y[at]
    } else {
      isLess = xLength != yLength ? xLength < yLength : a < b
    }
    unsafe rows[isLess ? b : a].shared = at
    return isLess
  }
}
