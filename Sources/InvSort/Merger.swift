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
  private var merging: Merging
  private var inputs: [MergeInput]
  private let schema: PrefixSchema
  private let code: PointCode
  private let tool: String
  /// What the runs tell of their makers, in the order of the runs.
  private var makers = Makers()
  private let progress: Progress
  public private(set) var rowsRead: UInt64 = 0
  /// Whether sets of one origin were added that had files with more than one name each.
  public private(set) var addsLinkedSets = false
  /// How many merges in between the memory or the number of open files has asked for.
  public private(set) var rounds = 0

  /// Reads the headers of the runs and checks that they may be added.
  public init(
    _ paths: [String], _ merging: Merging, tool: String,
    progress: @escaping (UInt64, UInt64) -> Void
  ) throws(Failure) {
    inputs = try MergeInput.read(
      paths, tool: tool, temporary: merging.temporary, &makers)
    schema = try MergeInput.union(of: inputs, under: merging.under, maxDepth: merging.maxDepth)
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw Failure.data(error.what)
    }
    self.merging = merging
    self.merging.maxDepth = schema.maxDepth
    self.tool = tool
    self.progress = Progress(show: progress)
  }

  /// Merges everything into `descriptor`; with `maker`, who made the runs is handed on and so is that.
  public func run(
    into descriptor: consuming Descriptor, codec: Codec, isFile: Bool, maker: Fields?
  ) throws(Failure) -> (audit: Audit, totals: PrefixTotals) {
    let writer = try PrefixWriter(
      descriptor, schema: schema, codec: codec, isFile: isFile, tool: tool)
    do throws(Failure) {
      try reduce()
      if let maker {
        makers.add(maker)
        try writer.write(makers)
      }
      if !isFile { progress.writer = writer }
      let sum = try merge(inputs, into: writer, code, merging, codec: codec)
      return (sum.audit, try writer.finish(sum.audit))
    } catch {
      if !isFile, error.teller != .brokenPipe { try? writer.fail(error) }
      throw error
    }
  }

  /// Merges small runs first until the rest can be read at once.
  private func reduce() throws(Failure) {
    let fanIn = merging.fanIn(for: inputs.count)
    merging.threads = fanIn.threads
    // Temporary runs stay open until they are merged themselves: some files are for them.
    let width = min(fanIn.runs, max(2, Merging.files / 2))
    while inputs.count > fanIn.runs {
      let areManyOpen = inputs.count(where: \.isOpen) > Merging.files - width
      inputs.sort { a, b in
        if areManyOpen && a.isOpen != b.isOpen { return a.isOpen }
        return a.status.size < b.status.size
      }
      // The first round takes as many as let all later ones be full.
      let surplus = (inputs.count - fanIn.runs) % (width - 1)
      let count = surplus == 0 ? width : surplus + 1
      let some = Array(inputs[..<count])
      inputs.removeFirst(count)
      inputs.append(try mergeAside(some))
      rounds += 1
    }
  }

  /// Merges `some` into a temporary file that has no name any more.
  private func mergeAside(_ some: [MergeInput]) throws(Failure) -> MergeInput {
    let path = "\(merging.temporary)/inv-merge-\(String(Machine.randomWord, radix: 16)).rows"
    let descriptor = try Temporaries.shared.create(path)
    defer { Temporaries.shared.remove(path) }
    // It has to go with the runs that are still whole, so it does not say what has been left out.
    let schema = try MergeInput.union(of: some, under: nil, maxDepth: merging.maxDepth)
    let code: PointCode
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw Failure.data(error.what)
    }
    let writer = try PrefixWriter(
      descriptor, schema: schema, codec: .zstd, isFile: true, tool: tool)
    let sum = try merge(some, into: writer, code, merging, codec: .zstd)
    try writer.finish(sum.audit)
    var none = Makers()
    return try MergeInput(path, tool: tool, isGone: true, &none)
  }

  private func merge(
    _ inputs: [MergeInput], into writer: PrefixWriter, _ code: PointCode, _ merging: Merging,
    codec: Codec
  ) throws(Failure) -> MergeSum {
    let readers = try inputs.map { input throws(Failure) in try input.open(tool: tool) }
    let schema = try MergeInput.union(of: inputs, under: merging.under, maxDepth: merging.maxDepth)
    let ranks = inputs.map { $0.ranks(in: schema) }
    let merge = RangeMerge(readers, ranks: ranks, schema: schema, code: code, merging, codec)
    let sum: MergeSum
    if inputs.allSatisfy(\.isFile), merging.threads > 1 || merging.under != nil {
      sum = try merge.runRanges(into: writer, progress)
    } else if merging.under != nil {
      throw Failure.usage("--under needs runs that are files, not a pipe")
    } else {
      sum = try merge.runWhole(into: writer, progress)
    }
    rowsRead &+= sum.rowsRead
    addsLinkedSets = addsLinkedSets || sum.addsLinkedSets
    return sum
  }
}

/// Tells of the share of the runs that has been read: to whom it may concern, and into a pipe.
final class Progress {
  private let show: (UInt64, UInt64) -> Void
  /// Where progress frames go, ten a second.
  var writer: PrefixWriter?
  private var lastWritten = Machine.clock

  init(show: @escaping (UInt64, UInt64) -> Void) { self.show = show }

  /// Says that `done` of `total` bytes have been read; to be called between blocks.
  func say(_ done: UInt64, of total: UInt64) throws(Failure) {
    show(done, total)
    guard let writer, total > 0 else { return }
    let now = Machine.clock
    guard now - lastWritten >= 0.1 else { return }
    lastWritten = now
    try writer.writeProgress(done: min(done, total), total: total)
  }
}

/// What a merge has read.
struct MergeSum {
  var audit = Audit()
  var rowsRead: UInt64 = 0
  var addsLinkedSets = false
}

extension Merging {
  /// How many runs may be open: some files are for all else that a process has.
  static var files: Int { max(4, Machine.openFiles - 16) }

  /// How many runs can be read at once and by how many threads, `count` being wanted.
  func fanIn(for count: Int) -> (runs: Int, threads: Int) {
    var threads = threads
    while true {
      let rest = memory - min(memory, Self.overhead + UInt64(threads) * Self.perThread)
      let runs = min(Self.files, Int(clamping: rest / (Self.perRun * UInt64(threads))))
      if runs >= count || threads == 1 { return (max(2, runs), threads) }
      threads -= 1
    }
  }
}
