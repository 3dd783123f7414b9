import InvBytes
public import InvFormat
public import InvSystem

/// What a merge is to make of its runs.
public struct Merging: Sendable {
  /// Only prefixes that begin with this.
  public var under: [UInt8]?
  public var maxDepth: Int?
  /// What the whole process may take.
  public var memory: UInt64 = 1 << 30
  public var threads = 1
  /// Where runs that are merged in between are written.
  public var temporary = "/tmp"

  public init() {}

  static let overhead: UInt64 = 20 << 20
  /// What a run that is being read takes: a block, its frame, its key.
  static let perRun: UInt64 = 320 << 10
  /// What a thread's batch takes, with its encoder.
  static let perThread: UInt64 = 12 << 20
  static let batchSize = 1 << 20

  /// The least memory that a merge can work with.
  public static let leastMemory: UInt64 = overhead + perThread + 8 * perRun
}

/// Merges runs into one sorted stream of prefix rows.
public final class Merger {
  private let merging: Merging
  private let inputs: [MergeInput]
  private let schema: PrefixSchema
  private let code: PointCode
  private let progress: (UInt64, UInt64) -> Void
  public private(set) var rowsRead: UInt64 = 0
  public private(set) var rounds = 0

  /// Opens the runs and checks that they may be added.
  public init(
    _ paths: [String], _ merging: Merging, progress: @escaping (UInt64, UInt64) -> Void
  ) throws(Failure) {
    var merging = merging
    inputs = try MergeInput.open(paths)
    schema = try MergeInput.union(of: inputs, under: merging.under, maxDepth: merging.maxDepth)
    merging.maxDepth = schema.maxDepth
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw Failure.data(error.what)
    }
    self.merging = merging
    self.progress = progress
  }

  /// Merges everything into `descriptor`.
  public func run(
    into descriptor: consuming Descriptor, codec: Codec, isFile: Bool, tool: String, maker: Fields?
  ) throws(Failure) -> (audit: Audit, totals: PrefixTotals) {
    let writer = try PrefixWriter(
      descriptor, schema: schema, codec: codec, isFile: isFile, tool: tool)
    if let maker { try writer.writeMaker(maker) }
    do throws(Failure) {
      return try merge(into: writer, codec: codec)
    } catch {
      if !isFile, error.teller != .brokenPipe { try? writer.fail(error) }
      throw error
    }
  }

  private func merge(into writer: PrefixWriter, codec: Codec) throws(Failure)
    -> (audit: Audit, totals: PrefixTotals)
  {
    var loop = try MergeLoop(
      try inputs.map { input throws(Failure) in
        RunState(input.reader, ranks: input.ranks(in: schema), code: code, upper: nil)
      }, from: nil, maxDepth: merging.maxDepth)
    let encoder = try PrefixBlockEncoder(schema, code: code, codec: codec)
    var cutter = BlockCutter()
    while let batch = try loop.next(size: Merging.batchSize) {
      for cut in cutter.cut(batch) { try writer.write(try encoder.encode(cut)) }
      let (done, total) = loop.progress()
      progress(done, total)
    }
    if let cut = cutter.rest() { try writer.write(try encoder.encode(cut)) }
    rowsRead = loop.rowsRead
    var audit = Audit()
    for (part, _) in loop.endings() {
      do throws(FormatError) { try audit.add(part) } catch { throw Failure.data(error.what) }
    }
    return (audit, try writer.finish(audit))
  }
}
