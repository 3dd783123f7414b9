import InvBytes
public import InvFormat
public import InvSystem

/// How object rows are to be folded.
public struct Folding: Sendable {
  public var dimensions: [Dimension] = [.state]
  public var ageOf = PrefixSchema.AgeOf.modified
  /// Which size the bytes and the bands of sizes are of.
  public var sizeOf = PrefixSchema.SizeOf.logical
  public var maxDepth: Int?
  /// What the whole process may take.
  public var memory: UInt64 = 1 << 30
  public var threads = 1
  public var codec = Codec.zstd
  /// A tree that is full sooner, for tests.
  var treeLimitForTests: UInt64?

  public init() {}

  /// The least memory that so many threads can work with.
  public static func leastMemory(threads: Int) -> UInt64 {
    overhead + UInt64(threads) * (threadOverhead + leastTree)
  }

  // The program, its libraries and the reader's blocks; a thread's buffers and compressor; a block.
  static let overhead: UInt64 = 20 << 20
  static let threadOverhead: UInt64 = 20 << 20
  static let leastTree: UInt64 = 10 << 20
  static let blockBytes: UInt64 = 256 << 10

  /// What each thread may take for its tree and the blocks that wait for it.
  private var share: UInt64 {
    let rest = (memory - min(memory, Self.overhead)) / UInt64(threads)
    return max(Self.leastTree, rest - min(rest, Self.threadOverhead))
  }

  /// What each thread's tree may take.
  var treeLimit: UInt64 { treeLimitForTests ?? share - UInt64(queueLength) * Self.blockBytes }

  /// How many blocks may wait for a thread: enough to read on while it writes a run.
  var queueLength: Int { Int(min(max(share / 8 / Self.blockBytes, 4), 256)) }
}

/// Folds object rows into runs of prefix rows: deals blocks to threads by their source, each with a
/// tree of its own, so that nothing is shared; merging the runs adds what is equal.
public final class Aggregator {
  private let reader: ObjectReader
  private let folder: RunFolder
  private let folding: Folding
  private let tool: String
  private let maker: Fields
  /// The programs before this one.
  private var makers = Makers()
  private var origins: [Origin] = []
  private var disorder = Disorder()

  public private(set) var rows: UInt64 = 0
  public private(set) var runs = 0
  public private(set) var totals = PrefixTotals()
  /// Whether any source did not say when it was made.
  public private(set) var isAgeUnknown = false

  public init(
    _ reader: ObjectReader, into folder: RunFolder, _ folding: Folding, tool: String, maker: Fields
  ) {
    self.reader = reader
    self.folder = folder
    self.folding = folding
    self.tool = tool
    self.maker = maker
  }

  /// Reads all rows, writes all runs and gives them their names; nothing appears when it throws.
  public func run(progress: (UInt64, UInt64) -> Void) throws(Failure) -> Audit {
    let seed = Machine.randomWord
    let workers = try (0..<folding.threads).map { number throws(Failure) in
      let share = HashShare(number: number, count: folding.threads, seed: seed)
      return try TreeWorker(reader.schema, folder, folding, share, tool: tool)
    }
    let outcome: Result<Audit, Failure>
    do throws(Failure) {
      outcome = .success(try deal(to: workers, progress: progress))
    } catch {
      outcome = .failure(error)
    }
    guard case .success(let audit) = outcome else {
      for worker in workers { worker.abandon() }
      for worker in workers { worker.join() }
      throw workers.compactMap(\.failure).first ?? failureOf(outcome)
    }
    try finish(workers, audit)
    return audit
  }

  private func failureOf(_ outcome: Result<Audit, Failure>) -> Failure {
    if case .failure(let failure) = outcome { return failure }
    return Failure("the rows have no end", .fault)
  }

  private func deal(to workers: [TreeWorker], progress: (UInt64, UInt64) -> Void)
    throws(Failure) -> Audit
  {
    var account: Audit?
    while let event = try reader.next() {
      switch event {
      case .source(let number, let source):
        try add(source)
        for worker in workers { try worker.push(.source(number, source.origin)) }
      case .words(let column, _, let words):
        for worker in workers { try worker.push(.words(column, words)) }
      case .block(let block):
        rows += UInt64(block.rows)
        progress(0, 0)
        if disorder.isThere || disorder.grows(with: block) {
          for worker in workers { try worker.push(.shared(block)) }
        } else {
          try workers[Int(block.source) % workers.count].push(.block(block))
        }
      case .progress(let done, let total): progress(done, total)
      case .maker(let fields): makers.add(fields)
      case .end(let audit): account = audit
      }
    }
    guard let account else { throw Failure("the rows have no end", .fault) }
    return account
  }

  private func add(_ source: ObjectSource) throws(Failure) {
    if source.origin.snapshot == nil { isAgeUnknown = true }
    guard !origins.contains(source.origin) else { return }
    for origin in origins {
      if let conflict = origin.conflict(with: source.origin) {
        throw Failure.data("\(conflict) are not added: put each under a root of its own (--mount)")
      }
    }
    origins.append(source.origin)
  }

  /// Ends the set: the trees that hold something become its last runs.
  private func finish(_ workers: [TreeWorker], _ audit: Audit) throws(Failure) {
    for worker in workers { try worker.push(.rest) }
    for worker in workers { worker.awaitRest() }
    if let failure = workers.compactMap(\.failure).first {
      for worker in workers { worker.abandon() }
      for worker in workers { worker.join() }
      throw failure
    }
    // A set has at least one run, and the last one carries the account.
    var holders = workers.filter(\.holdsRows)
    if holders.isEmpty { holders = [workers[0]] }
    makers.add(maker)
    for (index, worker) in holders.enumerated() {
      let isLast = index == holders.count - 1
      try worker.push(
        .last(
          mark: RunMark(set: folder.set, number: folder.nextNumber(), isLast: isLast),
          audit: isLast ? audit : Audit(), makers: isLast ? makers : nil))
    }
    for worker in workers { worker.close() }
    for worker in workers { worker.join() }
    if let failure = workers.compactMap(\.failure).first { throw failure }
    for worker in workers {
      runs += worker.runs
      guard totals.add(worker.totals) else {
        throw Failure.data("the total of all rows is over 2^64")
      }
    }
    try folder.publish()
  }
}
