import InvBytes
import InvSystem

/// Sorts positions by depth, in bounded memory: the depth index of an index.
final class DepthSorter {
  /// A record has the depth above the position, so that records sort as numbers.
  private static let positionBits: UInt64 = 47
  static let positionLimit: UInt64 = 1 << positionBits

  private let place: IndexPlace
  private let limit: Int
  private var records: [UInt64] = []
  private var spill: SpillFile?
  /// Where each sorted run begins in the spill, in records.
  private var runs: [UInt64] = []
  private var spilled: UInt64 = 0
  private var greatest = 0
  private var scratch: [UInt64] = []

  /// Keeps up to `memory` bytes of records.
  init(in place: IndexPlace, memory: Int) {
    self.place = place
    // The sorted copy takes as much again.
    limit = max(4096, memory / 16)
  }

  /// Adds the next position, at that depth.
  @inline(__always)
  func append(depth: Int, position: UInt64) throws(Failure) {
    records.append(UInt64(depth) << Self.positionBits | position)
    if depth > greatest { greatest = depth }
    if records.count >= limit { try spillRun() }
  }

  /// Sorts `records` by depth; positions have come in order.
  private func sort() {
    var starts = [Int](repeating: 0, count: greatest + 2)
    for record in records { starts[Int(record >> Self.positionBits) + 1] += 1 }
    for depth in 0...greatest { starts[depth + 1] += starts[depth] }
    scratch = [UInt64](repeating: 0, count: records.count)
    for record in records {
      let depth = Int(record >> Self.positionBits)
      scratch[starts[depth]] = record
      starts[depth] += 1
    }
    swap(&records, &scratch)
    scratch = []
  }

  private func spillRun() throws(Failure) {
    sort()
    let file = spill ?? SpillFile(place.spill("depths"))
    spill = file
    runs.append(spilled)
    var bytes: [UInt8] = []
    for record in records {
      bytes.append(littleEndian: record)
      if bytes.count >= 64 << 10 {
        try file.append(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try file.append(bytes)
    spilled += UInt64(records.count)
    records.removeAll(keepingCapacity: true)
  }

  /// Writes the two columns.
  func write() throws(Failure) -> [IndexFileWriter] {
    let index = try ColumnWriter("depth_index.u64", in: place, rising: true)
    let levels = try ColumnWriter("depth_levels.u64", in: place)
    var level = -1
    var count: UInt64 = 0
    func take(_ record: UInt64) throws(Failure) {
      while level < Int(record >> Self.positionBits) {
        try levels.append(count)
        level += 1
      }
      try index.append(record & (Self.positionLimit - 1))
      count += 1
    }
    if runs.isEmpty {
      sort()
      for record in records { try take(record) }
    } else {
      if !records.isEmpty { try spillRun() }
      try merge(take)
    }
    try levels.append(count)
    return [try index.end(), try levels.end()]
  }

  private func merge(_ take: (UInt64) throws(Failure) -> Void) throws(Failure) {
    guard let spill else { return }
    var cursors: [Cursor] = []
    for (run, start) in runs.enumerated() {
      let end = run + 1 < runs.count ? runs[run + 1] : spilled
      var cursor = Cursor(at: start, end: end, size: min(8192, max(512, limit / runs.count / 8)))
      try cursor.fill(spill)
      cursors.append(cursor)
    }
    for depth in 0...greatest {
      for run in cursors.indices {
        while let record = cursors[run].head, Int(record >> Self.positionBits) == depth {
          try take(record)
          try cursors[run].advance(spill)
        }
      }
    }
  }

  /// Where the reading of a sorted run stands.
  private struct Cursor {
    private var at: UInt64
    private let end: UInt64
    private let size: Int
    private var records: [UInt64] = []
    private var place = 0

    init(at: UInt64, end: UInt64, size: Int) {
      (self.at, self.end, self.size) = (at, end, size)
    }

    var head: UInt64? { place < records.count ? records[place] : nil }

    mutating func advance(_ spill: SpillFile) throws(Failure) {
      place += 1
      if place == records.count { try fill(spill) }
    }

    mutating func fill(_ spill: SpillFile) throws(Failure) {
      let count = Int(min(UInt64(size), end - at))
      var bytes = [UInt8](repeating: 0, count: count * 8)
      try spill.read(&bytes, at: at * 8)
      records = (0..<count).map { bytes.raw.u64(at: $0 * 8) }
      at += UInt64(count)
      place = 0
    }
  }
}
