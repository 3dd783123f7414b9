import InvBytes
import InvSystem

/// Chooses the least of many runs; what keys are known to share is never compared again.
///
/// Every loser remembers what it shares with the winner it met. When a winner's run goes on, its new
/// key and the losers on its way all measure against the key that was written last: the one that
/// shares more is less, and only equals are compared, from there on.
@safe struct LoserTree: ~Copyable {
  let runs: UnsafeMutablePointer<RunState>
  let count: Int
  private let losers: UnsafeMutablePointer<Int32>
  private let isDone: UnsafeMutablePointer<Bool>
  private(set) var winner = 0
  private var left: Int

  /// Takes the runs over, each before its first row.
  init(_ states: [RunState]) throws(Failure) {
    count = states.count
    left = count
    unsafe runs = .allocate(capacity: max(1, count))
    unsafe losers = .allocate(capacity: max(1, count))
    unsafe isDone = .allocate(capacity: max(1, count))
    for (index, state) in states.enumerated() { unsafe (runs + index).initialize(to: state) }
    unsafe losers.initialize(repeating: -1, count: max(1, count))
    unsafe isDone.initialize(repeating: false, count: max(1, count))
    for index in 0..<count { try step(index) }
  }

  deinit {
    for index in 0..<count { unsafe runs[index].free() }
    unsafe runs.deinitialize(count: count)
    unsafe runs.deallocate()
    unsafe losers.deallocate()
    unsafe isDone.deallocate()
  }

  /// Whether there is a row: that of `winner`.
  var hasRow: Bool { left > 0 }

  private mutating func step(_ index: Int) throws(Failure) {
    if unsafe try !runs[index].advance() {
      unsafe isDone[index] = true
      left -= 1
    }
  }

  /// Plays the first round, in which nothing is known of what keys share.
  mutating func start() {
    for index in 0..<count { unsafe runs[index].shared = 0 }
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
    let (first, second) = unsafe (runs[a].shared, runs[b].shared)
    if first != second { return first > second }
    return compare(a, b, from: first)
  }

  private func compare(_ a: Int, _ b: Int, from start: Int) -> Bool {
    let (x, y) = unsafe (runs[a].key, runs[b].key)
    let (xLength, yLength) = unsafe (runs[a].length, runs[b].length)
    let limit = min(xLength, yLength)
    var at = start
    while at &+ 8 <= limit {
      let p = unsafe UnsafeRawPointer(x).loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let q = unsafe UnsafeRawPointer(y).loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if p != q {
        at &+= (p ^ q).littleEndian.trailingZeroBitCount / 8
        let isLess = unsafe x[at] < y[at]
        unsafe runs[isLess ? b : a].shared = at
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
    unsafe runs[isLess ? b : a].shared = at
    return isLess
  }
}
