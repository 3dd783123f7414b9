extension XXH64 {
  /// What `pair` of a span gives, of the `count` bytes at `start`.
  ///
  /// How long keys are nobody can foretell, so what is left behind 32 bytes is taken in without
  /// branches: each of the steps that there may be is made, and those that are too many are dropped.
  public static func pair(_ start: UnsafeRawPointer, _ count: Int) -> (UInt64, UInt64) {
    if count < 8 { return unsafe pair(UnsafeRawBufferPointer(start: start, count: count).bytes) }
    var (first, second) = (p5, p5 &+ 1)
    var at = 0
    if count >= 32 {
      var (lanes, others) = (Lanes(seed: 0), Lanes(seed: 1))
      while at &+ 32 <= count {
        unsafe add(start + at, to: &lanes, &others)
        at &+= 32
      }
      (first, second) = (lanes.sum, others.sum)
    }
    first &+= UInt64(truncatingIfNeeded: count)
    second &+= UInt64(truncatingIfNeeded: count)
    // A load of eight bytes that would go past the end is one of the last eight; it is not used.
    let tail = count &- 8
    for _ in 0..<3 {
      let isThere = at <= tail
      let from = isThere ? at : tail
      let word = unsafe mixed(load(start + from))
      first = isThere ? turn(first ^ word, 27) &* p1 &+ p4 : first
      second = isThere ? turn(second ^ word, 27) &* p1 &+ p4 : second
      at &+= isThere ? 8 : 0
    }
    // The bytes that are left, fewer than eight, in the lower part of a word.
    let left = UInt64(truncatingIfNeeded: count &- at)
    var rest = unsafe left == 0 ? 0 : load(start + tail) &>> (64 &- left &* 8)
    let half = (rest & 0xffff_ffff) &* p1
    let isHalf = left & 4 != 0
    first = isHalf ? turn(first ^ half, 23) &* p2 &+ p3 : first
    second = isHalf ? turn(second ^ half, 23) &* p2 &+ p3 : second
    rest = isHalf ? rest &>> 32 : rest
    for step in 0..<3 as Range<UInt64> {
      let byte = (rest & 255) &* p5
      let isThere = step < left & 3
      first = isThere ? turn(first ^ byte, 11) &* p1 : first
      second = isThere ? turn(second ^ byte, 11) &* p1 : second
      rest &>>= 8
    }
    return (finished(first), finished(second))
  }

  @inline(__always)
  private static func load(_ at: UnsafeRawPointer) -> UInt64 {
    unsafe UInt64(littleEndian: at.loadUnaligned(as: UInt64.self))
  }

  /// What a word is made of before it is added to a hash.
  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 { round(0, word) }

  @inline(__always)
  private static func add(_ at: UnsafeRawPointer, to lanes: inout Lanes, _ others: inout Lanes) {
    let (a, b) = unsafe (load(at), load(at + 8))
    let (c, d) = unsafe (load(at + 16), load(at + 24))
    (lanes.a, others.a) = (round(lanes.a, a), round(others.a, a))
    (lanes.b, others.b) = (round(lanes.b, b), round(others.b, b))
    (lanes.c, others.c) = (round(lanes.c, c), round(others.c, c))
    (lanes.d, others.d) = (round(lanes.d, d), round(others.d, d))
  }
}
