import InvFormat
import InvSystem

/// Where the cells of a directory lie, and how many there are.
struct DirectoryCells {
  var reference: UInt32 = 0
  var count: UInt32 = 0
}

/// Adds to the cells of directories, which lie side by side in the memory that the directories lie in.
///
/// A few are looked through. Those of a directory that has many are found by the hash of directory and
/// point; what is found is a place, which is right where the point is there.
@safe struct CellStore: ~Copyable {
  private(set) var index = NodeIndex()
  /// Arrays that were too small and are free, by size: the first of each list.
  private var outgrown = [UInt32](repeating: 0, count: CellArray.sizes)
  private let seed: UInt64

  /// With a seed of its own nobody can make points whose hashes are the same.
  init(seed: UInt64) { self.seed = seed }

  /// Forgets where cells are, and free arrays.
  mutating func reset() {
    index.forget()
    for size in outgrown.indices { outgrown[size] = 0 }
  }

  /// Adds an object to a point of directory `owner`, whose cells are `cells`; false when a sum
  /// overflows.
  @inline(__always)
  mutating func add(
    _ bytes: UInt64, point: UInt32, to cells: inout DirectoryCells, of owner: UInt32,
    in memory: inout Chunks
  ) throws(Tree.Full) -> Bool {
    let count = Int(cells.count)
    if count > 0 {
      let array = unsafe CellArray(memory.address(cells.reference), count: count)
      if count <= CellArray.fewCells {
        for place in 0..<count where unsafe array.points[place] == point {
          return try array.add(bytes, at: place)
        }
      } else if let place = find(owner, point, array, count) {
        return try array.add(bytes, at: place)
      }
    }
    try append(bytes, point, to: &cells, owner, &memory)
    return true
  }

  @inline(never)
  private mutating func append(
    _ bytes: UInt64, _ point: UInt32, to cells: inout DirectoryCells, _ owner: UInt32,
    _ memory: inout Chunks
  ) throws(Tree.Full) {
    let count = Int(cells.count)
    if count == CellArray.capacity(count) { try grow(&cells, &memory) }
    let array = unsafe CellArray(memory.address(cells.reference), count: count + 1)
    if count == CellArray.fewCells {
      for place in 0..<count { try unsafe insert(owner, array.points[place], place) }
    }
    if count >= CellArray.fewCells { try insert(owner, point, count) }
    unsafe array.points[count] = point
    unsafe array.objects[count] = 1
    unsafe array.bytes[count] = bytes
    cells.count += 1
  }

  /// Moves cells that fill their array to a larger one.
  private mutating func grow(_ cells: inout DirectoryCells, _ memory: inout Chunks)
    throws(Tree.Full)
  {
    let count = Int(cells.count)
    let size = CellArray.size(count + 1)
    guard size < CellArray.sizes else { throw Tree.Full() }
    var made = outgrown[size]
    if made != 0 {
      outgrown[size] = unsafe memory.address(made).load(as: UInt32.self)
    } else {
      guard let fresh = memory.allocate(CellArray.capacity(count + 1) * 16) else {
        throw Tree.Full()
      }
      made = fresh
    }
    if count > 0 {
      let old = unsafe memory.address(cells.reference)
      unsafe CellArray(old, count: count).copy(
        count, to: CellArray(memory.address(made), count: count + 1))
      unsafe old.storeBytes(of: outgrown[size - 1], as: UInt32.self)
      outgrown[size - 1] = cells.reference
    }
    cells.reference = made
  }

  private func hash(_ owner: UInt32, _ point: UInt32) -> UInt64 {
    let product = (UInt64(owner) << 32 | UInt64(point) ^ seed)
      .multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }

  private func find(_ owner: UInt32, _ point: UInt32, _ array: CellArray, _ count: Int) -> Int? {
    let hash = hash(owner, point)
    let (slots, mask) = unsafe (index.slots, index.capacity &- 1)
    var slot = Int(hash >> 32) & mask
    while true {
      let entry = unsafe slots[slot]
      if entry == 0 { return nil }
      let place = Int(entry & 0xffff_ffff) &- 1
      if unsafe entry >> 32 == hash >> 32 && place < count && array.points[place] == point {
        return place
      }
      slot = (slot &+ 1) & mask
    }
  }

  private mutating func insert(_ owner: UInt32, _ point: UInt32, _ place: Int) throws(Tree.Full) {
    try index.insert(hash(owner, point), UInt32(place + 1))
  }
}

/// The cells of a directory: all points, then all counts of objects, then all bytes.
@safe struct CellArray {
  let points: UnsafeMutablePointer<UInt32>
  let objects: UnsafeMutablePointer<UInt32>
  let bytes: UnsafeMutablePointer<UInt64>

  /// So many cells are looked through one by one.
  static let fewCells = 16
  /// How many sizes there are: the largest fits into a chunk.
  static let sizes = 34

  /// Which size holds `count` cells: of 2, 3, 4, 6, 8, 12 and so on the first that does.
  @inline(__always)
  static func size(_ count: Int) -> Int {
    if count <= 2 { return 0 }
    let bits = Int.bitWidth &- 1 &- (count &- 1).leadingZeroBitCount
    return count <= 3 << (bits &- 1) ? 2 &* bits &- 1 : 2 &* bits
  }

  /// How many cells there is room for where there are `count`.
  @inline(__always)
  static func capacity(_ count: Int) -> Int {
    if count == 0 { return 0 }
    let size = size(count)
    return (size & 1 == 0 ? 2 : 3) << (size >> 1)
  }

  /// The array at `start`, which holds `count` cells, at least one.
  @inline(__always)
  init(_ start: UnsafeMutableRawPointer, count: Int) {
    let capacity = Self.capacity(count)
    unsafe points = start.assumingMemoryBound(to: UInt32.self)
    unsafe objects = points + capacity
    unsafe bytes = (start + 8 * capacity).assumingMemoryBound(to: UInt64.self)
  }

  /// Adds an object to a cell; false when the sum overflows.
  @inline(__always)
  func add(_ more: UInt64, at place: Int) throws(Tree.Full) -> Bool {
    guard unsafe objects[place] < .max else { throw Tree.Full() }
    let (sum, overflow) = unsafe bytes[place].addingReportingOverflow(more)
    unsafe bytes[place] = sum
    unsafe objects[place] &+= 1
    return !overflow
  }

  func copy(_ count: Int, to other: CellArray) {
    unsafe other.points.update(from: points, count: count)
    unsafe other.objects.update(from: objects, count: count)
    unsafe other.bytes.update(from: bytes, count: count)
  }
}

extension Chunks {
  /// The cells of a directory, by rising code; `codes` are those of the points.
  func gather(_ cells: DirectoryCells, _ codes: [UInt64], into list: inout [Cell]) {
    list.removeAll(keepingCapacity: true)
    guard cells.count > 0 else { return }
    let array = unsafe CellArray(address(cells.reference), count: Int(cells.count))
    for place in 0..<Int(cells.count) {
      unsafe list.append(
        Cell(
          code: codes[Int(array.points[place])], objects: UInt64(array.objects[place]),
          bytes: array.bytes[place]))
    }
    if list.count > 1 { list.sort { $0.code < $1.code } }
  }
}
