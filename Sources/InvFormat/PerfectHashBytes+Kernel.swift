import InvBytes
import InvSystem

/// The bytes of one partition.
struct PerfectHashBytes: Sendable {
  static let seedLimit: UInt32 = 64

  private(set) var partition: PerfectHashPartition
  /// The pilots, then the remap table.
  private(set) var pilots: [UInt8] = []
  /// Its part of the slot table. It begins in the byte, and at the bit, where the part before ended.
  private(set) var entries: [UInt8] = []

  /// Builds the partition of `records`; `first` keys come before them.
  init(
    first: UInt64, _ records: [PerfectHashRecord], _ header: PerfectHashHeader,
    _ search: inout PerfectHashSearch
  ) throws(Failure) {
    guard let keys = UInt32(exactly: records.count), keys < .max / 2 else {
      throw .data("\(records.count) keys have hashes that hardly differ")
    }
    partition = PerfectHashPartition(
      first: first, offset: 0, keys: keys, buckets: keys / 10 * 3 + 1, slots: keys + keys / 100 + 1,
      seed: 0)
    try find(records, &search)
    write(records, header, &search)
  }

  /// Finds the first seed that has pilots.
  private mutating func find(_ records: [PerfectHashRecord], _ search: inout PerfectHashSearch)
    throws(Failure)
  {
    for seed in 0..<Self.seedLimit {
      partition.seed = seed
      let isFound = unsafe try records.withUnsafeBufferPointer { (keys) throws(Failure) in
        do throws(PerfectHashSearch.Duplicate) {
          return unsafe try search.run(partition, keys)
        } catch {
          let (a, b) = error.positions
          throw Failure.data("the keys of rows \(a) and \(b) have the same 128-bit hash")
        }
      }
      if isFound { return }
    }
    throw Failure("no seed places the \(records.count) keys of a partition", .fault)
  }

  /// Writes pilots, remap table and slots.
  private mutating func write(
    _ records: [PerfectHashRecord], _ header: PerfectHashHeader,
    _ search: inout PerfectHashSearch
  ) {
    let (keys, slots) = (Int(partition.keys), Int(partition.slots))
    pilots.reserveCapacity(Int(partition.length))
    for bucket in 0..<Int(partition.buckets) { pilots.append(search.pilots[bucket]) }
    // The spare slots that are taken stand for the slots below that are empty, both as they rise.
    var remap = [UInt32](repeating: 0, count: slots - keys)
    var empty = 0
    for slot in keys..<slots where search.isTaken(slot) {
      while search.isTaken(empty) { empty += 1 }
      remap[slot - keys] = UInt32(empty)
      empty += 1
    }
    for slot in remap { pilots.append(littleEndian: slot) }

    let mask: UInt64 = (1 << UInt64(header.fingerprintBits)) - 1
    let shift = UInt64(header.positionBits)
    search.values.reserve(keys)
    unsafe records.withUnsafeBufferPointer { records in
      search.forEachKey { index, slot in
        let record = unsafe records[index]
        let place = slot < keys ? slot : Int(remap[slot - keys])
        search.values[place] = record.position | (record.hash.second & mask) << shift
      }
    }
    pack(search.values, width: header.width)
  }

  private mutating func pack(_ values: borrowing Room<UInt64>, width: Int) {
    var used = Int(truncatingIfNeeded: (partition.first &* UInt64(width)) & 7)
    let keys = Int(partition.keys)
    if keys == 0 { return }
    let bits = used + keys * width
    entries = [UInt8](repeating: 0, count: (bits + 7) / 8 + 8)
    unsafe entries.withUnsafeMutableBytes { bytes in
      for index in 0..<keys {
        let at = used >> 3
        // No entry has more than 56 bits, so that with the bits before it in its byte it fits.
        let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        let sum = UInt64(littleEndian: word) | values[index] &<< UInt64(used & 7)
        unsafe bytes.storeBytes(of: sum.littleEndian, toByteOffset: at, as: UInt64.self)
        used += width
      }
    }
    entries.removeLast(8)
  }
}
