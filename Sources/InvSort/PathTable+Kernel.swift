import CPrefetch
import Glibc
import InvFormat
import InvSystem

/// The directories that have come so far, with direct totals, found by the hash of their whole path:
/// for rows whose directories come in no order, where going down a tree would miss the cache at
/// every level.
@safe struct PathTable: ~Copyable {
  private(set) var memory: Chunks
  private(set) var index = NodeIndex()
  private var cells: CellStore
  let pathOffset: Int
  private let limit: UInt64

  /// An empty table that is full at `limit` bytes.
  init(limit: UInt64, hasAccessed: Bool, seed: UInt64) {
    self.limit = limit
    cells = CellStore(seed: seed)
    memory = Chunks(limit: limit)
    pathOffset = PathEntry.size + (hasAccessed ? 16 : 0)
  }

  var isEmpty: Bool { index.count == 0 }

  /// Whether the table must be written and forgotten before more comes: what sorting it takes counts.
  @inline(__always)
  var isFull: Bool {
    memory.allocated &+ index.bytesToGrow &+ cells.index.bytesToGrow
      &+ UInt64(index.count &* PathOrder.bytesPerEntry) > limit
  }

  /// Forgets everything; keeps the memory.
  mutating func reset() {
    memory.reset(keepingMemory: true)
    index.forget()
    cells.reset()
  }

  @inline(__always)
  func entry(_ reference: UInt32) -> UnsafeMutablePointer<PathEntry> {
    unsafe memory.address(reference).assumingMemoryBound(to: PathEntry.self)
  }

  /// Oldest and newest accessed time of a directory; only where there are any.
  @inline(__always)
  func accessed(_ entry: UnsafeMutablePointer<PathEntry>) -> UnsafeMutablePointer<Int64> {
    unsafe (UnsafeMutableRawPointer(entry) + PathEntry.size).assumingMemoryBound(to: Int64.self)
  }

  @inline(__always)
  func path(_ entry: UnsafeMutablePointer<PathEntry>) -> UnsafeMutablePointer<UInt8> {
    unsafe (UnsafeMutableRawPointer(entry) + pathOffset).assumingMemoryBound(to: UInt8.self)
  }

  /// Finds or makes the directories of the rows of `batch` from `first` on, as far as there is room;
  /// returns how far.
  ///
  /// Each stage asks for the memory that the next one reads, of all rows, so that misses overlap.
  mutating func enter(_ batch: borrowing DirectoryBatch, from first: Int) -> Int {
    let mask = index.capacity &- 1
    for row in first..<batch.count {
      unsafe inv_prefetch(index.slots + Int(batch.hashes[row] >> 32) & mask)
    }
    for row in first..<batch.count {
      let found = unsafe candidate(batch.hashes[row])
      unsafe batch.entries[row] = found
      guard found != 0 else { continue }
      let start = unsafe UnsafeRawPointer(entry(found))
      unsafe inv_prefetch(start)
      unsafe inv_prefetch(start + 64)
      let end = unsafe pathOffset &+ Int(batch.lengths[row])
      let last = end < 128 ? end : 128
      unsafe inv_prefetch(start + last)
    }
    for row in first..<batch.count {
      let (hash, length) = unsafe (batch.hashes[row], Int(batch.lengths[row]))
      let path = unsafe batch.path(row)
      var found = unsafe batch.entries[row]
      if unsafe found == 0 || !isEqual(found, path, length) {
        found = unsafe find(hash, path, length)
        if found == 0 {
          do throws(Tree.Full) {
            found = unsafe try make(hash, path, length)
          } catch { return row }
        }
        unsafe batch.entries[row] = found
      }
      let entry = unsafe entry(found)
      let own = unsafe entry.pointee.cells
      if own.count > 0 {
        let start = unsafe UnsafeRawPointer(memory.address(own.reference))
        let capacity = CellArray.capacity(Int(own.count))
        unsafe inv_prefetch(start)
        unsafe inv_prefetch(start + capacity &* 8)
        unsafe inv_prefetch(start + (capacity &* 8 &+ 64))
      }
    }
    return batch.count
  }

  /// The first entry that has the same 32 bits of hash; 0 when there is none.
  @inline(__always)
  private func candidate(_ hash: UInt64) -> UInt32 {
    let (slots, mask) = unsafe (index.slots, index.capacity &- 1)
    var slot = Int(hash >> 32) & mask
    while true {
      let entry = unsafe slots[slot]
      if entry == 0 { return 0 }
      if entry >> 32 == hash >> 32 { return UInt32(truncatingIfNeeded: entry) }
      slot = (slot &+ 1) & mask
    }
  }

  @inline(__always)
  private func isEqual(_ reference: UInt32, _ path: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let entry = unsafe entry(reference)
    return unsafe Int(entry.pointee.length) == length && memcmp(self.path(entry), path, length) == 0
  }

  @inline(never)
  private func find(_ hash: UInt64, _ path: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
    let (slots, mask) = unsafe (index.slots, index.capacity &- 1)
    var slot = Int(hash >> 32) & mask
    while true {
      let entry = unsafe slots[slot]
      if entry == 0 { return 0 }
      let reference = UInt32(truncatingIfNeeded: entry)
      if entry >> 32 == hash >> 32, unsafe isEqual(reference, path, length) { return reference }
      slot = (slot &+ 1) & mask
    }
  }

  private mutating func make(_ hash: UInt64, _ path: UnsafePointer<UInt8>, _ length: Int)
    throws(Tree.Full) -> UInt32
  {
    guard !isFull, let made = memory.allocate(pathOffset + length) else { throw Tree.Full() }
    let entry = unsafe entry(made)
    unsafe entry.initialize(to: PathEntry(length: UInt32(length)))
    if pathOffset > PathEntry.size {
      unsafe accessed(entry)[0] = absentInt
      unsafe accessed(entry)[1] = absentInt
    }
    unsafe self.path(entry).update(from: path, count: length)
    try index.insert(hash, made)
    return made
  }

  /// Adds an object to a point of a directory; false when a sum overflows.
  @inline(__always)
  mutating func add(_ bytes: UInt64, to reference: UInt32, point: UInt32) throws(Tree.Full) -> Bool
  {
    unsafe try cells.add(
      bytes, point: point, to: &entry(reference).pointee.cells, of: reference, in: &memory)
  }
}
