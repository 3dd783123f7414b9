import InvSystem

/// What is known of entries only when they close waits here in blocks of 128 entries, and a block
/// goes on when the last open entry of it has been closed.
///
/// The blocks are a stack, as the open entries are; its bottom is on disk when there are many.
@safe struct WaitingBlocks: ~Copyable {
  private let line: IndexLine
  private let columns: Int
  private let limit: Int
  private var blocks = PlainList<ClosedBlock>(capacity: 64)
  /// How many, from the bottom, are on disk.
  private var spilled = 0
  private var spill: SpillStack<UInt64>
  private var count: UInt64 = 0

  /// Keeps up to `memory` bytes in memory.
  init(_ line: IndexLine, columns: Int, in folder: String, memory: Int) {
    self.line = line
    self.columns = columns
    limit = max(8, memory / (columns * BlockPacker.size * MemoryLayout<UInt64>.stride))
    spill = SpillStack(in: folder)
  }

  deinit {
    for index in spilled..<max(spilled, blocks.count) { blocks[index].free() }
    blocks.free()
  }

  /// Makes room for the entry at the next position.
  @inline(__always)
  mutating func open() throws(Failure) {
    if count & UInt64(BlockPacker.size - 1) == 0 { try begin() }
    count &+= 1
    unsafe blocks.buffer[blocks.count &- 1].open &+= 1
    unsafe blocks.buffer[blocks.count &- 1].entries &+= 1
  }

  @inline(never)
  private mutating func begin() throws(Failure) {
    if blocks.count > 0, blocks[blocks.count - 1].open == 0 { try release(blocks.count - 1) }
    if blocks.count - spilled >= limit { try spillBottom() }
    var block = line.closed()
    (block.number, block.entries, block.open) = (count / UInt64(BlockPacker.size), 0, 0)
    blocks.append(block)
  }

  /// The values of the entry at `position`, which is open and is the last of these in its block or is
  /// in the last block; value i is at i times `BlockPacker.size`.
  @inline(__always)
  mutating func values(of position: UInt64) throws(Failure) -> UnsafeMutablePointer<UInt64> {
    let number = position / UInt64(BlockPacker.size)
    var place = blocks.count &- 1
    while blocks[place].number != number { place &-= 1 }
    if place < spilled { try restore(place) }
    return unsafe blocks[place].columns + Int(position % UInt64(BlockPacker.size))
  }

  /// The values of the entry at `position` have been set.
  @inline(__always)
  mutating func close(_ position: UInt64) throws(Failure) {
    let number = position / UInt64(BlockPacker.size)
    var place = blocks.count &- 1
    while blocks[place].number != number { place &-= 1 }
    unsafe blocks.buffer[place].open &-= 1
    if blocks[place].open == 0, place < blocks.count &- 1 { try release(place) }
  }

  private mutating func release(_ place: Int) throws(Failure) {
    let block = blocks[place]
    for index in place..<blocks.count - 1 { blocks[index] = blocks[index + 1] }
    blocks.removeLast()
    try line.push(.closed(block))
  }

  private mutating func spillBottom() throws(Failure) {
    let end = spilled + (blocks.count - spilled + 1) / 2
    while spilled < end {
      unsafe try spill.push(blocks[spilled].columns, count: columns * BlockPacker.size)
      line.keep(blocks[spilled])
      spilled += 1
    }
  }

  /// Gets the blocks from number `place` on back.
  private mutating func restore(_ place: Int) throws(Failure) {
    while spilled > place {
      let old = blocks[spilled - 1]
      var block = line.closed()
      unsafe try spill.pop(block.columns, count: columns * BlockPacker.size)
      (block.number, block.entries, block.open) = (old.number, old.entries, old.open)
      blocks[spilled - 1] = block
      spilled -= 1
    }
  }

  /// Hands on the last block; all entries are closed.
  mutating func end() throws(Failure) {
    while blocks.count > 0 { try release(blocks.count - 1) }
  }
}
