import Glibc
import InvBytes
import InvFormat
import InvSystem

/// The loop of a merge: takes rows in order, adds what is equal and fills batches.
struct MergeLoop: ~Copyable {
  private var tree: LoserTree
  /// Deeper rows count in their ancestor at this depth.
  private let maxDepth: Int?
  private var batch = PrefixBatch()
  /// The row that may still grow.
  private var prefix: [UInt8] = []
  private var common = 0
  private var listed: UInt64 = 0
  private var times = RowTimes()
  private var cells: [Cell] = []
  private var hasRow = false
  private var more: [Cell] = []
  private var sum: [Cell] = []
  /// How many rows have come.
  private(set) var rowsRead: UInt64 = 0

  init(_ states: [RunState], from lower: [UInt8]?, maxDepth: Int?) throws(Failure) {
    self.maxDepth = maxDepth
    var tree = try LoserTree(states)
    tree.start()
    if let lower {
      while tree.hasRow, unsafe tree.runs[tree.winner].isBefore(lower) { try tree.advance() }
    }
    self.tree = tree
  }

  /// Goes on until a batch of about `size` bytes is full, or the rows end; nil when there are none.
  ///
  /// The first row of a batch gives its prefix whole.
  mutating func next(size: Int) throws(Failure) -> PrefixBatch? {
    batch = PrefixBatch()
    common = 0
    while tree.hasRow {
      rowsRead &+= 1
      let run = unsafe tree.runs + tree.winner
      var length = unsafe run.pointee.length
      if let maxDepth { length = unsafe Self.cut(run.pointee.key, length, at: maxDepth) }
      let shared = min(unsafe run.pointee.shared, length)
      if hasRow, shared == length, length == prefix.count {
        try unsafe add(run)
      } else {
        if hasRow { flush() }
        unsafe begin(run, length: length, shared: shared)
        try unsafe run.pointee.appendCells(to: &cells)
      }
      try tree.advance()
      if batch.rows & 255 == 255, batch.size >= size { return batch }
    }
    if hasRow { flush() }
    return batch.rows > 0 ? batch : nil
  }

  private mutating func begin(
    _ run: UnsafeMutablePointer<RunState>, length: Int, shared: Int
  ) {
    // A cut prefix may share more with the one before than the keys' difference tells.
    let kept = min(shared, prefix.count)
    prefix.removeSubrange(kept...)
    unsafe prefix.append(
      contentsOf: UnsafeBufferPointer(start: run.pointee.key + kept, count: length - kept))
    common = batch.rows == 0 ? 0 : kept
    listed = unsafe run.pointee.listed
    times = unsafe run.pointee.times
    cells.removeAll(keepingCapacity: true)
    hasRow = true
  }

  private mutating func flush() {
    batch.append(
      prefix, sharing: batch.rows == 0 ? 0 : common, listed: listed, times: times, cells: cells)
    hasRow = false
  }

  /// Adds the present row of `run`, which has the same prefix.
  private mutating func add(_ run: UnsafeMutablePointer<RunState>) throws(Failure) {
    let (total, overflow) = listed.addingReportingOverflow(unsafe run.pointee.listed)
    listed = total
    times.add(unsafe run.pointee.times)
    more.removeAll(keepingCapacity: true)
    try unsafe run.pointee.appendCells(to: &more)
    guard !overflow, addCells() else {
      throw unsafe run.pointee.fault("the sum of equal prefixes is over 2^64")
    }
  }

  private mutating func addCells() -> Bool {
    sum.removeAll(keepingCapacity: true)
    var (a, b) = (0, 0)
    var fits = true
    while a < cells.count, b < more.count {
      if cells[a].code < more[b].code {
        sum.append(cells[a])
        a += 1
      } else if more[b].code < cells[a].code {
        sum.append(more[b])
        b += 1
      } else {
        var cell = cells[a]
        if !cell.add(objects: more[b].objects, bytes: more[b].bytes) { fits = false }
        sum.append(cell)
        (a, b) = (a + 1, b + 1)
      }
    }
    while a < cells.count {
      sum.append(cells[a])
      a += 1
    }
    while b < more.count {
      sum.append(more[b])
      b += 1
    }
    swap(&cells, &sum)
    return fits
  }

  /// The length of the prefix of `key` at depth `depth`, or of all of it.
  private static func cut(_ key: UnsafePointer<UInt8>, _ length: Int, at depth: Int) -> Int {
    var at = 0
    for _ in 0..<depth {
      guard at < length, let slash = unsafe memchr(key + at, 0x2f, length - at) else {
        return length
      }
      at =
        unsafe slash.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(mutating: key) + 1
    }
    return at
  }

  /// What the footers of the runs said, of those that were read to their ends.
  borrowing func endings() -> [(Audit, PrefixTotals)] {
    (0..<tree.count).compactMap { unsafe tree.runs[$0].ending }
  }

  /// Who made the runs.
  borrowing func makers() -> [Fields] {
    (0..<tree.count).flatMap { unsafe tree.runs[$0].makers }
  }

  /// How many bytes have been read of how many.
  borrowing func progress() -> (done: UInt64, total: UInt64) {
    var (done, total): (UInt64, UInt64) = (0, 0)
    for index in 0..<tree.count {
      let progress = unsafe tree.runs[index].progress
      done &+= progress.done
      total &+= progress.total
    }
    return (done, total)
  }
}
