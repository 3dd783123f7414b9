import InvBytes
import InvFormat
import InvSystem

/// Threads that merge ranges of keys and write them in order.
///
/// Each takes the next range, merges it into a batch, waits for its turn to cut the batch into
/// blocks, encodes them, and waits for its turn to write them.
final class RangeWork: @unchecked Sendable {
  private let readers: [PrefixReader]
  private let indexes: [BlockIndex]
  private let ranks: [[[UInt64]]]
  private let schema: PrefixSchema
  private let code: PointCode
  private let maxDepth: Int?
  private let codec: Codec
  private let ranges: [KeyRange]
  private let writer: PrefixWriter
  private let shelf = BlockShelf()

  private let monitor = Monitor()
  private var nextRange = 0
  private var cutting = 0
  private var writing = 0
  private var cutter = BlockCutter()
  private var failure: Failure?
  private(set) var rowsRead: UInt64 = 0

  init(
    _ readers: [PrefixReader], indexes: [BlockIndex], ranks: [[[UInt64]]], schema: PrefixSchema,
    code: PointCode, maxDepth: Int?, codec: Codec, ranges: [KeyRange], writer: PrefixWriter
  ) {
    self.readers = readers
    self.indexes = indexes
    self.ranks = ranks
    self.schema = schema
    self.code = code
    self.maxDepth = maxDepth
    self.codec = codec
    self.ranges = ranges
    self.writer = writer
  }

  /// Does all ranges; of several failures the one of the least range is thrown.
  func run(threads: Int) throws(Failure) {
    var others: [Thread] = []
    for _ in 1..<max(1, threads) { others.append(try Thread { [self] in work() }) }
    work()
    for thread in others { thread.join() }
    if let failure { throw failure }
    if let cut = cutter.rest() {
      try writer.write(try PrefixBlockEncoder(schema, code: code, codec: codec).encode(cut))
    }
  }

  private func work() {
    while let number = take() {
      let merged: Result<(PrefixBatch, UInt64), Failure>
      do throws(Failure) { merged = .success(try merge(number, ranges[number])) } catch {
        merged = .failure(error)
      }
      guard let cuts = cut(number, merged) else { return }
      let encoded: Result<[EncodedBlock], Failure>
      do throws(Failure) {
        let encoder = try PrefixBlockEncoder(schema, code: code, codec: codec)
        encoded = .success(try cuts.map { cut throws(Failure) in try encoder.encode(cut) })
      } catch { encoded = .failure(error) }
      guard write(number, encoded) else { return }
    }
  }

  private func take() -> Int? {
    monitor.withLock {
      guard failure == nil, nextRange < ranges.count else { return nil }
      nextRange += 1
      return nextRange - 1
    }
  }

  /// All rows of a range as one batch, and how many rows of the runs they are.
  private func merge(_ number: Int, _ range: KeyRange) throws(Failure) -> (PrefixBatch, UInt64) {
    var states: [RunState] = []
    for (run, reader) in readers.enumerated() {
      guard let first = indexes[run].entries.first else { continue }
      if let upper = range.upper, !first.key.lexicographicallyPrecedes(upper) { continue }
      let entry = range.lower.flatMap { indexes[run].entry(for: $0) } ?? first
      states.append(
        RunState(
          try PrefixReader(sharing: reader, at: entry.offset), ranks: ranks[run], code: code,
          upper: range.upper,
          shelf: RunState.Shelf(blocks: shelf, run: run, range: number)))
    }
    var loop = try MergeLoop(states, from: range.lower, maxDepth: maxDepth)
    let batch = try loop.next(size: .max) ?? PrefixBatch()
    shelf.finish(number)
    return (batch, loop.rowsRead)
  }

  /// Waits for the turn of a range and cuts it into blocks; nil when an earlier one has failed.
  private func cut(_ number: Int, _ merged: Result<(PrefixBatch, UInt64), Failure>) -> [BlockCut]? {
    monitor.withLock {
      while cutting < number { monitor.wait() }
      defer {
        cutting += 1
        monitor.wake()
      }
      guard failure == nil else { return nil }
      switch merged {
      case .failure(let error):
        failure = error
        return nil
      case .success(let (batch, rows)):
        rowsRead &+= rows
        return cutter.cut(batch)
      }
    }
  }

  /// Waits for the turn of a range and writes its blocks; false when something has failed.
  private func write(_ number: Int, _ encoded: Result<[EncodedBlock], Failure>) -> Bool {
    monitor.withLock {
      while writing < number && failure == nil { monitor.wait() }
    }
    // Only the thread whose turn it is writes, and the lock is free meanwhile.
    var problem: Failure?
    if monitor.withLock({ failure == nil || writing == number }) {
      do throws(Failure) {
        for block in try encoded.get() { try writer.write(block) }
      } catch { problem = error }
    }
    return monitor.withLock {
      if failure == nil { failure = problem }
      writing += 1
      monitor.wake()
      return failure == nil
    }
  }
}
