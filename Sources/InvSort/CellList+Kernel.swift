import InvFormat

/// The cells of one row under construction, by rising code.
@safe struct CellList: ~Copyable {
  private(set) var cells: UnsafeMutablePointer<Cell>
  private(set) var count = 0
  private var capacity = 64

  init() { unsafe cells = .allocate(capacity: capacity) }

  deinit { unsafe cells.deallocate() }

  var buffer: UnsafeBufferPointer<Cell> { unsafe UnsafeBufferPointer(start: cells, count: count) }

  @inline(__always)
  mutating func removeAll() { count = 0 }

  /// Makes room for `more` cells; `append` does not look.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if count &+ more > capacity { grow(to: count + more) }
  }

  @inline(never)
  private mutating func grow(to least: Int) {
    let wider = max(least, capacity * 2)
    let room = UnsafeMutablePointer<Cell>.allocate(capacity: wider)
    unsafe room.moveInitialize(from: cells, count: count)
    unsafe cells.deallocate()
    unsafe cells = room
    capacity = wider
  }

  /// Adds a cell, for which there is room.
  @inline(__always)
  mutating func append(_ cell: Cell) {
    unsafe (cells + count).initialize(to: cell)
    count &+= 1
  }

  /// Sets this list to the cells of `a` and `b`, those of the same point added; false when a sum
  /// overflows.
  mutating func merge(_ a: borrowing CellList, _ b: borrowing CellList) -> Bool {
    count = 0
    reserve(a.count + b.count)
    var (i, j) = (0, 0)
    var fits = true
    while i < a.count, j < b.count {
      let (first, second) = unsafe (a.cells[i], b.cells[j])
      if first.code == second.code {
        var sum = first
        if !sum.add(objects: second.objects, bytes: second.bytes) { fits = false }
        append(sum)
        (i, j) = (i &+ 1, j &+ 1)
      } else if first.code < second.code {
        append(first)
        i &+= 1
      } else {
        append(second)
        j &+= 1
      }
    }
    while i < a.count {
      unsafe append(a.cells[i])
      i &+= 1
    }
    while j < b.count {
      unsafe append(b.cells[j])
      j &+= 1
    }
    return fits
  }
}
