public import InvSystem

/// Builds the perfect hash of keys that come one by one, in bounded memory: inv-index(5), "mph.bin".
///
/// What it writes depends on the keys and their positions, not on memory or threads.
public struct PerfectHashBuilder: ~Copyable {
  /// A partition has at most about so many keys: one and what it takes to build it fit in a cache.
  static let partitionKeys: UInt64 = 1 << 16
  /// What a partition takes at most while it is built.
  private static let partitionMemory: UInt64 = 5 << 20
  private static let fingerprintBits = 8
  /// Records are only sorted by so many bits.
  private static let bitsLimit = 16

  private let folder: String
  private let threads: Int
  private let memory: UInt64
  private var records: PerfectHashRecords
  private var spill: PerfectHashSpill?
  private var count: UInt64 = 0

  /// A builder that keeps what does not fit in `memory` bytes in `folder`, in a file without a name.
  public init(temporary folder: String, memory: UInt64, threads: Int) {
    self.init(
      temporary: folder, memory: memory, threads: threads,
      records: Int(memory / 3) / MemoryLayout<PerfectHashRecord>.stride)
  }

  /// The same with so many records in memory.
  init(temporary folder: String, memory: UInt64, threads: Int, records: Int) {
    self.folder = folder
    self.threads = max(1, threads)
    self.memory = memory
    self.records = PerfectHashRecords(capacity: records)
  }

  /// Adds the key of the next position: the first has position 0.
  @inline(__always)
  public mutating func add(_ hash: KeyHash) throws(Failure) {
    if records.isFull { try flush() }
    records.append(PerfectHashRecord(hash: hash, position: count))
    count &+= 1
  }

  private mutating func flush() throws(Failure) {
    if spill == nil { spill = try PerfectHashSpill(in: folder) }
    records.sort()
    try spill?.write(records)
    records.removeAll()
  }

  /// Builds and writes: mph.bin to `hash` and mph_pos.bin to `slots`, both without the header that
  /// all files of an index have, in pieces of any size, the last of both before it returns.
  public consuming func finish(
    hash: ([UInt8]) throws(Failure) -> Void, slots: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    if spill != nil, records.count > 0 { try flush() }
    if spill == nil { records.sort() }
    var bits = 0
    while bits < Self.bitsLimit, count >> UInt64(bits) > Self.partitionKeys { bits += 1 }
    let header = PerfectHashHeader(
      count: count, partitions: 1 << UInt32(bits),
      positionBits: PerfectHashHeader.positionBits(count), fingerprintBits: Self.fingerprintBits)
    guard header.width <= PerfectHashHeader.widthLimit else {
      throw .data("an index of \(count) prefixes is over the limit")
    }
    let pending = min(UInt64(2 * threads), max(1, memory / 3 / Self.partitionMemory))
    let writer = PerfectHashWriter(header)
    var line = try PerfectHashLine(header, threads: threads, pending: Int(pending))
    var feed = PerfectHashFeed(records, spill)
    try hash(header.bytes)
    try line.run(&feed, bits: bits) { built throws(Failure) in
      let (pilots, entries) = writer.take(built)
      try hash(pilots)
      try slots(entries)
    }
    let (directory, end) = writer.end()
    try hash(directory)
    try slots(end)
  }
}

/// Puts the bytes of the partitions behind each other.
final class PerfectHashWriter {
  private var directory: [UInt8] = []
  private var offset = UInt64(PerfectHashHeader.size)
  /// The byte of the slot table that the next partition fills up, if it is not whole.
  private var last: UInt8 = 0
  private var isOpen = false
  private let width: UInt64

  init(_ header: PerfectHashHeader) {
    width = UInt64(header.width)
  }

  /// What the next partition adds to the two files.
  func take(_ built: PerfectHashBytes) -> (pilots: [UInt8], entries: [UInt8]) {
    var partition = built.partition
    partition.offset = offset
    offset += partition.length
    partition.write(to: &directory)
    var entries = built.entries
    if !entries.isEmpty {
      entries[0] |= last
      isOpen = (partition.first + UInt64(partition.keys)) * width % 8 != 0
      last = isOpen ? entries.removeLast() : 0
    }
    return (built.pilots, entries)
  }

  /// What ends the two files.
  func end() -> (directory: [UInt8], entries: [UInt8]) {
    let padding = [UInt8](repeating: 0, count: Int((64 - offset % 64) % 64))
    return (padding + directory, (isOpen ? [last] : []) + [UInt8](repeating: 0, count: 8))
  }
}
