import InvBytes
import InvFormat
import InvSystem

/// Threads that merge ranges of keys and write them in order.
///
/// Each takes the next range, merges it into a batch, waits for its turn to cut the batch into
/// blocks, encodes them, and waits for its turn to write them.
final class RangeWork: @unchecked Sendable {
  private let readers: [PrefixReader]
  private let endings: [PrefixReader.Ending]
  private let ranks: [[[UInt64]]]
  private let schema: PrefixSchema
  private let code: PointCode
  private let maxDepth: Int?
  private let codec: Codec
  private let ranges: [KeyRange]
  private let writer: PrefixWriter
  private let progress: Progress
  /// The length of all runs.
  private let length: UInt64
  private let shelf = BlockShelf()

  private let monitor = Monitor()
  private var nextRange = 0
  private var cutting = 0
  private var writing = 0
  private var cutter = BlockCutter()
  private var failure: Failure?
  private(set) var rowsRead: UInt64 = 0

  init(
    _ readers: [PrefixReader], endings: [PrefixReader.Ending], ranks: [[[UInt64]]],
    schema: PrefixSchema, code: PointCode, maxDepth: Int?, codec: Codec, ranges: [KeyRange],
    writer: PrefixWriter, _ progress: Progress
  ) {
    self.readers = readers
    self.endings = endings
    self.ranks = ranks
    self.schema = schema
    self.code = code
    self.maxDepth = maxDepth
    self.codec = codec
    self.ranges = ranges
    self.writer = writer
    self.progress = progress
    length = endings.reduce(0) { $0 &+ $1.length }
  }

  /// Does all ranges; of several failures the one of the least range is thrown.
  func run(threads: Int) throws(Failure) {
    var others: [Thread] = []
    for _ in 1..<max(1, threads) {
      do throws(Failure) { others.append(try Thread { [self] in work() }) } catch {
        monitor.withLock { failure = failure ?? error }
        break
      }
    }
    work()
    for thread in others { thread.join() }
    if let failure { throw failure }
    if let cut = cutter.rest() {
      try writer.write(try PrefixBlockEncoder(schema, code: code, codec: codec).encode(cut))
    }
  }

  /// What a thread uses again for every range.
  private struct Tools: ~Copyable {
    var batch = PrefixBatch()
    let encoder: PrefixBlockEncoder
    let decompressor: BlockDecompressor
  }

  private func work() {
    var tools: Tools
    do throws(Failure) {
      tools = Tools(
        encoder: try PrefixBlockEncoder(schema, code: code, codec: codec),
        decompressor: try BlockDecompressor())
    } catch {
      monitor.withLock { failure = failure ?? error }
      return
    }
    while let number = take() {
      let merged: Result<UInt64, Failure>
      do throws(Failure) { merged = .success(try merge(number, &tools)) } catch {
        merged = .failure(error)
      }
      guard let cuts = cut(number, merged, tools.batch) else { return }
      let encoded: Result<[EncodedBlock], Failure>
      do throws(Failure) {
        var blocks: [EncodedBlock] = []
        for cut in cuts { blocks.append(try tools.encoder.encode(cut)) }
        encoded = .success(blocks)
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

  /// Makes a batch of all rows of a range; how many rows of the runs they are.
  private func merge(_ number: Int, _ tools: inout Tools) throws(Failure) -> UInt64 {
    let range = ranges[number]
    var runs: [RunSource] = []
    for (run, reader) in readers.enumerated() {
      let index = endings[run].index
      guard let first = index.entries.first else { continue }
      if let upper = range.upper, !first.key.lexicographicallyPrecedes(upper) { continue }
      let entry = range.lower.flatMap { index.entry(for: $0) } ?? first
      runs.append(
        RunSource(
          PrefixReader(sharing: reader, at: entry.offset, tools.decompressor), ranks: ranks[run],
          code: code, upper: range.upper, firstPrefix: endings[run].isIndexed ? entry.key : nil,
          shelf: RunSource.Shelf(blocks: shelf, run: run, range: number)))
    }
    var loop = try MergeLoop(runs, from: range.lower, maxDepth: maxDepth)
    _ = try loop.fill(&tools.batch, size: .max)
    shelf.finish(number)
    return loop.rowsRead
  }

  /// Waits for the turn of a range and cuts it into blocks; nil when an earlier one has failed.
  private func cut(_ number: Int, _ merged: Result<UInt64, Failure>, _ batch: PrefixBatch)
    -> [BlockCut]?
  {
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
      case .success(let rows):
        rowsRead &+= rows
        return cutter.cut(batch)
      }
    }
  }

  /// Waits for the turn of a range and writes its blocks; false when something has failed.
  private func write(_ number: Int, _ encoded: Result<[EncodedBlock], Failure>) -> Bool {
    // Once something has failed no turn comes, or two threads might take the same one.
    let isOurTurn = monitor.withLock {
      while writing < number && failure == nil { monitor.wait() }
      return failure == nil
    }
    guard isOurTurn else { return false }
    // Only the thread whose turn it is writes, and the lock is free meanwhile.
    var problem: Failure?
    do throws(Failure) {
      for block in try encoded.get() { try writer.write(block) }
      // Ranges have about the same length.
      let share = Double(number + 1) / Double(ranges.count)
      try progress.say(UInt64(Double(length) * share), of: length)
    } catch { problem = error }
    return monitor.withLock {
      failure = failure ?? problem
      writing += 1
      monitor.wake()
      return failure == nil
    }
  }
}
