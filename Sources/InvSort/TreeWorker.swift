import InvBytes
import InvFormat
import InvSystem

/// A thread with a tree of its own.
final class TreeWorker: @unchecked Sendable {
  enum Message: Sendable {
    case source(UInt32, Origin)
    case words(Int, [[UInt8]])
    case block(ObjectBlock)
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

  init(_ schema: ObjectSchema, _ folder: RunFolder, _ folding: Folding, tool: String)
    throws(Failure)
  {
    queue = BoundedQueue(capacity: folding.queueLength)
    let work = try TreeWork(schema, folder, folding, tool: tool)
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
  private var tree: Tree
  private var rowPoints: RowPoints
  private var cursors = KeyCursors()
  private var reaches = SourceReaches()
  private var origins: [UInt32: Origin] = [:]
  private var points = [UInt32](repeating: 0, count: Container.objectRowsPerBlock)
  private var words: [[[UInt8]]]
  private var prefixes: PrefixSchema

  private(set) var runs = 0
  private(set) var totals = PrefixTotals()

  init(_ schema: ObjectSchema, _ folder: RunFolder, _ folding: Folding, tool: String)
    throws(Failure)
  {
    self.schema = schema
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

  var holdsRows: Bool { !tree.isEmpty }

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
    case .block(let block): try add(block)
    case .rest: break
    case .last(let mark, let audit, let makers): try write(mark, audit, makers)
    }
  }

  private func add(_ block: ObjectBlock) throws(Failure) {
    let cursor = cursors[block.source]
    let snapshot = origins[block.source]?.snapshot
    var position = BlockPosition()
    var isFresh = false
    while true {
      rowPoints.find(block, snapshot: snapshot, into: &points)
      let first = position.row
      let fits = tree.add(
        block, from: &position, cursor: cursor, columns: columns, points: points,
        maxDepth: folding.maxDepth ?? .max)
      guard fits else { throw Failure.data("the bytes of one directory add up to more than 2^64") }
      if position.row == block.rows {
        if reaches.overlaps(block.source, at: cursor.keyBytes) { tree.limitInOrder = .max }
        return
      }
      guard !isFresh || position.row > first else {
        throw Failure("no memory for more directories", .system)
      }
      try write(RunMark(set: folder.set, number: folder.nextNumber(), isLast: false), Audit(), nil)
      isFresh = true
    }
  }

  /// Writes the tree as a run and forgets it.
  private func write(_ mark: RunMark, _ audit: Audit, _ makers: Makers?) throws(Failure) {
    let (schema, codes) = try rowPoints.ranked(prefixes, words: words)
    let writer = try PrefixWriter(
      try folder.create(mark.number), schema: schema, mark: mark, codec: folding.codec,
      isFile: true, tool: tool)
    if let makers { try writer.write(makers) }
    try tree.write(to: writer, codes: codes)
    guard totals.add(try writer.finish(audit)) else {
      throw Failure.data("the total of all rows is over 2^64")
    }
    runs += 1
    tree.reset()
    rowPoints.reset()
  }
}
