import InvSystem

/// The threads that build partitions; what they make comes back in the order of the partitions.
struct PerfectHashLine: ~Copyable {
  private let header: PerfectHashHeader
  private let queue: BoundedQueue<PerfectHashWork>
  private let pending: Int
  private var threads: [Thread] = []

  /// Starts `threads` threads, for not more than `pending` partitions at a time; none where one
  /// would only be waited for.
  init(_ header: PerfectHashHeader, threads: Int, pending: Int) throws(Failure) {
    self.header = header
    self.pending = max(1, pending)
    let queue = BoundedQueue<PerfectHashWork>(capacity: self.pending)
    self.queue = queue
    let count = min(threads, self.pending, Int(header.partitions))
    if count == 1 { return }
    for _ in 0..<count {
      self.threads.append(
        try Thread {
          var search = PerfectHashSearch()
          while let work = queue.pop() { work.build(&search, header) }
        })
    }
  }

  deinit {
    queue.abandon()
    for thread in threads { thread.join() }
  }

  /// Builds all partitions of 2 ^ `bits` and hands them on in their order.
  mutating func run(
    _ feed: inout PerfectHashFeed, bits: Int,
    _ body: (PerfectHashBytes) throws(Failure) -> Void
  ) throws(Failure) {
    var search = PerfectHashSearch()
    var works: [PerfectHashWork] = []
    var spare: [[PerfectHashRecord]] = []
    var first: UInt64 = 0
    for number in 0..<Int(header.partitions) {
      var records = spare.popLast() ?? []
      records.removeAll(keepingCapacity: true)
      records.reserveCapacity(Int(header.count / UInt64(header.partitions)) + 1024)
      try feed.next(number, bits: bits, into: &records)
      let work = PerfectHashWork(first: first, records: records)
      first += UInt64(records.count)
      works.append(work)
      if threads.isEmpty { work.build(&search, header) } else { queue.push(work) }
      if works.count >= pending || threads.isEmpty {
        let work = works.removeFirst()
        try body(work.await())
        swap(&records, &work.records)
        spare.append(records)
      }
    }
    for work in works { try body(work.await()) }
  }
}
