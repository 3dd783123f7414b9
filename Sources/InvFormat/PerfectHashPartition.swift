/// One partition of a perfect hash and where its keys go: inv-index(5), "mph.bin".
///
/// Builder and reader both compute buckets and slots here.
struct PerfectHashPartition: Equatable, BitwiseCopyable {
  static let size = 32
  /// The odd numbers that hashes are multiplied by.
  static let seedFactor: UInt64 = 0x9e37_79b9_7f4a_7c15
  static let bucketFactor: UInt64 = 0xd6e8_feb8_6659_fd93
  static let pilotFactor: UInt64 = 0x5851_f42d_4c95_7f2d
  static let slotFactor: UInt64 = 0xa076_1d64_78bd_642f

  /// How many keys come before its own.
  var first: UInt64
  /// Where its pilots begin; the entries of its remap table follow them.
  var offset: UInt64
  var keys: UInt32
  var buckets: UInt32
  var slots: UInt32
  var seed: UInt32

  /// The partition of `hash` among `count`.
  @inline(__always)
  static func number(of hash: KeyHash, among count: UInt64) -> UInt64 {
    hash.first.multipliedFullWidth(by: count).high
  }

  @inline(__always)
  private var salt: UInt64 { UInt64(seed) &* Self.seedFactor }

  /// The bucket of a key. It is skewed, by about the cube of an even value, so that the first
  /// buckets are large and find room in empty slots, and the last are small.
  @inline(__always)
  func bucket(of hash: KeyHash) -> UInt64 {
    let even = (hash.second ^ salt) &* Self.bucketFactor
    let square = even.multipliedFullWidth(by: even).high
    let cube = square.multipliedFullWidth(by: even >> 1 | 1 << 63).high
    let skewed = cube &- (cube >> 8) &+ (even >> 8)
    return skewed.multipliedFullWidth(by: UInt64(buckets)).high
  }

  /// What the slots of a key are made from.
  @inline(__always)
  func slotWord(of hash: KeyHash) -> UInt64 { (hash.first ^ salt) &+ hash.second }

  /// The slot that `pilot` gives to a key, among `slots`.
  @inline(__always)
  func slot(of word: UInt64, pilot: UInt8) -> UInt64 {
    let mixed = (word ^ (UInt64(pilot) &* Self.pilotFactor)) &* Self.slotFactor
    return mixed.multipliedFullWidth(by: UInt64(slots)).high
  }
}

/// The header of mph.bin: inv-index(5), "mph.bin".
struct PerfectHashHeader {
  static let size = 64
  /// The slot table's entries are read with one load of eight bytes.
  static let widthLimit = 56

  let count: UInt64
  let partitions: UInt32
  let positionBits: Int
  let fingerprintBits: Int

  var width: Int { positionBits + fingerprintBits }

  /// How many bits the greatest of `count` positions has.
  static func positionBits(_ count: UInt64) -> Int {
    count == 0 ? 0 : 64 - (count - 1).leadingZeroBitCount
  }

  /// How long the slot table is, in bytes; nil when that is no length.
  var tableLength: Int? {
    let (bits, overflow) = count.multipliedReportingOverflow(by: UInt64(width))
    return overflow ? nil : Int(bits / 8) + (bits % 8 == 0 ? 0 : 1) + 8
  }
}
