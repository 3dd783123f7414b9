public import InvBytes

/// A pattern for names, which are bytes.
///
/// `*` stands for any bytes but `/`, `**` for any bytes, `?` for one byte but `/`, `[a-z_]` for one byte
/// of a class, `[!a-z]` for one byte that is neither of the class nor `/`; a backslash takes the next
/// byte literally, also within a class.
/// A pattern without `/` is compared with the last component of a name, without its closing slash; a
/// pattern with `/` with the whole name from its start. So `*.log` finds `a/b/x.log`, and `a/*.log`
/// finds `a/x.log` only. A match takes time proportional to the name times the pattern at most.
public struct Glob: Sendable {
  private enum Token {
    case byte(UInt8)
    case set([Bool])
    /// Any bytes, also `/` when `true`.
    case star(Bool)
  }

  /// Whether the whole name is compared, not its last component.
  public let isAnchored: Bool
  // Bit i of a state: the first i tokens have matched. One row of words for each byte tells which
  // tokens take it and move on.
  private let words: Int
  private let takes: [UInt64]
  private let stars: [UInt64]
  private let deepStars: [UInt64]
  private let last: Int

  /// The pattern `text`; offsets in errors count from its start.
  ///
  /// With `ignoresCase` the letters A to Z and a to z are the same, and no others; `isAnchored` is for
  /// what is a whole name without a slash too.
  public init(
    _ text: some Collection<UInt8>, ignoresCase: Bool = false, isAnchored: Bool = false
  ) throws(FormatError) {
    var parser = Parser(text: Array(text), ignoresCase: ignoresCase)
    let tokens = try parser.tokens()
    self.isAnchored = isAnchored || parser.hasSlash
    words = tokens.count / 64 + 1
    last = tokens.count
    var takes = [UInt64](repeating: 0, count: 256 * words)
    var stars = [UInt64](repeating: 0, count: words)
    var deepStars = stars
    for (place, token) in tokens.enumerated() {
      let (word, bit) = (place / 64, UInt64(1) << UInt64(place % 64))
      switch token {
      case .byte(let byte): takes[Int(byte) * words + word] |= bit
      case .set(let set):
        for byte in 0..<256 where set[byte] { takes[byte * words + word] |= bit }
      case .star(let isDeep):
        stars[word] |= bit
        if isDeep { deepStars[word] |= bit }
      }
    }
    self.takes = takes
    self.stars = stars
    self.deepStars = deepStars
  }

  /// Whether the pattern matches `name`.
  public func matches(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    if isAnchored { return words == 1 ? matchesShort(name) : matchesLong(name) }
    let whole = name.last == 0x2f ? name.dropLast() : name[...]
    let start = whole.lastIndex(of: 0x2f).map { whole.index(after: $0) } ?? whole.startIndex
    return words == 1 ? matchesShort(whole[start...]) : matchesLong(whole[start...])
  }

  private func matchesShort(_ name: some Sequence<UInt8>) -> Bool {
    let (stars, deepStars) = (stars[0], deepStars[0])
    // No two stars are neighbours, so one shift passes over all that match nothing.
    var state: UInt64 = 1 | (1 & stars) << 1
    for byte in name {
      let stay = state & (byte == 0x2f ? deepStars : stars)
      state = (state & takes[Int(byte)]) << 1 | stay
      state |= (state & stars) << 1
      if state == 0 { return false }
    }
    return state >> UInt64(last) & 1 == 1
  }

  private func matchesLong(_ name: some Sequence<UInt8>) -> Bool {
    var state = [UInt64](repeating: 0, count: words)
    state[0] = 1 | (1 & stars[0]) << 1
    for byte in name {
      let row = Int(byte) * words
      let loops = byte == 0x2f ? deepStars : stars
      // What the word before shifts into this one: by taking the byte, and by passing over a star.
      var (taken, passed): (UInt64, UInt64) = (0, 0)
      var any: UInt64 = 0
      for word in 0..<words {
        let take = state[word] & takes[row + word]
        var next = take << 1 | taken | state[word] & loops[word]
        next |= passed
        let pass = next & stars[word]
        next |= pass << 1
        taken = take >> 63
        passed = pass >> 63
        state[word] = next
        any |= next
      }
      if any == 0 { return false }
    }
    return state[last / 64] >> UInt64(last % 64) & 1 == 1
  }
}

extension Glob {
  private struct Parser {
    private static let letters = UInt8(0x61)...0x7a

    let text: [UInt8]
    let ignoresCase: Bool
    var at = 0
    var hasSlash = false

    init(text: [UInt8], ignoresCase: Bool) {
      (self.text, self.ignoresCase) = (text, ignoresCase)
    }

    mutating func next() -> UInt8? {
      guard at < text.count else { return nil }
      at += 1
      return text[at - 1]
    }

    mutating func tokens() throws(FormatError) -> [Token] {
      if text.isEmpty { throw FormatError("an empty pattern", at: 0) }
      var tokens: [Token] = []
      while let byte = next() {
        switch byte {
        case 0x2a: tokens.append(.star(stars()))
        case 0x3f: tokens.append(.set((0..<256).map { $0 != 0x2f }))
        case 0x5b: tokens.append(.set(try set()))
        case 0x5c: tokens.append(literal(try escaped()))
        default: tokens.append(literal(byte))
        }
      }
      return tokens
    }

    private mutating func literal(_ byte: UInt8) -> Token {
      if byte == 0x2f { hasSlash = true }
      guard ignoresCase, Self.letters.contains(byte | 0x20) else { return .byte(byte) }
      return .set((0..<256).map { $0 | 0x20 == Int(byte | 0x20) })
    }

    /// After a `*`: all that follow it are one star, which is deep when there are two or more.
    private mutating func stars() -> Bool {
      let start = at
      while at < text.count && text[at] == 0x2a { at += 1 }
      return at > start
    }

    private mutating func escaped() throws(FormatError) -> UInt8 {
      guard let byte = next() else {
        throw FormatError("a backslash that escapes nothing", at: UInt64(at - 1))
      }
      return byte
    }

    /// After a `[`: the class up to its `]`.
    private mutating func set() throws(FormatError) -> [Bool] {
      let start = at - 1
      var set = [Bool](repeating: false, count: 256)
      let isNegated = at < text.count && text[at] == 0x21
      if isNegated { at += 1 }
      let first = at
      while true {
        let place = at
        guard var low = next() else { throw FormatError("a class without ]", at: UInt64(start)) }
        if low == 0x5d {
          if place == first { throw FormatError("an empty class", at: UInt64(start)) }
          break
        }
        if low == 0x5c { low = try escaped() }
        var high = low
        // A hyphen before the closing bracket stands for itself.
        if at + 1 < text.count && text[at] == 0x2d && text[at + 1] != 0x5d {
          at += 1
          high = text[at]
          at += 1
          if high == 0x5c { high = try escaped() }
          if high < low { throw FormatError("a range that runs backwards", at: UInt64(place)) }
        }
        if low == 0x2f || high == 0x2f { throw FormatError("a / in a class", at: UInt64(place)) }
        for byte in low...high { set[Int(byte)] = true }
      }
      if ignoresCase {
        for letter in Self.letters.map(Int.init) where set[letter] || set[letter ^ 0x20] {
          (set[letter], set[letter ^ 0x20]) = (true, true)
        }
      }
      if isNegated { set = set.map { !$0 } }
      set[0x2f] = false
      return set
    }
  }
}
