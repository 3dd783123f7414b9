import Glibc
import InvBytes
import InvFormat
import InvSystem

/// The loop of a merge: takes rows in order, adds what is equal and fills batches.
@safe struct MergeLoop: ~Copyable {
  private var tree: LoserTree
  /// Deeper rows count in their ancestor at this depth.
  private let maxDepth: Int?
  /// The row that may still grow: its prefix, what it shares with the row before, its figures.
  private let prefix: UnsafeMutablePointer<UInt8>
  private var length = 0
  private var common = 0
  private var listed: UInt64 = 0
  private var times = RowTimes()
  private var cells = CellList()
  private var hasRow = false
  private var more = CellList()
  private var sum = CellList()
  /// How many rows have come.
  private(set) var rowsRead: UInt64 = 0

  init(_ runs: [RunSource], from lower: [UInt8]?, maxDepth: Int?) throws(Failure) {
    self.maxDepth = maxDepth
    unsafe prefix = .allocate(capacity: Container.keyLimit + 8)
    var tree = try LoserTree(runs)
    tree.start()
    if let lower {
      while tree.hasRow, unsafe tree.rows[tree.winner].isBefore(lower) { try tree.advance() }
    }
    self.tree = tree
  }

  deinit { unsafe prefix.deallocate() }

  /// Fills `batch` with about `size` bytes of rows; false when there are none left.
  ///
  /// The first row of a batch gives its prefix whole.
  mutating func fill(_ batch: inout PrefixBatch, size: Int) throws(Failure) -> Bool {
    batch.removeAll()
    common = 0
    while tree.hasRow {
      rowsRead &+= 1
      let run = unsafe tree.rows + tree.winner
      var newLength = unsafe run.pointee.length
      if let maxDepth { newLength = unsafe Self.cut(run.pointee.key, newLength, at: maxDepth) }
      let shared = min(unsafe run.pointee.shared, newLength)
      if hasRow, shared == newLength, newLength == length {
        try unsafe add(run)
      } else {
        if hasRow { flush(to: &batch) }
        unsafe begin(run, length: newLength, shared: shared)
        guard unsafe run.pointee.appendCells(to: &cells) else { throw brokenCells() }
      }
      try tree.advance()
      if batch.rows & 255 == 255, batch.size >= size { return true }
    }
    if hasRow { flush(to: &batch) }
    return batch.rows > 0
  }

  @inline(__always)
  private mutating func begin(
    _ run: UnsafeMutablePointer<RunRow>, length newLength: Int, shared: Int
  ) {
    // A cut prefix may share more with the one before than the keys' difference tells.
    let kept = min(shared, length)
    unsafe memcpy(prefix + kept, run.pointee.key + kept, newLength - kept)
    length = newLength
    common = kept
    listed = unsafe run.pointee.listed
    times = unsafe run.pointee.times
    cells.removeAll()
    hasRow = true
  }

  @inline(__always)
  private mutating func flush(to batch: inout PrefixBatch) {
    let shared = batch.rows == 0 ? 0 : common
    unsafe batch.append(
      UnsafeBufferPointer(start: prefix + shared, count: length - shared), sharing: shared,
      listed: listed, times: times, cells: cells.buffer)
    hasRow = false
  }

  /// Adds the present row of `run`, which has the same prefix.
  private mutating func add(_ run: UnsafeMutablePointer<RunRow>) throws(Failure) {
    let (total, overflow) = listed.addingReportingOverflow(unsafe run.pointee.listed)
    listed = total
    times.add(unsafe run.pointee.times)
    more.removeAll()
    guard unsafe run.pointee.appendCells(to: &more) else { throw brokenCells() }
    guard !overflow, sum.merge(cells, more) else {
      throw fault("the sum of equal prefixes is over 2^64")
    }
    swap(&cells, &sum)
  }

  private func brokenCells() -> Failure { fault("the cells do not rise, or one is empty") }

  private func fault(_ what: String) -> Failure {
    unsafe tree.runs[tree.winner].fault(what, tree.rows[tree.winner])
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
    tree.runs.compactMap(\.ending)
  }

  /// How many bytes have been read of how many; 0 of 0 where that is not known.
  borrowing func progress() -> (done: UInt64, total: UInt64) {
    var (done, total): (UInt64, UInt64) = (0, 0)
    for run in tree.runs {
      let progress = run.progress
      if progress.total == 0 { return (0, 0) }
      done &+= progress.done
      total &+= progress.total
    }
    return (done, total)
  }
}
