import InvBytes
import InvSystem

/// Sorts positions by depth, in bounded memory: the depth index of an index.
@safe struct DepthSorter: ~Copyable {
  /// A record has the depth above the position, so that records sort as numbers.
  private static let positionBits: UInt64 = 47
  static let positionLimit: UInt64 = 1 << positionBits

  private let place: IndexPlace
  private let limit: Int
  private var records = PlainList<UInt64>(capacity: 4096)
  private var scratch = PlainList<UInt64>(capacity: 1)
  private let spill: SpillFile
  /// Where each sorted run ends in the spill, in records.
  private var runs: [UInt64] = []
  private var greatest = 0
  private var position: UInt64 = 0

  /// Keeps records in up to `memory` bytes.
  init(in place: IndexPlace, memory: Int) {
    self.place = place
    // The sorted copy takes as much again, and a list that grows as much once more.
    limit = max(4096, memory / 32)
    spill = SpillFile(in: place.temporaryFolder)
  }

  deinit {
    records.free()
    scratch.free()
  }

  /// Adds the depths of the next `count` positions.
  mutating func append(_ depths: UnsafePointer<UInt64>, _ count: Int) throws(Failure) {
    if records.count + count > limit { try spillRun() }
    records.reserve(count)
    for index in 0..<count {
      let depth = unsafe depths[index]
      records.add(depth &<< Self.positionBits | position)
      greatest = max(greatest, Int(truncatingIfNeeded: depth))
      position &+= 1
    }
  }

  /// Sets `scratch` to the records by depth; positions have come in order.
  private mutating func sort() {
    var starts = [Int](repeating: 0, count: greatest + 2)
    for index in 0..<records.count { starts[Int(records[index] >> Self.positionBits) + 1] += 1 }
    for depth in 0...greatest { starts[depth + 1] += starts[depth] }
    scratch.removeAll()
    scratch.setCount(records.count)
    for index in 0..<records.count {
      let record = records[index]
      let depth = Int(record >> Self.positionBits)
      scratch[starts[depth]] = record
      starts[depth] += 1
    }
    records.removeAll()
  }

  private mutating func spillRun() throws(Failure) {
    sort()
    unsafe try spill.append(UnsafeRawBufferPointer(scratch.buffer))
    runs.append((runs.last ?? 0) + UInt64(scratch.count))
  }

  /// Writes the two columns.
  mutating func write() throws(Failure) -> [IndexFileWriter] {
    let index = try ColumnWriter("depth_index.u64", in: place, rising: true)
    let levels = try ColumnWriter("depth_levels.u64", in: place)
    var level = -1
    func take(_ record: UInt64) throws(Failure) {
      while level < Int(record >> Self.positionBits) {
        try levels.append(index.total)
        level += 1
      }
      try index.append(record & (Self.positionLimit - 1))
    }
    if runs.isEmpty {
      sort()
      for index in 0..<scratch.count { try take(scratch[index]) }
    } else {
      if !records.isEmpty { try spillRun() }
      try merge(take)
    }
    try levels.append(index.total)
    return [try index.end(), try levels.end()]
  }

  private mutating func merge(_ take: (UInt64) throws(Failure) -> Void) throws(Failure) {
    let size = min(8192, max(512, limit / runs.count / 4))
    scratch.removeAll(keeping: 1)
    scratch.setCount(size * runs.count)
    var cursors: [Cursor] = []
    var start: UInt64 = 0
    for (run, end) in runs.enumerated() {
      let room = unsafe UnsafeMutableBufferPointer(start: scratch.start + run * size, count: size)
      cursors.append(unsafe Cursor(start..<end, room))
      start = end
    }
    for depth in 0...greatest {
      for run in cursors.indices {
        while let record = try cursors[run].head(spill), Int(record >> Self.positionBits) == depth {
          try take(record)
          cursors[run].advance()
        }
      }
    }
  }

  /// Where the reading of a sorted run stands.
  @safe private struct Cursor {
    /// What has not been read yet, in records.
    private var rest: Range<UInt64>
    private let room: UnsafeMutableBufferPointer<UInt64>
    private var count = 0
    private var place = 0

    init(_ run: Range<UInt64>, _ room: UnsafeMutableBufferPointer<UInt64>) {
      rest = run
      unsafe self.room = room
    }

    /// The present record; nil behind the last.
    mutating func head(_ spill: SpillFile) throws(Failure) -> UInt64? {
      if place == count {
        if rest.isEmpty { return nil }
        count = unsafe min(room.count, rest.count)
        place = 0
        let part = unsafe UnsafeMutableBufferPointer(rebasing: room[..<count])
        unsafe try spill.read(UnsafeMutableRawBufferPointer(part), at: rest.lowerBound * 8)
        rest = rest.lowerBound + UInt64(count)..<rest.upperBound
      }
      return unsafe room[place]
    }

    mutating func advance() { place += 1 }
  }
}
