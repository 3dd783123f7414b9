import CPrefetch

// Looking up in stages that each load from one place: what one stage gives is the address of the
// next, so of many keys all are taken through a stage before the next, and their misses overlap:
// the address is prefetched (__builtin_prefetch of the C compiler), which waits for nothing.
// All addresses are within what `init` has checked, whatever the bytes are.

extension PerfectHash {
  /// What a batch gives for a key that is not there.
  public static let absent = UInt64.max
  @usableFromInline static let batch = 16

  /// The place of a key's pilot.
  struct Pilot: BitwiseCopyable {
    let partition: PerfectHashPartition
    let word: UInt64
    let offset: Int
  }

  @inline(__always)
  private func partition(_ number: UInt64) -> PerfectHashPartition {
    let at = unsafe directory + Int(bitPattern: UInt(number)) &* PerfectHashPartition.size
    return unsafe PerfectHashPartition(
      first: .init(littleEndian: at.loadUnaligned(as: UInt64.self)),
      offset: .init(littleEndian: at.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      keys: .init(littleEndian: at.loadUnaligned(fromByteOffset: 16, as: UInt32.self)),
      buckets: .init(littleEndian: at.loadUnaligned(fromByteOffset: 20, as: UInt32.self)),
      slots: .init(littleEndian: at.loadUnaligned(fromByteOffset: 24, as: UInt32.self)),
      seed: .init(littleEndian: at.loadUnaligned(fromByteOffset: 28, as: UInt32.self)))
  }

  /// First stage: reads the directory.
  @inline(__always)
  func pilot(of hash: KeyHash) -> Pilot {
    let partition = partition(PerfectHashPartition.number(of: hash, among: partitions))
    let offset = partition.offset &+ partition.bucket(of: hash)
    return Pilot(
      partition: partition, word: partition.slotWord(of: hash),
      offset: Int(truncatingIfNeeded: offset))
  }

  /// Second stage: reads a pilot, and of one key in a hundred the remap table. Gives the number of a
  /// slot, or `absent`.
  @inline(__always)
  func slot(_ pilot: Pilot) -> UInt64 {
    let partition = pilot.partition
    let value = unsafe hash.load(fromByteOffset: pilot.offset, as: UInt8.self)
    var slot = partition.slot(of: pilot.word, pilot: value)
    if _slowPath(slot >= UInt64(partition.keys)) {
      let spare = slot &- UInt64(partition.keys)
      let at = partition.offset &+ UInt64(partition.buckets) &+ spare &* 4
      let entry = unsafe hash.loadUnaligned(
        fromByteOffset: Int(truncatingIfNeeded: at), as: UInt32.self)
      slot = UInt64(UInt32(littleEndian: entry))
      if slot >= UInt64(partition.keys) { return Self.absent }
    }
    return partition.first &+ slot
  }

  /// Third stage: reads the slot table. Gives a position, or `absent` when the fingerprint differs.
  @inline(__always)
  func entry(_ slot: UInt64, _ hash: KeyHash) -> UInt64 {
    if _slowPath(slot == Self.absent) { return Self.absent }
    let bit = slot &* width
    let word = unsafe UInt64(
      littleEndian: table.loadUnaligned(
        fromByteOffset: Int(truncatingIfNeeded: bit >> 3), as: UInt64.self))
    let entry = word &>> (bit & 7)
    let differs = ((entry &>> positionBits) ^ hash.second) & fingerprintMask
    return differs == 0 ? entry & positionMask : Self.absent
  }

  /// Asks for what the third stage reads.
  @inline(__always)
  func prefetch(_ slot: UInt64) {
    let bit = slot == Self.absent ? 0 : slot &* width
    unsafe inv_prefetch(table + Int(truncatingIfNeeded: bit >> 3))
  }

  /// The positions of many keys, or `absent` for those that are not there, in less time than one by
  /// one; `found` must have room for as many.
  public func positions(of hashes: Span<KeyHash>, into found: inout MutableSpan<UInt64>) {
    precondition(found.count >= hashes.count)
    unsafe hashes.withUnsafeBufferPointer { hashes in
      unsafe found.withUnsafeMutableBufferPointer { found in
        guard let keys = hashes.baseAddress, let places = found.baseAddress else { return }
        var done = 0
        while done < hashes.count {
          let count = min(Self.batch, hashes.count - done)
          unsafe positions(of: keys + done, count, into: places + done)
          done += count
        }
      }
    }
  }

  /// One batch.
  private func positions(
    of hashes: UnsafePointer<KeyHash>, _ count: Int, into found: UnsafeMutablePointer<UInt64>
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Pilot.self, capacity: Self.batch) { pilots in
      for index in 0..<count {
        let pilot = unsafe pilot(of: hashes[index])
        unsafe inv_prefetch(hash + pilot.offset)
        unsafe pilots[index] = pilot
      }
      for index in 0..<count {
        let slot = unsafe slot(pilots[index])
        prefetch(slot)
        unsafe found[index] = slot
      }
      for index in 0..<count { unsafe found[index] = entry(found[index], hashes[index]) }
    }
  }
}
