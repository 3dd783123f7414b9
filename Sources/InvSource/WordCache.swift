import InvBytes

/// Remembers the index of words by the bytes of the one or two fields they are made of; what two words
/// fight for a place over is asked for again.
struct WordCache {
  private static let slots = 256
  /// Longer fields are not remembered.
  static let limit = 64

  private struct Slot {
    var hash: UInt64 = 0
    var lengths: UInt32 = .max
    var index: UInt32 = 0
  }

  private var table = [Slot](repeating: Slot(), count: slots)
  private var bytes = [UInt8](repeating: 0, count: slots * limit)

  /// A field's place in a text.
  struct Field {
    var start: Int
    var count: Int
  }

  /// The index of the word made of `a` and `b`, if it is remembered; eight bytes behind them are read.
  @inline(__always)
  func index(_ text: RawSpan, _ a: Field, _ b: Field) -> UInt32? {
    let hash = Self.hash(text, b, Self.hash(text, a, 0))
    let place = Int(hash >> 56)
    let slot = table[place]
    guard slot.hash == hash, slot.lengths == Self.lengths(a, b) else { return nil }
    let stored = bytes.raw
    let first = place &* Self.limit
    guard Self.isSame(text, a, stored, first) else { return nil }
    guard Self.isSame(text, b, stored, first &+ a.count) else { return nil }
    return slot.index
  }

  mutating func remember(_ index: UInt32, _ text: RawSpan, _ a: Field, _ b: Field) {
    guard a.count + b.count <= Self.limit - 8 else { return }
    let hash = Self.hash(text, b, Self.hash(text, a, 0))
    let place = Int(hash >> 56)
    table[place] = Slot(hash: hash, lengths: Self.lengths(a, b), index: index)
    var to = place * Self.limit
    for field in [a, b] {
      for from in field.start..<field.start + field.count {
        bytes[to] = text.u8(at: from)
        to += 1
      }
    }
  }

  @inline(__always)
  private static func lengths(_ a: Field, _ b: Field) -> UInt32 {
    UInt32(truncatingIfNeeded: min(a.count, 0xffff)) << 16
      | UInt32(truncatingIfNeeded: min(b.count, 0xffff))
  }

  @inline(__always)
  private static func hash(_ text: RawSpan, _ field: Field, _ seed: UInt64) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: field.count)
    var at = 0
    while at < field.count && at < limit {
      let word = head(text.u64(at: field.start &+ at), field.count &- at)
      hash = (hash ^ word) &* 0x9E37_79B1_85EB_CA87
      hash ^= hash >> 29
      at &+= 8
    }
    return hash &* 0x9E37_79B1_85EB_CA87
  }

  /// The first `count` bytes of `word`, the others zero.
  @inline(__always)
  private static func head(_ word: UInt64, _ count: Int) -> UInt64 {
    count >= 8 ? word : word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
  }

  @inline(__always)
  private static func isSame(_ text: RawSpan, _ field: Field, _ stored: RawSpan, _ start: Int)
    -> Bool
  {
    var at = 0
    while at < field.count {
      let difference = text.u64(at: field.start &+ at) ^ stored.u64(at: start &+ at)
      if head(difference, field.count &- at) != 0 { return false }
      at &+= 8
    }
    return true
  }
}
