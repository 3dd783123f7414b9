/// Finds the seed and the pilots of one partition after another, in memory that it keeps.
///
/// Buckets are placed by falling size. A bucket for which no pilot finds all slots empty takes the
/// pilot that throws out the fewest keys, and the buckets they are of are placed again. What has
/// thrown out others is left alone for a while: without that they would throw each other out for
/// ever. Nothing depends on the order in which the keys come.
@safe struct PerfectHashSearch: ~Copyable {
  /// Two keys with the same hash, by their positions.
  struct Duplicate: Error {
    let positions: (UInt64, UInt64)
  }

  /// How many buckets that threw out others are left alone.
  private static let rest: UInt32 = 16

  private(set) var partition = PerfectHashPartition(
    first: 0, offset: 0, keys: 0, buckets: 1, slots: 1, seed: 0)
  private var records = unsafe UnsafeBufferPointer<PerfectHashRecord>(
    start: nil, count: 0)
  // Of each key its bucket; by bucket, what its slots are made from, and which record it is.
  private var homes = Room<UInt32>()
  private var words = Room<UInt64>()
  private var members = Room<UInt32>()
  // Of each bucket where its keys begin, its pilot, and when it last threw out others.
  private var starts = Room<UInt32>()
  private(set) var pilots = Room<UInt8>()
  private var moved = Room<UInt32>()
  private var order = Room<UInt32>()
  // Of each slot a bit whether it is taken, and the bucket that has it, plus 1.
  private(set) var taken = Room<UInt64>()
  private var owners = Room<UInt32>()
  private var chosen = Room<UInt64>()
  /// Room for the slot table, for whoever writes it.
  var values = Room<UInt64>()
  private var waiting: [UInt32] = []
  private var clock: UInt32 = 0

  /// Looks for pilots with the seed of `partition`; false when they are not to be found.
  mutating func run(
    _ partition: PerfectHashPartition, _ records: UnsafeBufferPointer<PerfectHashRecord>
  ) throws(Duplicate) -> Bool {
    self.partition = partition
    unsafe self.records = records
    let (buckets, slots) = (Int(partition.buckets), Int(partition.slots))
    pilots.fill(buckets, with: 0)
    moved.fill(buckets, with: 0)
    taken.fill((slots + 63) / 64, with: 0)
    owners.fill(slots, with: 0)
    clock = Self.rest
    waiting.removeAll()
    let largest = sortKeys()
    chosen.fill(largest, with: 0)
    sortBuckets(largest)
    var moves = 0
    for index in 0..<buckets {
      var bucket = Int(order[index])
      if size(bucket) == 0 { break }
      while true {
        if !place(bucket) {
          guard try displace(bucket), moves < slots else { return false }
          moves += 1
        }
        guard let next = nextWaiting() else { break }
        bucket = next
      }
    }
    return true
  }

  /// The slot of each key and the number of its record.
  @inline(__always)
  func forEachKey(_ body: (_ record: Int, _ slot: Int) -> Void) {
    for bucket in 0..<Int(partition.buckets) {
      let pilot = pilots[bucket]
      for index in Int(starts[bucket])..<Int(starts[bucket + 1]) {
        let slot = Int(partition.slot(of: words[index], pilot: pilot))
        body(Int(members[index]), slot)
      }
    }
  }

  @inline(__always)
  func isTaken(_ slot: Int) -> Bool { taken[slot / 64] &>> UInt64(slot & 63) & 1 != 0 }

  @inline(__always)
  private func size(_ bucket: Int) -> Int { Int(starts[bucket + 1]) - Int(starts[bucket]) }

  /// Sorts the keys by bucket; gives the size of the largest.
  private mutating func sortKeys() -> Int {
    let (keys, buckets) = (Int(partition.keys), Int(partition.buckets))
    homes.reserve(keys)
    words.reserve(keys)
    members.reserve(keys)
    starts.fill(buckets + 1, with: 0)
    for index in 0..<keys {
      let bucket = unsafe UInt32(truncatingIfNeeded: partition.bucket(of: records[index].hash))
      homes[index] = bucket
      starts[Int(bucket)] &+= 1
    }
    var end: UInt32 = 0
    var largest: UInt32 = 0
    for bucket in 0...buckets {
      largest = max(largest, starts[bucket])
      end &+= starts[bucket]
      starts[bucket] = end
    }
    for index in 0..<keys {
      let bucket = Int(homes[index])
      starts[bucket] &-= 1
      let place = Int(starts[bucket])
      words[place] = unsafe partition.slotWord(of: records[index].hash)
      members[place] = UInt32(truncatingIfNeeded: index)
    }
    return Int(largest)
  }

  /// Puts the buckets in order by falling size, then by number.
  private mutating func sortBuckets(_ largest: Int) {
    let buckets = Int(partition.buckets)
    order.reserve(buckets)
    var next = [Int](repeating: 0, count: largest + 2)
    for bucket in 0..<buckets { next[largest - size(bucket) + 1] += 1 }
    for rank in 0...largest { next[rank + 1] += next[rank] }
    for bucket in 0..<buckets {
      let rank = largest - size(bucket)
      order[next[rank]] = UInt32(bucket)
      next[rank] += 1
    }
  }

  /// Gives `bucket` the first pilot that finds all its slots empty, if there is one.
  private mutating func place(_ bucket: Int) -> Bool {
    let (first, last) = (Int(starts[bucket]), Int(starts[bucket + 1]))
    let partition = partition
    let (words, taken) = unsafe (words.start, taken.start)
    pilots: for pilot in UInt8.min...UInt8.max {
      for index in first..<last {
        let slot = unsafe partition.slot(of: words[index], pilot: pilot)
        let word = unsafe taken[Int(truncatingIfNeeded: slot / 64)]
        if word &>> (slot & 63) & 1 != 0 { continue pilots }
      }
      if occupy(bucket, pilot) { return true }
    }
    return false
  }

  /// Takes the slots that `pilot` gives to `bucket`, all empty, unless two of them are the same.
  private mutating func occupy(_ bucket: Int, _ pilot: UInt8) -> Bool {
    let (first, last) = (Int(starts[bucket]), Int(starts[bucket + 1]))
    for index in first..<last {
      let slot = Int(partition.slot(of: words[index], pilot: pilot))
      if isTaken(slot) {
        clear(first..<index, pilot)
        return false
      }
      taken[slot / 64] |= 1 &<< UInt64(slot & 63)
      owners[slot] = UInt32(bucket + 1)
    }
    pilots[bucket] = pilot
    return true
  }

  private mutating func clear(_ keys: Range<Int>, _ pilot: UInt8) {
    for index in keys {
      let slot = Int(partition.slot(of: words[index], pilot: pilot))
      taken[slot / 64] &= ~(1 &<< UInt64(slot & 63))
      owners[slot] = 0
    }
  }

  /// Gives `bucket` the pilot that throws out the fewest keys; false when there is none.
  private mutating func displace(_ bucket: Int) throws(Duplicate) -> Bool {
    let keys = Int(starts[bucket])..<Int(starts[bucket + 1])
    var best: (cost: Int, pilot: UInt8)?
    // Always beginning with the same pilot would favour the same slots.
    let turn = UInt8(truncatingIfNeeded: clock &* 151)
    for step in UInt8.min...UInt8.max {
      let pilot = step &+ turn
      if let cost = cost(keys, pilot, below: best?.cost ?? .max) { best = (cost, pilot) }
    }
    guard let best else {
      try refuseDuplicates(keys)
      return false
    }
    for index in keys {
      let owner = owners[Int(partition.slot(of: words[index], pilot: best.pilot))]
      if owner == 0 { continue }
      let other = Int(owner - 1)
      clear(Int(starts[other])..<Int(starts[other + 1]), pilots[other])
      waiting.append(UInt32(other))
    }
    clock &+= 1
    moved[bucket] = clock
    return occupy(bucket, best.pilot)
  }

  /// What it costs to throw out those who have the slots that `pilot` gives to `keys`: the squares of
  /// their sizes; nil when it is not below `limit`, or not possible.
  private mutating func cost(_ keys: Range<Int>, _ pilot: UInt8, below limit: Int) -> Int? {
    var cost = 0
    for index in keys {
      let slot = partition.slot(of: words[index], pilot: pilot)
      chosen[index - keys.lowerBound] = slot
      let owner = owners[Int(slot)]
      if owner == 0 { continue }
      let other = Int(owner - 1)
      if moved[other] &+ Self.rest > clock { return nil }
      let size = size(other)
      cost += size * size
      if cost >= limit { return nil }
    }
    for index in 1..<max(1, keys.count) {
      for other in 0..<index where chosen[index] == chosen[other] { return nil }
    }
    return cost
  }

  /// Takes the largest of the buckets that were thrown out, the first of equal ones.
  private mutating func nextWaiting() -> Int? {
    guard var best = waiting.indices.first else { return nil }
    for index in waiting.indices.dropFirst() {
      let (a, b) = (Int(waiting[index]), Int(waiting[best]))
      if (size(a), b) > (size(b), a) { best = index }
    }
    waiting.swapAt(best, waiting.count - 1)
    return Int(waiting.removeLast())
  }

  /// Throws when two of `keys` have the same hash, so that no seed would help.
  private func refuseDuplicates(_ keys: Range<Int>) throws(Duplicate) {
    for index in keys {
      for other in keys.lowerBound..<index where words[other] == words[index] {
        let (a, b) = unsafe (records[Int(members[other])], records[Int(members[index])])
        if a.hash == b.hash {
          throw Duplicate(positions: (min(a.position, b.position), max(a.position, b.position)))
        }
      }
    }
  }
}

/// Memory that grows and is used again; what is in it is only kept until it grows.
@safe struct Room<Element: BitwiseCopyable>: ~Copyable {
  fileprivate private(set) var start = UnsafeMutablePointer<Element>.allocate(capacity: 1)
  private var capacity = 1

  deinit { unsafe start.deallocate() }

  mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    unsafe start.deallocate()
    capacity = count + count / 16
    unsafe start = .allocate(capacity: capacity)
  }

  mutating func fill(_ count: Int, with element: Element) {
    reserve(count)
    unsafe start.update(repeating: element, count: count)
  }

  /// Element `index`, which the caller knows to be within what was reserved.
  @inline(__always)
  subscript(index: Int) -> Element {
    get { unsafe start[index] }
    nonmutating set { unsafe start[index] = newValue }
  }
}
