import InvBytes
import InvFormat
import InvSystem

/// A thread with a tree of its own.
final class TreeWorker: @unchecked Sendable {
  enum Message: Sendable {
    case source(UInt32, Origin)
    case words(Int, [[UInt8]])
    /// A block without the rows that are linked.
    case block(ObjectBlock, LinkedRows?)
    /// The same, which every thread gets, to take the rows of its share of the directories.
    case shared(ObjectBlock, LinkedRows?)
    /// All blocks have come: say whether rows are left.
    case rest
    case last(mark: RunMark, audit: Audit, makers: Makers?)
  }

  private let queue: BoundedQueue<Message>
  private let answered = BoundedQueue<Bool>(capacity: 1)
  private var thread: Thread?

  // Read by others only after `awaitRest()` or `join()`.
  private(set) var failure: Failure?
  private(set) var holdsRows = false
  private(set) var runs = 0
  private(set) var totals = PrefixTotals()

  init(
    _ schema: ObjectSchema, _ folder: RunFolder, _ folding: Folding, _ share: HashShare,
    tool: String
  ) throws(Failure) {
    queue = BoundedQueue(capacity: folding.queueLength)
    let work = try TreeWork(schema, folder, folding, share, tool: tool)
    thread = try Thread { [self] in run(work) }
  }

  /// Hands a message over; throws the thread's failure when it has ended.
  func push(_ message: Message) throws(Failure) {
    guard queue.push(message) else {
      _ = answered.pop()
      throw failure ?? Failure("a thread has ended", .fault)
    }
  }

  /// Waits for the answer to `.rest`.
  func awaitRest() { _ = answered.pop() }

  func close() { queue.close() }

  func abandon() { queue.abandon() }

  func join() {
    thread?.join()
    thread = nil
  }

  private func run(_ work: TreeWork) {
    defer {
      queue.abandon()
      answered.close()
    }
    do throws(Failure) {
      while let message = queue.pop() {
        if case .rest = message {
          holdsRows = work.holdsRows
          answered.push(true)
        } else {
          try work.take(message)
        }
      }
    } catch {
      failure = error
    }
    runs = work.runs
    totals = work.totals
  }
}

/// What a thread does with its messages.
final class TreeWork: @unchecked Sendable {
  private let schema: ObjectSchema
  private let columns: TreeColumns
  private let folder: RunFolder
  private let folding: Folding
  private let tool: String
  private let share: HashShare
  private var tree: Tree
  /// In the place of the tree, once rows have come out of order.
  private var table: PathTable?
  private var batch = DirectoryBatch()
  private var rowPoints: RowPoints
  private var cursors = KeyCursors()
  private var reaches = SourceReaches()
  private var origins: [UInt32: Origin] = [:]
  /// The numbers of the rows of a block.
  private let allRows = (0..<UInt32(Container.objectRowsPerBlock)).map { $0 }
  private var points = [UInt32](repeating: 0, count: Container.objectRowsPerBlock)
  private var words: [[[UInt8]]]
  private var prefixes: PrefixSchema

  private(set) var runs = 0
  private(set) var totals = PrefixTotals()

  init(
    _ schema: ObjectSchema, _ folder: RunFolder, _ folding: Folding, _ share: HashShare,
    tool: String
  ) throws(Failure) {
    self.schema = schema
    self.share = share
    self.folder = folder
    self.folding = folding
    self.tool = tool
    columns = TreeColumns(schema, folding.sizeOf)
    tree = Tree(limit: folding.treeLimit, hasAccessed: schema.has(.accessed))
    rowPoints = try RowPoints(
      folding.dimensions, schema: schema, ageOf: folding.ageOf, sizeOf: folding.sizeOf)
    words = Array(repeating: [], count: schema.columns.count)
    prefixes = PrefixSchema(
      dimensions: folding.dimensions, hasListed: schema.has(.kind),
      hasModified: schema.has(.modified), hasAccessed: schema.has(.accessed),
      ageOf: folding.ageOf, sizeOf: folding.sizeOf, maxDepth: folding.maxDepth)
  }

  var holdsRows: Bool { !tree.isEmpty || !(table?.isEmpty ?? true) }

  func take(_ message: TreeWorker.Message) throws(Failure) {
    switch message {
    case .source(let number, let origin):
      origins[number] = origin
      if !prefixes.origins.contains(origin) {
        prefixes.origins.append(origin)
        prefixes.origins.sort { $0.mount.lexicographicallyPrecedes($1.mount) }
      }
    case .words(let column, let more):
      words[column] += more
      try rowPoints.hold(words[column].count, wordsAt: column)
    case .block(let block, let linked): try add(block, linked)
    case .shared(let block, let linked): try addShare(of: block, linked)
    case .rest: break
    case .last(let mark, let audit, let makers): try write(mark, audit, makers)
    }
  }

  private func add(_ block: ObjectBlock, _ linked: LinkedRows?) throws(Failure) {
    let cursor = cursors[block.source]
    let snapshot = origins[block.source]?.snapshot
    var position = BlockPosition()
    var isFresh = false
    while true {
      rowPoints.find(
        block, allRows, block.rows, snapshot: snapshot, into: &points)
      let first = position.row
      let fits = tree.add(
        block, from: &position, cursor: cursor, columns: columns, points: points,
        linked: linked, maxDepth: folding.maxDepth ?? .max)
      guard fits else { throw Self.overflow }
      if position.row == block.rows {
        if reaches.overlaps(block.source, at: cursor.keyBytes) { tree.limitInOrder = .max }
        return
      }
      guard !isFresh || position.row > first else { throw Self.noMemory }
      try writePart()
      isFresh = true
    }
  }

  /// Adds the rows of this thread's share of the directories.
  private func addShare(of block: ObjectBlock, _ linked: LinkedRows?) throws(Failure) {
    if table == nil {
      if !tree.isEmpty { try writePart() }
      tree = Tree(limit: 0, hasAccessed: false)
      table = PathTable(
        limit: folding.treeLimit / 8 * 7, hasAccessed: schema.has(.accessed), seed: share.seed)
    }
    let snapshot = origins[block.source]?.snapshot
    batch.begin()
    while batch.fill(
      block, share, maxDepth: folding.maxDepth ?? .max,
      isElsewhere: { linked?.has($0, in: block.frame.payload) ?? false })
    {
      rowPoints.find(block, batch.numbers, batch.count, snapshot: snapshot, into: &points)
      var next = 0
      var isFresh = false
      while next < batch.count {
        let first = next
        let fits =
          table?.add(batch, of: block, from: &next, columns: columns, points: points) ?? false
        guard fits else { throw Self.overflow }
        if next == batch.count { break }
        guard !isFresh || next > first else { throw Self.noMemory }
        try writePart()
        // The points have been forgotten too.
        rowPoints.find(block, batch.numbers, batch.count, snapshot: snapshot, into: &points)
        isFresh = true
      }
    }
  }

  private func writePart() throws(Failure) {
    try write(RunMark(set: folder.set, number: folder.nextNumber(), isLast: false), Audit(), nil)
  }

  private static let overflow = Failure.data(
    "the bytes of one directory add up to more than 2^64")
  private static let noMemory = Failure("no memory for more directories", .system)

  /// Writes the tree or the table as a run and forgets it.
  private func write(_ mark: RunMark, _ audit: Audit, _ makers: Makers?) throws(Failure) {
    let (schema, codes) = try rowPoints.ranked(prefixes, words: words)
    let writer = try PrefixWriter(
      try folder.create(mark.number), schema: schema, mark: mark, codec: folding.codec,
      isFile: true, tool: tool)
    if let makers { try writer.write(makers) }
    if table == nil {
      try tree.write(to: writer, codes: codes)
    } else {
      try table?.write(to: writer, codes: codes)
    }
    guard totals.add(try writer.finish(audit)) else {
      throw Failure.data("the total of all rows is over 2^64")
    }
    runs += 1
    if table == nil { tree.reset() } else { table?.reset() }
    rowPoints.reset()
  }
}
