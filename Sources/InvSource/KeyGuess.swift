/// Characters to cut a range of keys at.
enum KeyGuess {
  /// Those that keys mostly have, and the beginnings of scripts; all lie behind the slash.
  private static let common: [UInt32] =
    Array(0x30...0x39) + Array(0x41...0x5a) + [0x5f] + Array(0x61...0x7a) + [
      0xc0, 0x370, 0x400, 0x590, 0x900, 0xe00, 0x1100, 0x3040, 0x4e00, 0x6000, 0x7000, 0x8000,
      0xac00, 0x1f300,
    ]
  private static let kinds: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5a, 0x61...0x7a]
  static let limit: UInt32 = 0x11_0000

  /// Goes behind the character of a cut. A folder that is called just as the cut would be passed over by
  /// servers that take the cut for a folder; few are called so.
  static let tail: [UInt8] = [0x7e, 0x7e]

  /// The first character from `low` on (nil is before all) and before `high`.
  static func first(from low: UInt32?, before high: UInt32) -> UInt32? {
    common.first { $0 >= low ?? 0 && $0 < high } ?? middle(from: low, before: high)
  }

  /// One in the middle between `low`, which it may be, and `high`.
  static func middle(from low: UInt32?, before high: UInt32) -> UInt32? {
    // Keys mostly go on with characters of the same kind.
    let kind = kinds.first { $0.contains(low ?? 0) }
    var found = kind.map { $0.filter { $0 >= low ?? 0 && $0 < high } } ?? []
    if found.isEmpty { found = common.filter { $0 >= low ?? 0 && $0 < high } }
    if !found.isEmpty { return found[(found.count - 1) / 2] }
    let first = max(low ?? 0, 0xa0)
    guard first < high, high <= limit else { return nil }
    // Surrogates are no characters.
    let guess = first + (high - first - 1) / 2
    if Unicode.Scalar(guess) != nil { return guess }
    return first < 0xd800 ? 0xd7ff : high > 0xe000 ? 0xe000 : nil
  }

  /// The character at `place` of a key, where one begins; nil at its end and where it is not UTF-8.
  static func character(_ key: [UInt8], at place: Int) -> (scalar: UInt32, count: Int)? {
    guard place < key.count else { return nil }
    let lead = key[place]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    guard lead >= 0xc2, place + count <= key.count,
      let text = String(validating: key[place..<place + count], as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else { return nil }
    return (scalar.value, count)
  }

  /// The greatest place, not behind `place`, where a character of the key begins or the key ends.
  static func boundary(_ key: [UInt8], _ place: Int) -> Int {
    var place = min(place, key.count)
    while place > 0, place < key.count, key[place] & 0xc0 == 0x80 { place -= 1 }
    return place
  }
}
