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
  /// Whether every name of a file counts, not only the first.
  public var countsEveryName = false
  /// Whether files that come more than once are to be found.
  public var findsRepeated = false
  /// A tree that is full sooner, for tests.
  var treeLimitForTests: UInt64?

  public init() {}

  // The program, its libraries and the reader's blocks; a thread's buffers and compressor; what is
  // left for its tree and blocks where there is more than one; a tree.
  private static let overhead: UInt64 = 20 << 20
  private static let threadOverhead: UInt64 = 20 << 20
  private static let usualShare: UInt64 = 10 << 20
  private static let leastTree: UInt64 = 1 << 20
  /// So many columns are counted in the overhead.
  private static let usualColumns = 16

  private var columns = 4
  /// How many things are sorted beside the trees, and what each may take.
  private(set) var sides = 0
  var sideMemory: UInt64 { sideLimitForTests ?? min(max(memory / 16, 2 << 20), 256 << 20) }
  var sideLimitForTests: UInt64?

  /// Counts what rows of `schema` take.
  public mutating func suit(_ schema: ObjectSchema) {
    columns = schema.columns.count
    sides = (sortsLinks(of: schema) ? 1 : 0) + (findsRepeated ? 1 : 0)
  }

  func sortsLinks(of schema: ObjectSchema) -> Bool {
    !countsEveryName && LinkedRows.areKnown(in: schema)
  }

  /// Whether the memory is enough for the threads.
  public var fits: Bool {
    memory >= Self.overhead + UInt64(threads) * (Self.threadOverhead + Self.usualShare)
      && share >= Self.leastTree + Self.leastQueue * blockBytes
  }

  /// The least memory that one thread can work with.
  public var leastMemory: UInt64 {
    var folding = self
    (folding.threads, folding.memory) = (1, 0)
    while !folding.fits { folding.memory += 1 << 20 }
    return folding.memory
  }

  /// About what a block of rows takes, which have so many columns.
  private var blockBytes: UInt64 { UInt64(128 + 32 * columns) << 10 }
  private static let leastQueue: UInt64 = 4

  /// What each thread may take for its tree and the blocks that wait for it.
  private var share: UInt64 {
    // A few blocks are being read, taken apart or made.
    let wide = UInt64(max(columns, Self.usualColumns) - Self.usualColumns) * (4 * 32 << 10)
    let taken =
      Self.overhead + wide + UInt64(threads) * Self.threadOverhead + UInt64(sides) * sideMemory
    return (memory - min(memory, taken)) / UInt64(threads)
  }

  /// What each thread's tree may take.
  var treeLimit: UInt64 {
    if let treeLimitForTests { return treeLimitForTests }
    return max(share, Self.leastTree + UInt64(queueLength) * blockBytes)
      - UInt64(queueLength) * blockBytes
  }

  /// How many blocks may wait for a thread: enough to read on while it writes a run.
  var queueLength: Int { Int(max(Self.leastQueue, min(share / 8, 64 << 20) / blockBytes)) }
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
  private(set) var disorder = Disorder()
  /// The first source of each origin, and the origin of each source.
  private var originSources: [UInt32] = []
  private var sourceOrigins: [UInt32] = []
  private var words: [[[UInt8]]]
  private let linked: LinkedFiles?
  private let repeated: RepeatedFiles?

  public private(set) var rows: UInt64 = 0
  public private(set) var runs = 0
  public private(set) var totals = PrefixTotals()
  /// How many files came more than once, of those that were looked at and count as often.
  public private(set) var repeatedFiles: UInt64 = 0
  /// How many names of files with more than one came more than once, which count once.
  public private(set) var repeatedNames: UInt64 = 0
  /// How many files have names that can hardly be those of one.
  public private(set) var doubtfulFiles: UInt64 = 0
  /// Whether any source did not say when it was made.
  public private(set) var isAgeUnknown = false

  public init(
    _ reader: ObjectReader, into folder: RunFolder, _ folding: Folding, tool: String, maker: Fields
  ) {
    self.reader = reader
    self.folder = folder
    self.tool = tool
    self.maker = maker
    let schema = reader.schema
    words = Array(repeating: [], count: schema.columns.count)
    var folding = folding
    folding.suit(schema)
    self.folding = folding
    let memory = folding.sideMemory
    linked =
      folding.sortsLinks(of: schema)
      ? LinkedFiles(schema, in: folder.path, memory: memory) : nil
    repeated = folding.findsRepeated ? RepeatedFiles(schema, in: folder.path, memory: memory) : nil
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
        try add(source, number)
        for worker in workers { try worker.push(.source(number, source.origin)) }
      case .words(let column, _, let more):
        words[column] += more
        for worker in workers { try worker.push(.words(column, more)) }
      case .block(let block):
        rows += UInt64(block.rows)
        progress(0, 0)
        try take(block, workers)
      case .progress(let done, let total): progress(done, total)
      case .maker(let fields): makers.add(fields)
      case .end(let audit): account = audit
      }
    }
    guard let account else { throw Failure("the rows have no end", .fault) }
    return try resolve(account, workers)
  }

  private func take(_ block: ObjectBlock, _ workers: [TreeWorker]) throws(Failure) {
    let rows = linked.flatMap { _ in LinkedRows(block, reader.schema) }
    let origin = sourceOrigins[Int(block.source)]
    if let rows { try linked?.take(block, rows, origin: origin) }
    try repeated?.take(block, except: rows, origin: origin)
    try deal(block, rows, to: workers)
  }

  /// Hands a block to the thread that it is for, or to all.
  private func deal(_ block: ObjectBlock, _ linked: LinkedRows?, to workers: [TreeWorker])
    throws(Failure)
  {
    if disorder.isThere || disorder.grows(with: block) {
      for worker in workers { try worker.push(.shared(block, linked)) }
    } else {
      try workers[Int(block.source) % workers.count].push(.block(block, linked))
    }
  }

  /// Deals the rows that were kept aside, and remarks what has been found in `account`.
  private func resolve(_ account: Audit, _ workers: [TreeWorker]) throws(Failure) -> Audit {
    var remarks: [String: UInt64] = [:]
    if let linked {
      try linked.resolve(words: words, sourceOf: { originSources[Int($0)] }) {
        block throws(Failure) in try deal(block, nil, to: workers)
      }
      remarks[Audit.linked] = linked.files
      remarks[Audit.furtherNames] = linked.further
      remarks[Audit.doubtful] = linked.doubtful
      (repeatedNames, doubtfulFiles) = (linked.repeated, linked.doubtful)
    }
    repeatedFiles = try repeated?.count() ?? 0
    remarks[Audit.repeated] = repeatedFiles + repeatedNames
    var found = Audit()
    found.remarks = remarks.filter { $0.value > 0 }
    var account = account
    do throws(FormatError) { try account.add(found) } catch { throw Failure.data(error.what) }
    return account
  }

  private func add(_ source: ObjectSource, _ number: UInt32) throws(Failure) {
    sourceOrigins.append(UInt32(origins.firstIndex(of: source.origin) ?? origins.count))
    if source.origin.snapshot == nil { isAgeUnknown = true }
    guard !origins.contains(source.origin) else { return }
    for origin in origins {
      if let conflict = origin.conflict(with: source.origin) {
        throw Failure.data("\(conflict) are not added: put each under a root of its own (--mount)")
      }
    }
    origins.append(source.origin)
    originSources.append(number)
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
