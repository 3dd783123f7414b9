import Glibc
import InvBytes
import InvFormat

/// Some rows of a block with the directories that they are in, and the hashes of these.
@safe struct DirectoryBatch: ~Copyable {
  static let rows = 256
  /// When so many bytes of paths have come there is no room for another of any length.
  private static let bytes = 128 << 10

  /// The number of each row in its block.
  private(set) var numbers = [UInt32](repeating: 0, count: rows)
  let hashes: UnsafeMutablePointer<UInt64>
  let lengths: UnsafeMutablePointer<UInt32>
  private let starts: UnsafeMutablePointer<UInt32>
  private let paths: UnsafeMutablePointer<UInt8>
  /// For whoever looks the directories up.
  let entries: UnsafeMutablePointer<UInt32>
  private(set) var count = 0

  // The present key, how much of it is its directory, and how far the block has been read.
  private let key: UnsafeMutablePointer<UInt8>
  private var directory = 0
  private var row = 0
  private var suffix = 0

  init() {
    unsafe hashes = .allocate(capacity: Self.rows)
    unsafe lengths = .allocate(capacity: Self.rows)
    unsafe starts = .allocate(capacity: Self.rows)
    unsafe entries = .allocate(capacity: Self.rows)
    unsafe paths = .allocate(capacity: Self.bytes + Container.keyLimit)
    unsafe key = .allocate(capacity: Container.keyLimit + 16)
  }

  deinit {
    unsafe hashes.deallocate()
    unsafe lengths.deallocate()
    unsafe starts.deallocate()
    unsafe entries.deallocate()
    unsafe paths.deallocate()
    unsafe key.deallocate()
  }

  @inline(__always)
  func path(_ row: Int) -> UnsafePointer<UInt8> { unsafe UnsafePointer(paths + Int(starts[row])) }

  /// Goes to the first row of a block.
  mutating func begin() { (row, suffix, directory, count) = (0, 0, 0, 0) }

  /// Takes the next rows of `block` whose directories are of this share; false when there are none.
  ///
  /// Rows that `isElsewhere` are passed over.
  mutating func fill(
    _ block: ObjectBlock, _ share: HashShare, maxDepth: Int, isElsewhere: (Int) -> Bool
  ) -> Bool {
    count = 0
    var used = 0
    // Of the directory of the row before, if it is known here.
    var (hash, start, isOurs, isKnown) = (UInt64(0), 0, false, false)
    let (keys, payload) = (block.keys, block.frame.payload)
    unsafe payload.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let suffixes = unsafe (base + keys.bytes.lowerBound).assumingMemoryBound(to: UInt8.self)
      while row < block.rows, count < Self.rows, used < Self.bytes {
        let shared = unsafe Int(keys.shared.value(row, from: base))
        let length = unsafe Int(keys.suffix.value(row, from: base))
        let added = unsafe suffixes + suffix
        unsafe memcpy(key + shared, added, length)
        let end = end(shared, length, maxDepth)
        if !isKnown || end != directory || shared < end {
          directory = end
          hash = unsafe share.hash(key, end)
          isOurs = share.has(hash)
          isKnown = true
          if isOurs {
            unsafe memcpy(paths + used, key, end)
            start = used
            used += end
          }
        }
        if isOurs, !isElsewhere(row) {
          numbers[count] = UInt32(row)
          unsafe hashes[count] = hash
          unsafe starts[count] = UInt32(start)
          unsafe lengths[count] = UInt32(end)
          count += 1
        }
        row += 1
        suffix += length
      }
    }
    return count > 0 || row < block.rows
  }

  /// How much of the key, of which `length` bytes are new, is its directory.
  @inline(__always)
  private func end(_ shared: Int, _ length: Int, _ maxDepth: Int) -> Int {
    if maxDepth < .max { return end(of: shared + length, maxDepth) }
    let known = shared >= directory ? directory : 0
    var end = shared + length
    // What is between the present directory and the new bytes has no slash.
    let least = known > 0 ? shared : 0
    while end > least, unsafe key[end - 1] != 0x2f { end -= 1 }
    return end > least ? end : known
  }

  /// The same where deeper directories count in their ancestor.
  private func end(of length: Int, _ maxDepth: Int) -> Int {
    var end = 0
    for _ in 0..<maxDepth {
      guard let slash = unsafe memchr(key + end, 0x2f, length - end) else { break }
      end = unsafe slash - UnsafeMutableRawPointer(key) + 1
    }
    return end
  }
}

/// One of several shares that directories are dealt into by the hash of their path.
struct HashShare {
  let number: Int
  let count: Int
  let seed: UInt64

  /// Whether a hash is of this share.
  @inline(__always)
  func has(_ hash: UInt64) -> Bool {
    count == 1 || Int((hash & 0xffff) &* UInt64(count) >> 16) == number
  }

  /// The hash of `length` bytes, behind which sixteen more can be read.
  @inline(__always)
  func hash(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let start = unsafe UnsafeRawPointer(bytes)
    var hash = seed ^ UInt64(truncatingIfNeeded: length)
    var at = 0
    while at &+ 16 <= length {
      let word = unsafe start.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let next = unsafe start.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self)
      hash = Self.mix(hash ^ word, next ^ 0x9E37_79B9_7F4A_7C15)
      at &+= 16
    }
    let left = UInt64(truncatingIfNeeded: length &- at)
    let word = unsafe start.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    let next = unsafe start.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self)
    let (low, high) = (Self.first(min(left, 8)), Self.first(left &- min(left, 8)))
    hash = Self.mix(hash ^ (word & low), (next & high) ^ 0xE703_7ED1_A0B4_28DB)
    return Self.mix(hash, 0xA076_1D64_78BD_642F)
  }

  /// The mask of the first bytes of a word.
  @inline(__always)
  private static func first(_ bytes: UInt64) -> UInt64 {
    bytes == 8 ? .max : (1 &<< (bytes &* 8)) &- 1
  }

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
