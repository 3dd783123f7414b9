import InvBytes
import InvFormat
import InvSystem

/// Merges open runs in one piece, or in ranges of keys by several threads.
final class RangeMerge: @unchecked Sendable {
  private let readers: [PrefixReader]
  private let ranks: [[[UInt64]]]
  private let schema: PrefixSchema
  private let code: PointCode
  private let merging: Merging
  private let codec: Codec

  init(
    _ readers: [PrefixReader], ranks: [[[UInt64]]], schema: PrefixSchema, code: PointCode,
    _ merging: Merging, _ codec: Codec
  ) {
    self.readers = readers
    self.ranks = ranks
    self.schema = schema
    self.code = code
    self.merging = merging
    self.codec = codec
  }

  /// Merges all rows in one piece.
  func runWhole(into writer: PrefixWriter, _ progress: Progress) throws(Failure)
    -> MergeSum
  {
    var runs: [RunSource] = []
    for (index, reader) in readers.enumerated() {
      runs.append(RunSource(reader, ranks: ranks[index], code: code))
    }
    var loop = try MergeLoop(runs, from: nil, maxDepth: merging.maxDepth)
    let encoder = try PrefixBlockEncoder(schema, code: code, codec: codec)
    var cutter = BlockCutter()
    var batch = PrefixBatch()
    while try loop.fill(&batch, size: Merging.batchSize) {
      for cut in cutter.cut(batch) { try writer.write(try encoder.encode(cut)) }
      let (done, total) = loop.progress()
      try progress.say(done, of: total)
    }
    if let cut = cutter.rest() { try writer.write(try encoder.encode(cut)) }
    return try sum(loop.endings(), rowsRead: loop.rowsRead, written: writer.totals, isWhole: true)
  }

  /// Adds up what the footers say and holds it against what was read and written.
  private func sum(
    _ endings: [(Audit, PrefixTotals)], rowsRead: UInt64, written: PrefixTotals, isWhole: Bool
  ) throws(Failure) -> MergeSum {
    var sum = MergeSum()
    sum.rowsRead = rowsRead
    var totals = PrefixTotals()
    // Only the last run of a set has its account.
    var linked: Set<Origin> = []
    for (place, (audit, part)) in endings.enumerated() {
      if audit.remarks[Audit.linked] != nil {
        for origin in readers[place].schema.origins where !linked.insert(origin).inserted {
          sum.addsLinkedSets = true
        }
      }
      do throws(FormatError) { try sum.audit.add(audit) } catch { throw Failure.data(error.what) }
      guard totals.add(part) else { throw Failure.data("the total of all rows is over 2^64") }
    }
    if isWhole {
      guard totals.rows == rowsRead, totals.objects == written.objects,
        totals.bytes == written.bytes
      else {
        throw Failure.data(
          "the runs' footers count \(totals.rows) rows, \(totals.objects) objects,"
            + " \(totals.bytes) bytes; there were \(rowsRead), \(written.objects), \(written.bytes)"
        )
      }
    }
    return sum
  }

  /// Merges the key range that is asked for, in pieces, by as many threads as are asked for.
  func runRanges(into writer: PrefixWriter, _ progress: Progress) throws(Failure)
    -> MergeSum
  {
    var endings: [PrefixReader.Ending] = []
    let starts = readers.map(\.position)
    for reader in readers {
      guard let ending = try reader.ending() else {
        throw Failure.data("\(printable(reader.name)) cannot be read in parts")
      }
      endings.append(ending)
    }
    // A run without an index is read from its start for every range: once is enough.
    let isIndexed = endings.allSatisfy(\.isIndexed)
    guard isIndexed || merging.under != nil else {
      for (reader, start) in zip(readers, starts) { reader.seek(to: start) }
      return try runWhole(into: writer, progress)
    }
    let ranges = KeyRange.plan(
      endings.map(\.index), under: merging.under, maxDepth: merging.maxDepth,
      blocks: isIndexed ? blocksPerRange : .max)
    let work = RangeWork(
      readers, endings: endings, ranks: ranks, schema: schema, code: code,
      maxDepth: merging.maxDepth, codec: codec, ranges: ranges, writer: writer, progress)
    try work.run(threads: min(merging.threads, ranges.count))
    return try sum(
      endings.map { ($0.audit, $0.totals) }, rowsRead: work.rowsRead, written: writer.totals,
      isWhole: merging.under == nil)
  }

  /// How many blocks of the runs make a range: as many as a thread's memory holds.
  private var blocksPerRange: Int {
    let fixed = Merging.overhead + UInt64(readers.count * merging.threads) * Merging.perRun
    let rest = (merging.memory - min(merging.memory, fixed)) / UInt64(merging.threads)
    return Int(min(max(rest / (512 << 10), 8), 96))
  }
}

/// A stretch of keys: from `lower` on, before `upper`.
struct KeyRange: Equatable, Sendable {
  let lower: [UInt8]?
  let upper: [UInt8]?

  /// Ranges that together are all keys, or those under a prefix, each with about `blocks` blocks.
  static func plan(_ indexes: [BlockIndex], under: [UInt8]?, maxDepth: Int?, blocks: Int)
    -> [KeyRange]
  {
    let (first, last) = (under, under.flatMap(successor))
    var entries: [(key: [UInt8], blocks: Int)] = []
    for index in indexes {
      for (place, entry) in index.entries.enumerated() {
        if let first, entry.key.lexicographicallyPrecedes(first) { continue }
        if let last, !entry.key.lexicographicallyPrecedes(last) { continue }
        // The index of a large file has not every block; what it says need not be true.
        let isLast = place + 1 == index.entries.count
        let rows = isLast ? 1 : index.entries[place + 1].row &- entry.row
        let more = rows / UInt64(Container.prefixRowsPerBlock)
        entries.append((entry.key, Int(min(more, 1 << 16)) + 1))
      }
    }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    var borders: [[UInt8]] = []
    var sum = 0
    for entry in entries {
      if sum >= blocks {
        let border = cut(entry.key, at: maxDepth)
        let before = borders.last ?? first ?? []
        if before.lexicographicallyPrecedes(border) {
          borders.append(border)
          sum = 0
        }
      }
      sum += entry.blocks
    }
    var ranges: [KeyRange] = []
    var lower = first
    for border in borders {
      ranges.append(KeyRange(lower: lower, upper: border))
      lower = border
    }
    ranges.append(KeyRange(lower: lower, upper: last))
    return ranges
  }

  /// The first key behind all that begin with `prefix`; nil when there is none.
  static func successor(_ prefix: [UInt8]) -> [UInt8]? {
    var key = prefix
    while let byte = key.popLast() {
      if byte < 0xff { return key + [byte + 1] }
    }
    return nil
  }

  /// A key without what lies deeper than `depth`: rows that are going to be added stay together.
  private static func cut(_ key: [UInt8], at depth: Int?) -> [UInt8] {
    guard let depth else { return key }
    let slashes = key.indices.lazy.filter { key[$0] == 0x2f }
    guard depth > 0 else { return [] }
    return slashes.dropFirst(depth - 1).first.map { Array(key[...$0]) } ?? key
  }
}
