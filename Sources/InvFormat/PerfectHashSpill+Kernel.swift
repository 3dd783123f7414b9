import InvSystem

/// Records that do not fit in memory: sorted chunks, one behind another, in a file without a name.
struct PerfectHashSpill: ~Copyable {
  private let file: Descriptor
  private(set) var chunks: [Range<UInt64>] = []

  /// Makes the file in `folder`.
  init(in folder: String) throws(Failure) { file = try Descriptor.scratch(in: folder) }

  /// Adds a chunk of sorted records.
  mutating func write(_ records: borrowing PerfectHashRecords) throws(Failure) {
    let bytes = unsafe UnsafeRawBufferPointer(
      UnsafeBufferPointer(start: records.start, count: records.count))
    unsafe try file.write(bytes)
    let start = chunks.last?.upperBound ?? 0
    chunks.append(start..<start + UInt64(records.count))
  }

  /// Fills `room` with the records from number `first` on.
  func read(_ room: UnsafeMutableBufferPointer<PerfectHashRecord>, from first: UInt64)
    throws(Failure)
  {
    let start = first * UInt64(MemoryLayout<PerfectHashRecord>.stride)
    unsafe try file.readAll(UnsafeMutableRawBufferPointer(room), at: start)
  }
}

/// Hands out all records partition by partition: each chunk is sorted, so each is read once, from
/// front to back, through its share of the memory.
@safe struct PerfectHashFeed: ~Copyable {
  /// The records of a chunk that are in memory, and those that are still in the file.
  private struct Cursor {
    var room: Range<Int>
    var ready: Range<Int>
    var rest: Range<UInt64>
  }

  private static let leastShare = 64

  private let records: PerfectHashRecords
  private let spill: PerfectHashSpill?
  private var cursors: [Cursor] = []

  /// The records in memory, sorted, or those that were spilled; then the memory is used to read them.
  init(_ records: consuming PerfectHashRecords, _ spill: consuming PerfectHashSpill?) {
    var records = records
    if let chunks = spill?.chunks {
      // Reads of less than this would cost more than the memory.
      let least = chunks.count * Self.leastShare
      if records.capacity < least { records = PerfectHashRecords(capacity: least) }
      let share = records.capacity / max(1, chunks.count)
      for (index, chunk) in chunks.enumerated() {
        let start = index * share
        cursors.append(Cursor(room: start..<start + share, ready: start..<start, rest: chunk))
      }
    } else {
      let all = 0..<records.count
      cursors.append(Cursor(room: all, ready: all, rest: 0..<0))
    }
    self.records = records
    self.spill = spill
  }

  /// Adds to `part` the records of the next partition, `number` of 2 ^ `bits`.
  mutating func next(_ number: Int, bits: Int, into part: inout [PerfectHashRecord])
    throws(Failure)
  {
    for index in cursors.indices {
      while true {
        if cursors[index].ready.isEmpty {
          if cursors[index].rest.isEmpty { break }
          try refill(index)
        }
        let ready = cursors[index].ready
        var end = ready.lowerBound
        while end < ready.upperBound,
          unsafe Int(truncatingIfNeeded: records.start[end].hash.first >> (64 - bits)) == number
        {
          end += 1
        }
        let found = unsafe UnsafeBufferPointer(
          start: records.start + ready.lowerBound, count: end - ready.lowerBound)
        unsafe part.append(contentsOf: found)
        cursors[index].ready = end..<ready.upperBound
        if end < ready.upperBound { break }
      }
    }
  }

  private mutating func refill(_ index: Int) throws(Failure) {
    let cursor = cursors[index]
    let count = min(cursor.room.count, cursor.rest.count)
    let room = unsafe UnsafeMutableBufferPointer(
      start: records.start + cursor.room.lowerBound, count: count)
    unsafe try spill?.read(room, from: cursor.rest.lowerBound)
    cursors[index].ready = cursor.room.lowerBound..<cursor.room.lowerBound + count
    cursors[index].rest = cursor.rest.lowerBound + UInt64(count)..<cursor.rest.upperBound
  }
}
