import CPrefetch
import InvBytes

// Comparing keys with the prefixes that are stored at their positions, many side by side.
//
// What a prefix shares with those before it leads back through its block, and how often and how far
// nobody can foretell. So no key waits for its own branches: all of a batch take a step in turn, and
// those that are done are left out of the next round. One round finds which bytes of the key stand
// where in the block, as pieces; then all pieces are compared, eight bytes of each in a round.
// Numbers are unpacked, added up and searched eight in a word. All that this rests on is checked when
// a comparison is opened: blocks that are not full, or have long names or more than 128 characters,
// are left to `Block.compare`, and so are damaged ones.

/// Characters of a block that must be the bytes `first` to `last` of the key of `match`.
struct PrefixPiece: BitwiseCopyable {
  /// Where they begin, in bits from the start of the block.
  var bit: UInt64
  /// The first in the lower half, the last in the upper.
  var bytes: UInt64
  var match: Int
}

/// A comparison of a key, and how far it has gone back through the block. It is never copied: a load
/// of what was just stored in parts would have to wait for all of them.
@safe struct PrefixMatch: BitwiseCopyable {
  /// 0 as long as no byte differs.
  var differs: UInt64
  private var key: UnsafeRawPointer
  /// Where the last eight bytes of the key begin.
  private var tail: Int
  private var block: UnsafeRawPointer
  private var width: UInt64
  private var characters: UInt64
  private var sharedBase: Int
  private var restBase: Int
  private var firstLength: Int
  /// Entry `at` of the block has the bytes from `first` to `last`, and more perhaps, from character
  /// `place` on.
  private var at: Int
  private var first: Int
  private var last: Int
  private var place: Int

  /// The numbers of a comparison: 32 bytes of shared lengths, 32 of lengths of rests, and the sums of
  /// none, one, two ... of these, in 16 bits each; and how many bytes all of them take.
  private static let lengths = 32
  private static let sums = 64
  static let numbers = 136

  @inline(__always)
  private static func load(_ at: UnsafeRawPointer) -> UInt64 {
    unsafe UInt64(littleEndian: at.loadUnaligned(as: UInt64.self))
  }

  /// Begins to compare `key` with entry `index` of the block of `bytes` bytes at `start`, behind which
  /// `room` bytes can be read. False when this is left to `Block.compare`.
  @inline(__always)
  mutating func open(
    _ start: UnsafeRawPointer, bytes: UInt64, room: UInt64, _ index: Int,
    _ key: UnsafeRawPointer, _ length: Int, _ numbers: UnsafeMutableRawPointer
  ) -> Bool {
    guard bytes >= 10, length >= 8 else { return false }
    let head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    let width = head & 255
    let sharedWidth = (head &>> 8) & 255
    let restWidth = (head &>> 16) & 255
    let symbols = (head &>> 24) & 255
    let shared = (10 &+ symbols) &* 8
    let rests = shared &+ 31 &* sharedWidth
    let characters = rests &+ 31 &* restWidth
    // Any number of a character is one of a byte that can be read.
    guard width &- 1 < 7, sharedWidth <= 7, restWidth <= 7, symbols <= 1 &<< width,
      characters <= bytes &* 8, 10 &+ (1 &<< width) <= bytes &+ room
    else { return false }
    sharedBase = Int(truncatingIfNeeded: (head &>> 32) & 65535)
    restBase = Int(truncatingIfNeeded: head &>> 48)
    firstLength = unsafe Int(
      UInt16(littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
    // The last eight numbers begin before `characters`.
    unsafe inv_spread(
      start + Int(truncatingIfNeeded: shared &>> 3), shared & 7, sharedWidth, numbers)
    unsafe inv_spread(
      start + Int(truncatingIfNeeded: rests &>> 3), rests & 7, restWidth, numbers + Self.lengths)
    unsafe inv_sums(
      numbers + Self.lengths,
      (numbers + Self.sums).assumingMemoryBound(to: UInt16.self))
    self.width = width
    self.characters = characters
    unsafe block = start
    unsafe self.key = key
    tail = length &- 8
    at = index
    let place = unsafe self.place(index, numbers)
    let first = unsafe self.shared(index, numbers)
    let end = unsafe self.end(index, numbers)
    guard characters &+ UInt64(truncatingIfNeeded: end) &* width <= bytes &* 8 else { return false }
    let slash = unsafe UInt64(key.load(fromByteOffset: length &- 1, as: UInt8.self)) ^ 0x2f
    // Of one that has another length nothing is compared.
    let other = slash | UInt64(truncatingIfNeeded: (first &+ end &- place) ^ (length &- 1))
    differs = other
    self.place = place
    self.first = other == 0 ? first : 0
    last = other == 0 ? length &- 1 : 0
    return true
  }

  /// The sum of the first `count` lengths, at most 31, of rests behind the first.
  @inline(__always)
  private func sum(_ count: Int, _ numbers: UnsafeMutableRawPointer) -> Int {
    unsafe Int(
      numbers.load(fromByteOffset: Self.sums &+ (count & 31) &* 2, as: UInt16.self))
  }

  /// How many characters come before the rest of entry `index`, and how many before its end.
  @inline(__always)
  private func place(_ index: Int, _ numbers: UnsafeMutableRawPointer) -> Int {
    let place = unsafe firstLength &+ restBase &* (index &- 1) &+ sum(index &- 1, numbers)
    return place & ((0 &- index) &>> 63)
  }

  @inline(__always)
  private func end(_ index: Int, _ numbers: UnsafeMutableRawPointer) -> Int {
    unsafe firstLength &+ restBase &* index &+ sum(index, numbers)
  }

  @inline(__always)
  private func shared(_ index: Int, _ numbers: UnsafeMutableRawPointer) -> Int {
    let number = unsafe numbers.load(
      fromByteOffset: (index &- 1) & 31, as: UInt8.self)
    return (sharedBase &+ Int(number)) & ((0 &- index) &>> 63)
  }

  /// The last entry before `at` that shares fewer than `needed` bytes, or the first.
  @inline(__always)
  private func owner(_ needed: Int, _ numbers: UnsafeMutableRawPointer) -> Int {
    let above = needed &- sharedBase &- 128
    let clamped = 128 &+ (above & (above &>> 63))
    let limit = UInt8(truncatingIfNeeded: clamped & ~(clamped &>> 63))
    let less = unsafe UInt64(inv_less(numbers, limit))
    let before = (1 &<< UInt64(truncatingIfNeeded: at)) &- 1
    return 63 &- ((less &<< 1) & before | 1).leadingZeroBitCount
  }

  /// Gives the piece that comes from entry `at`, and goes on to where the bytes before it come from.
  /// How many bytes those are, or less than 0 when the block is damaged.
  @inline(__always)
  mutating func step(
    _ number: Int, _ numbers: UnsafeMutableRawPointer,
    _ pieces: UnsafeMutablePointer<PrefixPiece>, _ count: inout Int
  ) -> Int {
    let (needed, last) = (first, last)
    unsafe pieces[count].bit = characters &+ UInt64(truncatingIfNeeded: place) &* width
    unsafe pieces[count].bytes = UInt64(truncatingIfNeeded: needed | last &<< 32)
    unsafe pieces[count].match = number
    count &+= Self.isNegative(needed &- last)
    let owner = unsafe owner(needed, numbers)
    let first = unsafe shared(owner, numbers)
    let place = unsafe place(owner, numbers)
    let rest = unsafe end(owner, numbers) &- place
    let own = needed &- first
    // The last byte of a prefix is its slash, which is not stored.
    let slash = 1 &- Self.isNegative(own &- rest &- 1)
    let before = unsafe key.load(
      fromByteOffset: needed &- Self.isNegative(0 &- needed), as: UInt8.self)
    differs |= UInt64(before ^ 0x2f) & UInt64(truncatingIfNeeded: 0 &- slash)
    at = owner
    self.first = first
    self.place = place
    self.last = needed &- slash
    return own > rest &+ 1 ? -1 : needed
  }

  /// 1 for what is less than 0, and 0 for what is not, without a branch.
  @inline(__always)
  static func isNegative(_ number: Int) -> Int {
    Int(truncatingIfNeeded: UInt(bitPattern: number) &>> 63)
  }

  /// Compares the first eight bytes of the piece from character bit `bit` and byte `first` to `last` on.
  @inline(__always)
  mutating func compare(bit: UInt64, _ first: Int, _ last: Int) {
    var word = unsafe Self.load(block + Int(truncatingIfNeeded: bit &>> 3)) &>> (bit & 7)
    let width = width
    let mask = (1 &<< width) &- 1
    let alphabet = unsafe block + 10
    var bytes: UInt64 = 0
    for index in 0..<8 {
      let byte = unsafe alphabet.load(
        fromByteOffset: Int(truncatingIfNeeded: word & mask), as: UInt8.self)
      bytes |= UInt64(byte) &<< UInt64(truncatingIfNeeded: index &* 8)
      word &>>= width
    }
    // The last bytes of the key are in the upper part of a word.
    let from = min(first, tail)
    let wanted = unsafe Self.load(key + from) &>> UInt64(truncatingIfNeeded: (first &- from) &* 8)
    let count = UInt64(truncatingIfNeeded: min(8, last &- first))
    differs |= (bytes ^ wanted) & (UInt64.max &>> (64 &- count &* 8))
  }

  /// How many bits eight characters take.
  @inline(__always)
  var stride: UInt64 { width &* 8 }
}
