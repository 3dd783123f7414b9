/// Sums of cells by point, in a table with open addressing that whoever owns it frees; copies are
/// the same table only as long as none is changed.
@safe struct CellTable {
  private var slots: UnsafeMutablePointer<Cell>?
  private var mask = -1
  private(set) var count = 0

  /// The slots of a table that has just been made.
  static let leastSlots = 16
  /// A slot without objects is free.
  private static let free = Cell(code: 0, objects: 0, bytes: 0)

  /// No table yet.
  init() { unsafe slots = nil }

  /// An empty table for `count` cells.
  init(for count: Int) {
    var slots = Self.leastSlots
    while slots * 3 < count * 4 { slots *= 2 }
    allocate(slots)
  }

  private mutating func allocate(_ count: Int) {
    mask = count - 1
    let room = UnsafeMutablePointer<Cell>.allocate(capacity: count)
    unsafe room.update(repeating: Self.free, count: count)
    unsafe slots = room
  }

  /// Whether a table has been made.
  @inline(__always)
  var isThere: Bool { unsafe slots != nil }

  /// How many bytes it takes.
  @inline(__always)
  var size: Int { (mask &+ 1) &* MemoryLayout<Cell>.stride }

  /// Nothing may be used afterwards.
  func free() { unsafe slots?.deallocate() }

  @inline(__always)
  private static func home(_ code: UInt64) -> Int {
    Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) &>> 32)
  }

  /// Adds a cell to a table that is there; false when a sum overflows.
  @inline(__always)
  mutating func add(_ cell: Cell) -> Bool {
    guard let slots = unsafe slots else { return false }
    var at = Self.home(cell.code) & mask
    while true {
      let slot = unsafe slots + at
      if unsafe slot.pointee.objects == 0 {
        unsafe slot.pointee = cell
        count &+= 1
        if count &* 4 > mask &* 3 { grow() }
        return true
      }
      if unsafe slot.pointee.code == cell.code {
        return unsafe slot.pointee.add(objects: cell.objects, bytes: cell.bytes)
      }
      at = (at &+ 1) & mask
    }
  }

  @inline(never)
  private mutating func grow() {
    guard let old = unsafe slots else { return }
    let capacity = mask + 1
    allocate(capacity * 2)
    guard let slots = unsafe slots else { return }
    for index in 0..<capacity where unsafe old[index].objects > 0 {
      var at = unsafe Self.home(old[index].code) & mask
      while unsafe slots[at].objects > 0 { at = (at &+ 1) & mask }
      unsafe slots[at] = old[index]
    }
    unsafe old.deallocate()
  }

  /// Adds all of `other`; false when a sum overflows.
  mutating func add(_ other: CellTable) -> Bool {
    guard let slots = unsafe other.slots else { return true }
    var fits = true
    var left = other.count
    var at = 0
    while left > 0 {
      let cell = unsafe slots[at]
      if cell.objects > 0 {
        if !add(cell) { fits = false }
        left &-= 1
      }
      at &+= 1
    }
    return fits
  }

  /// Adds the cells to `list`, in any order.
  func append(to list: inout PlainList<Cell>) {
    guard let slots = unsafe slots else { return }
    list.reserve(count)
    var left = count
    var at = 0
    while left > 0 {
      let cell = unsafe slots[at]
      if cell.objects > 0 {
        list.add(cell)
        left &-= 1
      }
      at &+= 1
    }
  }

  /// Forgets all cells.
  mutating func removeAll() {
    if count == 0 { return }
    unsafe slots?.update(repeating: Self.free, count: mask + 1)
    count = 0
  }
}
