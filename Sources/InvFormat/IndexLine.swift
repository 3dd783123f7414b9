import InvSystem

/// The way of blocks from the thread that makes them to the one that packs them, and back empty.
///
/// Blocks are packed in the order in which they come. With one thread, whoever hands one over packs it.
final class IndexLine: @unchecked Sendable {
  /// More than this is not handed over before the thread that packs has caught up.
  private static let limit = 2 << 20
  private static let lot = 256 << 10

  private let packer: IndexPacker
  private let monitor = Monitor()
  private var thread: Thread?
  // Of whoever hands over.
  private var gathered: [IndexBlock] = []
  private var gatheredSize = 0
  private var spareEntries: [EntryBlock] = []
  private var spareClosed: [ClosedBlock] = []
  private var spareSums: [CellRows] = []
  // Guarded by the monitor.
  private var waiting: [IndexBlock] = []
  private var waitingSize = 0
  private var returned: [IndexBlock] = []
  private var isClosed = false
  private var failure: Failure?

  init(_ packer: IndexPacker, threads: Int) throws(Failure) {
    self.packer = packer
    if threads > 1 { thread = try Thread { [self] in work() } }
  }

  deinit {
    for block in gathered + waiting + returned { block.free() }
    for block in spareEntries { block.free() }
    for block in spareClosed { block.free() }
    for rows in spareSums { rows.free() }
  }

  private func work() {
    while true {
      let (blocks, size) = monitor.withLock {
        while waiting.isEmpty && !isClosed { monitor.wait() }
        let taken = (waiting, waitingSize)
        waiting = []
        return taken
      }
      if blocks.isEmpty { return }
      var found: Failure?
      do throws(Failure) {
        for block in blocks { try packer.take(block) }
      } catch { found = error }
      monitor.withLock {
        returned += blocks
        waitingSize -= size
        if let found { (failure, isClosed) = (found, true) }
        monitor.wake()
      }
      if found != nil { return }
    }
  }

  /// Hands a block over, whose memory now belongs to the line.
  func push(_ block: IndexBlock) throws(Failure) {
    if thread == nil {
      defer { recycle(block) }
      return try packer.take(block)
    }
    gathered.append(block)
    gatheredSize += block.size
    if gatheredSize >= Self.lot { try flush() }
  }

  private func flush() throws(Failure) {
    let (size, blocks) = (gatheredSize, gathered)
    gathered.removeAll(keepingCapacity: true)
    gatheredSize = 0
    var back: [IndexBlock] = []
    let found = monitor.withLock {
      while waitingSize > 0 && waitingSize + size > Self.limit && !isClosed { monitor.wait() }
      waiting += blocks
      waitingSize += size
      swap(&back, &returned)
      monitor.wake()
      return failure
    }
    for block in back { recycle(block) }
    if let found { throw found }
  }

  private func recycle(_ block: IndexBlock) {
    switch block {
    case .entries(var block):
      block.removeAll()
      spareEntries.append(block)
    case .closed(let block): spareClosed.append(block)
    case .sums(var rows):
      rows.removeAll()
      spareSums.append(rows)
    }
  }

  /// An empty block.
  func entries() -> EntryBlock { spareEntries.popLast() ?? EntryBlock() }

  /// A block with any values.
  func closed() -> ClosedBlock {
    spareClosed.popLast() ?? ClosedBlock(columns: packer.closedColumns)
  }

  /// Takes back a block that was not handed over.
  func keep(_ block: ClosedBlock) { spareClosed.append(block) }

  func sums() -> CellRows { spareSums.popLast() ?? CellRows(rows: IndexNames.rollupRows) }

  /// Waits until all has been packed; nothing may be handed over afterwards.
  func end() throws(Failure) {
    if thread != nil && !gathered.isEmpty { try flush() }
    if let failure = stop() { throw failure }
  }

  /// Ends the thread when it has packed what it has got.
  @discardableResult
  func stop() -> Failure? {
    monitor.withLock {
      isClosed = true
      monitor.wake()
    }
    thread?.join()
    thread = nil
    return monitor.withLock { failure }
  }
}
