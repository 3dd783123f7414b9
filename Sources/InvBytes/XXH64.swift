/// The 64-bit xxHash of Yann Collet's specification.
public enum XXH64 {
  @usableFromInline static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  @usableFromInline static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  @usableFromInline static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  @usableFromInline static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  @usableFromInline static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  @inline(__always)
  static func turn(_ value: UInt64, _ by: UInt64) -> UInt64 {
    (value << by) | (value >> (64 - by))
  }

  @inline(__always)
  static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    turn(lane &+ word &* p2, 31) &* p1
  }

  @inline(__always)
  private static func fold(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
    (hash ^ round(0, lane)) &* p1 &+ p4
  }

  /// The four lanes that take 32 bytes at a time.
  struct Lanes: Sendable {
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64)

    @inline(__always)
    init(seed: UInt64) {
      (a, b, c, d) = (seed &+ p1 &+ p2, seed &+ p2, seed, seed &- p1)
    }

    @inline(__always)
    mutating func add(_ bytes: RawSpan, at: Int) {
      a = round(a, bytes.u64(at: at))
      b = round(b, bytes.u64(at: at &+ 8))
      c = round(c, bytes.u64(at: at &+ 16))
      d = round(d, bytes.u64(at: at &+ 24))
    }

    @inline(__always)
    var sum: UInt64 {
      let sum = turn(a, 1) &+ turn(b, 7) &+ turn(c, 12) &+ turn(d, 18)
      return fold(fold(fold(fold(sum, a), b), c), d)
    }
  }

  @inline(__always)
  private static func add(_ word: UInt64, to hash: inout UInt64) {
    hash = turn(hash ^ round(0, word), 27) &* p1 &+ p4
  }

  @inline(__always)
  private static func add(_ half: UInt32, to hash: inout UInt64) {
    hash = turn(hash ^ (UInt64(half) &* p1), 23) &* p2 &+ p3
  }

  @inline(__always)
  private static func add(_ byte: UInt8, to hash: inout UInt64) {
    hash = turn(hash ^ (UInt64(byte) &* p5), 11) &* p1
  }

  @inline(__always)
  static func finished(_ hash: UInt64) -> UInt64 {
    let mixed = (hash ^ (hash >> 33)) &* p2
    let again = (mixed ^ (mixed >> 29)) &* p3
    return again ^ (again >> 32)
  }

  /// The hash of all of `bytes`.
  public static func hash(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
    let count = bytes.byteCount
    var at = 0
    var hash = seed &+ p5
    if count >= 32 {
      var lanes = Lanes(seed: seed)
      while at &+ 32 <= count {
        lanes.add(bytes, at: at)
        at &+= 32
      }
      hash = lanes.sum
    }
    return finish(hash &+ UInt64(count), bytes, from: at)
  }

  /// Takes in the bytes from `start` on, fewer than 32, and mixes.
  @inline(__always)
  static func finish(_ hash: UInt64, _ bytes: RawSpan, from start: Int = 0) -> UInt64 {
    var hash = hash
    var at = start
    let count = bytes.byteCount
    while at &+ 8 <= count {
      add(bytes.u64(at: at), to: &hash)
      at &+= 8
    }
    if at &+ 4 <= count {
      add(bytes.u32(at: at), to: &hash)
      at &+= 4
    }
    while at < count {
      add(bytes.u8(at: at), to: &hash)
      at &+= 1
    }
    return finished(hash)
  }

  /// The hashes of all of `bytes` with seed 0 and with seed 1, side by side: each step of one waits
  /// for the step before, so that the other comes nearly for nothing.
  public static func pair(_ bytes: RawSpan) -> (UInt64, UInt64) {
    let count = bytes.byteCount
    var at = 0
    var (first, second) = (p5, p5 &+ 1)
    if count >= 32 {
      var (lanes, others) = (Lanes(seed: 0), Lanes(seed: 1))
      while at &+ 32 <= count {
        lanes.add(bytes, at: at)
        others.add(bytes, at: at)
        at &+= 32
      }
      (first, second) = (lanes.sum, others.sum)
    }
    first = first &+ UInt64(count)
    second = second &+ UInt64(count)
    while at &+ 8 <= count {
      let word = bytes.u64(at: at)
      add(word, to: &first)
      add(word, to: &second)
      at &+= 8
    }
    if at &+ 4 <= count {
      let half = bytes.u32(at: at)
      add(half, to: &first)
      add(half, to: &second)
      at &+= 4
    }
    while at < count {
      let byte = bytes.u8(at: at)
      add(byte, to: &first)
      add(byte, to: &second)
      at &+= 1
    }
    return (finished(first), finished(second))
  }
}
