/// What the builder keeps of a key.
struct PerfectHashRecord: BitwiseCopyable {
  var hash: KeyHash
  var position: UInt64
}

/// Memory for as many records as a budget allows; it is touched only as it fills.
@safe struct PerfectHashRecords: ~Copyable {
  let capacity: Int
  private(set) var count = 0
  let start: UnsafeMutablePointer<PerfectHashRecord>

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    unsafe start = .allocate(capacity: self.capacity)
  }

  deinit { unsafe start.deallocate() }

  var isFull: Bool { count == capacity }

  /// Adds a record; there must be room.
  @inline(__always)
  mutating func append(_ record: PerfectHashRecord) {
    precondition(count < capacity)
    unsafe start[count] = record
    count &+= 1
  }

  mutating func removeAll() { count = 0 }

  /// Sorts by the first 16 bits of the hash, as far as partitions can tell them apart.
  mutating func sort() {
    unsafe Self.sort(start, count, shift: 56)
  }

  /// Sorts by the eight bits at `shift`, in place (American flag sort), then by the eight below.
  private static func sort(
    _ start: UnsafeMutablePointer<PerfectHashRecord>, _ count: Int, shift: UInt64
  ) {
    if count <= 32 { return unsafe insertionSort(start, count) }
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 512) { room in
      let (next, ends) = unsafe (
        room.baseAddress.unsafelyUnwrapped, room.baseAddress.unsafelyUnwrapped + 256
      )
      unsafe ends.initialize(repeating: 0, count: 256)
      for index in 0..<count {
        unsafe ends[Int((start[index].hash.first &>> shift) & 255)] += 1
      }
      var end = 0
      for bin in 0..<256 {
        unsafe next[bin] = end
        end += unsafe ends[bin]
        unsafe ends[bin] = end
      }
      for bin in 0..<256 {
        while unsafe next[bin] < ends[bin] {
          var record = unsafe start[next[bin]]
          while true {
            let other = Int((record.hash.first &>> shift) & 255)
            let place = unsafe next[other]
            unsafe next[other] = place + 1
            if other == bin {
              unsafe start[place] = record
              break
            }
            let displaced = unsafe start[place]
            unsafe start[place] = record
            record = displaced
          }
        }
      }
      guard shift == 56 else { return }
      var first = 0
      for bin in 0..<256 {
        let end = unsafe ends[bin]
        unsafe sort(start + first, end - first, shift: 48)
        first = end
      }
    }
  }

  private static func insertionSort(
    _ start: UnsafeMutablePointer<PerfectHashRecord>, _ count: Int
  ) {
    for index in stride(from: 1, to: count, by: 1) {
      let record = unsafe start[index]
      var place = index
      while place > 0, unsafe start[place - 1].hash.first > record.hash.first {
        unsafe start[place] = start[place - 1]
        place -= 1
      }
      unsafe start[place] = record
    }
  }
}
