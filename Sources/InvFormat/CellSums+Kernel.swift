/// The sums of the cells of a subtree that is still growing, by point: a table with open addressing.
@safe final class CellSums {
  private var slots: UnsafeMutablePointer<Cell>
  private var mask: Int
  private(set) var count = 0

  /// A slot without objects is free.
  private static let free = Cell(code: 0, objects: 0, bytes: 0)

  init() {
    mask = 15
    unsafe slots = .allocate(capacity: mask + 1)
    unsafe slots.initialize(repeating: Self.free, count: mask + 1)
  }

  deinit { unsafe slots.deallocate() }

  /// How many bytes the table takes.
  var size: Int { (mask + 1) * MemoryLayout<Cell>.stride }

  @inline(__always)
  private static func home(_ code: UInt64) -> Int {
    Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) &>> 32)
  }

  /// Adds a cell; false when a sum overflows.
  @inline(__always)
  func add(_ cell: Cell) -> Bool {
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
  private func grow() {
    let (old, capacity) = unsafe (slots, mask + 1)
    mask = capacity * 2 - 1
    unsafe slots = .allocate(capacity: mask + 1)
    unsafe slots.initialize(repeating: Self.free, count: mask + 1)
    for index in 0..<capacity where unsafe old[index].objects > 0 {
      var at = unsafe Self.home(old[index].code) & mask
      while unsafe slots[at].objects > 0 { at = (at &+ 1) & mask }
      unsafe slots[at] = old[index]
    }
    unsafe old.deallocate()
  }

  /// Adds all of `other`; false when a sum overflows.
  func add(_ other: CellSums) -> Bool {
    var fits = true
    var left = other.count
    var at = 0
    while left > 0 {
      let cell = unsafe other.slots[at]
      if cell.objects > 0 {
        if !add(cell) { fits = false }
        left &-= 1
      }
      at &+= 1
    }
    return fits
  }

  /// The cells by rising code.
  var cells: [Cell] {
    var cells: [Cell] = []
    cells.reserveCapacity(count)
    for index in 0...mask where unsafe slots[index].objects > 0 { unsafe cells.append(slots[index]) }
    return cells.sorted { $0.code < $1.code }
  }

  func removeAll() {
    if count == 0 { return }
    if mask > 1023 {
      unsafe slots.deallocate()
      mask = 15
      unsafe slots = .allocate(capacity: mask + 1)
    }
    unsafe slots.update(repeating: Self.free, count: mask + 1)
    count = 0
  }
}
