import Glibc
import InvFormat
import InvSystem

/// The directories that have come so far, with direct totals: a tree in memory.
///
/// Nodes, names and cells lie in one growing memory in the order of their making, so that input in
/// order makes memory in order.
@safe struct Tree: ~Copyable {
  /// The memory or its numbers have run out.
  struct Full: Error {}

  private(set) var memory: Chunks
  private(set) var root: UInt32 = 0
  private(set) var nodes = 0
  private var index = NodeIndex()
  /// Rises when everything is forgotten: references from before mean nothing.
  private(set) var generation = 0
  let nameOffset: Int
  private let limit: UInt64
  private var cells: CellStore

  /// An empty tree that is full at `limit` bytes.
  init(limit: UInt64, hasAccessed: Bool) {
    self.limit = limit
    memory = Chunks(limit: limit)
    nameOffset = Node.size + (hasAccessed ? 16 : 0)
    cells = CellStore(seed: Machine.randomWord)
    start()
  }

  /// Whether there is anything to write.
  var isEmpty: Bool {
    unsafe nodes == 1 && node(root).pointee.cells.count == 0 && node(root).pointee.listed == 0
  }

  /// How much memory the directories and their table take.
  var bytes: UInt64 { memory.allocated + index.bytes + cells.index.bytes }

  /// Whether the tree must be written and forgotten before more comes.
  @inline(__always)
  var isFull: Bool {
    let bytes = memory.allocated
    return bytes &+ index.bytesToGrow &+ cells.index.bytesToGrow > limit
      || (bytes > limitInOrder && isInOrder)
  }

  /// Whether hardly any directory has needed the hash table.
  @inline(__always)
  private var isInOrder: Bool { index.count < nodes / 8 }

  /// While keys come in order a larger tree is no better, and memory that is used again is in the
  /// cache; where sources overlap, a larger tree adds up more.
  var limitInOrder: UInt64 = 32 << 20

  /// Forgets everything; keeps the memory unless the hash table may want a share of it.
  mutating func reset() {
    memory.reset(keepingMemory: isInOrder)
    index.forget()
    cells.reset()
    generation += 1
    start()
  }

  private mutating func start() {
    nodes = 0
    root = unsafe (try? make(0, nil, 0)) ?? 0
    precondition(root != 0, "no memory for one directory")
  }

  @inline(__always)
  func node(_ reference: UInt32) -> UnsafeMutablePointer<Node> {
    unsafe memory.address(reference).assumingMemoryBound(to: Node.self)
  }

  /// Oldest and newest accessed time of a node; only where there are any.
  @inline(__always)
  func accessed(_ reference: UInt32) -> UnsafeMutablePointer<Int64> {
    unsafe (memory.address(reference) + Node.size).assumingMemoryBound(to: Int64.self)
  }

  @inline(__always)
  func name(_ reference: UInt32) -> UnsafeMutablePointer<UInt8> {
    unsafe (memory.address(reference) + nameOffset).assumingMemoryBound(to: UInt8.self)
  }

  private mutating func make(_ parent: UInt32, _ name: UnsafePointer<UInt8>?, _ length: Int)
    throws(Full) -> UInt32
  {
    guard let made = memory.allocate(nameOffset + length) else { throw Full() }
    let node = unsafe node(made)
    unsafe node.initialize(to: Node(made, parent: parent, nameLength: length))
    if nameOffset > Node.size {
      unsafe accessed(made)[0] = absentInt
      unsafe accessed(made)[1] = absentInt
    }
    if let name = unsafe name { unsafe self.name(made).update(from: name, count: length) }
    nodes += 1
    return made
  }

  /// The child of `parent` with that name, made when there is none.
  ///
  /// A name behind all others is new: no look-up. A name that is not is looked for among a few
  /// children, or, where there are more, in the hash table, which they enter when first needed.
  @inline(__always)
  mutating func child(of parent: UInt32, _ name: UnsafePointer<UInt8>, _ length: Int)
    throws(Full) -> UInt32
  {
    let last = unsafe node(parent).pointee.last
    if last != 0 {
      let lastLength = unsafe node(last).pointee.nameLength
      let order = unsafe memcmp(name, self.name(last), min(length, lastLength))
      if order == 0 && length == lastLength { return last }
      if order < 0 || (order == 0 && length < lastLength) {
        return unsafe try childOutOfOrder(of: parent, name, length)
      }
    }
    let made = unsafe try make(parent, name, length)
    if last != 0 {
      unsafe node(made).pointee.next = node(last).pointee.next
      unsafe node(last).pointee.next = made
    }
    unsafe node(parent).pointee.last = made
    if unsafe node(parent).pointee.isIndexed {
      try unsafe index.insert(NodeIndex.hash(parent, name, length), made)
    }
    return made
  }

  @inline(never)
  private mutating func childOutOfOrder(
    of parent: UInt32, _ name: UnsafePointer<UInt8>, _ length: Int
  ) throws(Full) -> UInt32 {
    let last = unsafe node(parent).pointee.last
    var hash: UInt64 = 0
    if unsafe !node(parent).pointee.isIndexed {
      let (found, isAll) = unsafe findAmongFew(last, name, length)
      if let found { return found }
      if !isAll { try indexChildren(of: parent) }
    }
    let isIndexed = unsafe node(parent).pointee.isIndexed
    if isIndexed {
      hash = unsafe NodeIndex.hash(parent, name, length)
      if let found = unsafe find(hash, parent, name, length) { return found }
    }
    let made = unsafe try make(parent, name, length)
    unsafe node(made).pointee.next = node(last).pointee.next
    unsafe node(last).pointee.next = made
    unsafe node(parent).pointee.isUnsorted = true
    if isIndexed { try index.insert(hash, made) }
    return made
  }

  /// The child of that name, if it is among the first few; whether those were all.
  private func findAmongFew(_ last: UInt32, _ name: UnsafePointer<UInt8>, _ length: Int)
    -> (UInt32?, isAll: Bool)
  {
    var at = last
    for _ in 0..<6 {
      at = unsafe node(at).pointee.next
      if unsafe node(at).pointee.nameLength == length,
        unsafe memcmp(name, self.name(at), length) == 0
      {
        return (at, true)
      }
      if at == last { return (nil, true) }
    }
    return (nil, false)
  }

  /// Puts all children of a directory into the hash table, if that leaves the memory within bounds.
  private mutating func indexChildren(of parent: UInt32) throws(Full) {
    let last = unsafe node(parent).pointee.last
    var children = 0
    var at = last
    repeat {
      at = unsafe node(at).pointee.next
      children += 1
    } while at != last
    guard memory.allocated &+ index.bytesToHold(children + 1) <= limit else { throw Full() }
    repeat {
      at = unsafe node(at).pointee.next
      let length = unsafe node(at).pointee.nameLength
      try unsafe index.insert(NodeIndex.hash(parent, name(at), length), at)
    } while at != last
    unsafe node(parent).pointee.isIndexed = true
  }

  private func find(_ hash: UInt64, _ parent: UInt32, _ name: UnsafePointer<UInt8>, _ length: Int)
    -> UInt32?
  {
    let (slots, capacity) = unsafe (index.slots, index.capacity)
    var slot = Int(hash >> 32) & (capacity - 1)
    while true {
      let entry = unsafe slots[slot]
      if entry == 0 { return nil }
      if entry >> 32 == hash >> 32 {
        let found = UInt32(truncatingIfNeeded: entry)
        let node = unsafe node(found)
        if unsafe node.pointee.parent == parent, unsafe node.pointee.nameLength == length,
          unsafe memcmp(name, self.name(found), length) == 0
        {
          return found
        }
      }
      slot = (slot + 1) & (capacity - 1)
    }
  }

  /// Adds an object to a point of a directory; false when a sum overflows.
  @inline(__always)
  mutating func add(_ bytes: UInt64, to reference: UInt32, point: UInt32) throws(Full) -> Bool {
    unsafe try cells.add(
      bytes, point: point, to: &node(reference).pointee.cells, of: reference, in: &memory)
  }
}
