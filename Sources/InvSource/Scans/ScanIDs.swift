import InvBytes
import InvFormat
import InvSystem

/// Remembers the words of owners or groups by their numbers, and by their names where they have none.
struct ScanIDs {
  private static let slots = 4096
  private var numbers = [UInt64](repeating: .max, count: slots)
  private var words = [UInt32](repeating: 0, count: slots)
  private var names = WordCache()

  /// Sets the column at `place` of the row at hand to the word of `id`; where `place` is -1 there is none.
  @inline(__always)
  mutating func set(
    _ id: ScanID, _ text: RawSpan, _ place: Int, in builder: inout ObjectBlockBuilder,
    _ writer: ObjectWriter
  ) throws(Failure) {
    if place < 0 { return }
    if let word = word(id, text) { return builder.set(place, UInt64(word)) }
    let word = try writer.word(Self.spelling(id, text), at: place)
    remember(word, for: id, text)
    builder.set(place, UInt64(word))
  }

  /// The word that is remembered for `id`.
  @inline(__always)
  private func word(_ id: ScanID, _ text: RawSpan) -> UInt32? {
    if id.name.count > 0 { return names.index(text, id.name, WordCache.Field(start: 0, count: 0)) }
    let slot = Self.slot(id.number)
    return numbers[slot] == id.number ? words[slot] : nil
  }

  private mutating func remember(_ word: UInt32, for id: ScanID, _ text: RawSpan) {
    if id.name.count > 0 {
      names.remember(word, text, id.name, WordCache.Field(start: 0, count: 0))
    } else {
      let slot = Self.slot(id.number)
      (numbers[slot], words[slot]) = (id.number, word)
    }
  }

  /// How the word is spelt.
  static func spelling(_ id: ScanID, _ text: RawSpan) -> [UInt8] {
    id.name.count > 0
      ? text.array(id.name.start..<id.name.start + id.name.count)
      : Array(String(id.number).utf8)
  }

  @inline(__always)
  private static func slot(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: (number &* 0x9E37_79B1_85EB_CA87) >> 52)
  }
}
