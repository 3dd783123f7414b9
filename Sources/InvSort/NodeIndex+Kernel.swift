import Glibc

/// A hash table from (parent, name) to node, for directories whose children come out of order.
///
/// An entry is 32 bits of hash above the reference; open addressing, at most two thirds full.
@safe struct NodeIndex: ~Copyable {
  private(set) var slots: UnsafeMutablePointer<UInt64>
  private(set) var capacity = 1024
  private(set) var count = 0

  init() { unsafe slots = Self.first() }

  deinit { unsafe munmap(slots, capacity * 8) }

  /// Forgets all entries and gives their memory back.
  mutating func forget() {
    unsafe replace(Self.first(), 1024)
    count = 0
  }

  private mutating func replace(_ other: UnsafeMutablePointer<UInt64>, _ capacity: Int) {
    unsafe munmap(slots, self.capacity * 8)
    unsafe slots = other
    self.capacity = capacity
  }

  /// How many bytes the table takes.
  var bytes: UInt64 { UInt64(capacity) * 8 }

  /// How many bytes it will take to hold one node more: while the table doubles, both are there.
  @inline(__always)
  var bytesToGrow: UInt64 { isFull ? bytes * 3 : bytes }

  /// How many bytes it will take, while it grows, to hold `more` nodes more.
  func bytesToHold(_ more: Int) -> UInt64 {
    var wanted = capacity
    while count + more > wanted * 2 / 3 { wanted *= 2 }
    return wanted == capacity ? bytes : UInt64(wanted) * 12
  }

  private var isFull: Bool { count >= capacity * 2 / 3 }

  private static func first() -> UnsafeMutablePointer<UInt64> {
    guard let slots = unsafe empty(1024) else { preconditionFailure("no memory for 8 KiB") }
    return unsafe slots
  }

  // Straight from the kernel, zeroed, and given back at once: malloc would keep what is freed.
  private static func empty(_ capacity: Int) -> UnsafeMutablePointer<UInt64>? {
    let room = unsafe mmap(
      nil, capacity * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let room = unsafe room, unsafe room != MAP_FAILED else { return nil }
    unsafe madvise(room, capacity * 8, MADV_HUGEPAGE)
    return unsafe room.bindMemory(to: UInt64.self, capacity: capacity)
  }

  /// A hash of the parent and the bytes of a name.
  @inline(__always)
  static func hash(_ parent: UInt32, _ name: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    var hash = (UInt64(parent) &+ UInt64(length) << 32) &* 0x9E37_79B9_7F4A_7C15
    var at = 0
    while at &+ 8 <= length {
      let word = unsafe UnsafeRawPointer(name).loadUnaligned(fromByteOffset: at, as: UInt64.self)
      hash = mix(hash ^ word)
      at &+= 8
    }
    var rest: UInt64 = 0
    while at < length {
      rest = rest << 8 | UInt64(unsafe name[at])
      at &+= 1
    }
    return mix(hash ^ rest)
  }

  @inline(__always)
  private static func mix(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }

  /// Adds a node that is not in the table.
  mutating func insert(_ hash: UInt64, _ node: UInt32) throws(Tree.Full) {
    if isFull { try grow() }
    unsafe place(hash & 0xFFFF_FFFF_0000_0000 | UInt64(node), in: slots, capacity)
    count += 1
  }

  private func place(_ entry: UInt64, in slots: UnsafeMutablePointer<UInt64>, _ capacity: Int) {
    var slot = Int(entry >> 32) & (capacity - 1)
    while unsafe slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
    unsafe slots[slot] = entry
  }

  private mutating func grow() throws(Tree.Full) {
    guard let wider = unsafe Self.empty(capacity * 2) else { throw Tree.Full() }
    for slot in 0..<capacity where unsafe slots[slot] != 0 {
      unsafe place(slots[slot], in: wider, capacity * 2)
    }
    unsafe replace(wider, capacity * 2)
  }
}
