import InvBytes
import InvFormat

/// Decodes keys one after another, each only from where it differs from the one before.
///
/// A key is prepared first; then it is kept, or dropped as if it had not been there.
struct KeyDecoder {
  /// The most bytes that a key within the limit can be encoded as.
  static let encodedLimit = Container.keyLimit * 3
  static let room = 32

  /// Whether `%XX` are decoded, and whether `+` is.
  private let isEncoded: Bool
  private let hasPluses: Bool
  /// Whether keys stand in the text as they are and are kept without being joined: then the key kept last
  /// is all that is needed of it.
  private let isStraight: Bool
  private var mount = 0
  /// The encoded key kept last, as far as it is still good.
  private var encoded = [UInt8](repeating: 0, count: encodedLimit + room)
  private var encodedCount = 0
  /// Where `%XX` begin in it.
  private var escapes = [UInt32](repeating: 0, count: Container.keyLimit + room)
  private var escapeCount = 0
  /// Where a `%` without two digits is in it.
  private var malformed = Int.max
  /// The key kept last.
  private(set) var key = [UInt8](repeating: 0, count: Container.keyLimit + encodedLimit + room)
  private(set) var keyCount = 0
  private var rest = [UInt8](repeating: 0, count: encodedLimit + room)

  /// Of the key that is prepared: where its new part begins in the text and in the key, and how long
  /// that is when it is decoded.
  private var encodedShared = 0
  private var decodedShared = 0
  private var restCount = 0
  private var keptEscapes = 0
  private var nextEscapes = 0
  private var nextMalformed = Int.max
  private(set) var joined: [UInt8]
  private(set) var joinedCount = 0

  /// `joins` when `join` is going to be called.
  init(isEncoded: Bool, hasPluses: Bool = true, joins: Bool) {
    self.isEncoded = isEncoded
    self.hasPluses = isEncoded && hasPluses
    isStraight = !isEncoded && !joins
    joined = [UInt8](repeating: 0, count: joins ? Container.keyLimit + Self.room : 0)
  }

  /// Starts anew with keys that are put under `mount`.
  mutating func begin(mount prefix: [UInt8]) {
    mount = prefix.count
    for (place, byte) in prefix.enumerated() { key[place] = byte }
    keyCount = mount
    (encodedCount, escapeCount, malformed) = (0, 0, .max)
  }

  /// Whether the key kept last has a `%` without two digits.
  var isMalformed: Bool { malformed != .max }

  /// Decodes the key at `start` of `text`, behind which 32 bytes can be read; only that of the root is
  /// empty.
  mutating func prepare(_ text: RawSpan, _ start: Int, _ count: Int, isRoot: Bool = false)
    -> RowVerdict
  {
    if count == 0 && !isRoot { return .emptyKey }
    if count > Self.encodedLimit { return .longKey }
    if isStraight { return prepareStraight(text, start, count) }
    var shared = Self.shared(text, start, count, encoded, at: 0, encodedCount)
    if isEncoded && shared > 0 {
      // The shared part may end within an escape of either key.
      if encoded[shared - 1] == percent {
        shared -= 1
      } else if shared > 1 && encoded[shared - 2] == percent {
        shared -= 2
      }
    }
    var kept = escapeCount
    while kept > 0 && Int(escapes[kept - 1]) >= shared { kept -= 1 }
    encodedShared = shared
    decodedShared = mount + shared - 2 * kept
    nextMalformed = malformed < shared ? malformed : .max
    keptEscapes = kept
    guard decode(text, start, count) else {
      drop()
      return .nulInKey
    }
    if decodedShared + restCount > Container.keyLimit {
      drop()
      return .longKey
    }
    return .counted
  }

  @inline(__always)
  private mutating func prepareStraight(_ text: RawSpan, _ start: Int, _ count: Int) -> RowVerdict {
    let shared = Self.shared(text, start, count, key, at: mount, keyCount &- mount)
    (decodedShared, encodedShared, restCount) = (mount + shared, shared, count - shared)
    if Self.hasNUL(text, start + shared, restCount) { return .nulInKey }
    return decodedShared + restCount > Container.keyLimit ? .longKey : .counted
  }

  /// Forgets the prepared key.
  mutating func drop() {
    if isStraight { return }
    // Its escapes have overwritten those behind the shared part.
    encodedCount = encodedShared
    escapeCount = keptEscapes
    if malformed >= encodedShared { malformed = .max }
  }

  /// The prepared key, whole, is the first `joinedCount` bytes of `joined` after this.
  mutating func join() {
    Self.copy(key, 0, decodedShared, to: &joined, at: 0)
    Self.copy(rest, 0, restCount, to: &joined, at: decodedShared)
    joinedCount = decodedShared + restCount
  }

  /// Keeps the prepared key, and completes the row that `builder` has at hand with it.
  @inline(__always)
  mutating func keep(
    _ text: RawSpan, _ start: Int, _ count: Int, in builder: inout ObjectBlockBuilder
  ) {
    if isStraight {
      Self.copy(text, start &+ encodedShared, restCount, to: &key, at: decodedShared)
      keyCount = decodedShared &+ restCount
      builder.append(key.span.extracting(0..<keyCount), sharing: decodedShared)
      return
    }
    var common = decodedShared
    let limit = min(keyCount, decodedShared &+ restCount)
    while common < limit && key[common] == rest[common &- decodedShared] { common &+= 1 }
    Self.copy(rest, 0, restCount, to: &key, at: decodedShared)
    Self.copy(text, start &+ encodedShared, count &- encodedShared, to: &encoded, at: encodedShared)
    keyCount = decodedShared &+ restCount
    encodedCount = count
    escapeCount = nextEscapes
    malformed = nextMalformed
    builder.append(key.span.extracting(0..<keyCount), sharing: common)
  }

  /// Decodes the part that is not shared into `rest`; false when it has a NUL.
  private mutating func decode(_ text: RawSpan, _ start: Int, _ count: Int) -> Bool {
    var run = Run(from: encodedShared, escapes: keptEscapes, malformed: nextMalformed)
    let isGood = unsafe rest.withUnsafeMutableBytes { rest in
      unsafe escapes.withUnsafeMutableBufferPointer { escapes in
        unsafe text.withUnsafeBytes { text in
          unsafe Self.decode(
            UnsafeRawBufferPointer(rebasing: text[start...]), count, isEncoded, hasPluses,
            into: rest, escapes, &run)
        }
      }
    }
    (restCount, nextEscapes, nextMalformed) = (run.to, run.escapes, run.malformed)
    return isGood
  }
}

let percent: UInt8 = 0x25
let plus: UInt8 = 0x2b
