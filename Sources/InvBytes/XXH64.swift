/// The 64-bit xxHash of Yann Collet's specification, seed 0.
public enum XXH64 {
  @usableFromInline static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  @usableFromInline static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  @usableFromInline static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  @usableFromInline static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  @usableFromInline static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  @inline(__always)
  private static func turn(_ value: UInt64, _ by: UInt64) -> UInt64 {
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

  /// The hash of all of `bytes`.
  public static func hash(_ bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    var at = 0
    var hash: UInt64
    if count >= 32 {
      var (a, b, c, d) = (p1 &+ p2, p2, UInt64(0), 0 &- p1)
      while at &+ 32 <= count {
        a = round(a, bytes.u64(at: at))
        b = round(b, bytes.u64(at: at &+ 8))
        c = round(c, bytes.u64(at: at &+ 16))
        d = round(d, bytes.u64(at: at &+ 24))
        at &+= 32
      }
      hash = join((a, b, c, d))
    } else {
      hash = p5
    }
    return finish(hash &+ UInt64(count), bytes, from: at)
  }

  /// What the four lanes make together.
  static func join(_ lanes: (UInt64, UInt64, UInt64, UInt64)) -> UInt64 {
    let (a, b, c, d) = lanes
    let hash = turn(a, 1) &+ turn(b, 7) &+ turn(c, 12) &+ turn(d, 18)
    return fold(fold(fold(fold(hash, a), b), c), d)
  }

  /// Takes in the bytes from `start` on, fewer than 32, and mixes.
  @inline(__always)
  static func finish(_ hash: UInt64, _ bytes: RawSpan, from start: Int = 0) -> UInt64 {
    var hash = hash
    var at = start
    let count = bytes.byteCount
    while at &+ 8 <= count {
      hash = turn(hash ^ round(0, bytes.u64(at: at)), 27) &* p1 &+ p4
      at &+= 8
    }
    if at &+ 4 <= count {
      hash = turn(hash ^ (UInt64(bytes.u32(at: at)) &* p1), 23) &* p2 &+ p3
      at &+= 4
    }
    while at < count {
      hash = turn(hash ^ (UInt64(bytes.u8(at: at)) &* p5), 11) &* p1
      at &+= 1
    }
    hash = (hash ^ (hash >> 33)) &* p2
    hash = (hash ^ (hash >> 29)) &* p3
    return hash ^ (hash >> 32)
  }
}
