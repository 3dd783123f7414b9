import InvBytes
import InvSystem

/// The points of a block of cells by their numbers, with how wide the figures of their cells are.
@safe final class PointTable {
  private(set) var count = 0
  /// So many points, which come first, are of the state current.
  private(set) var currentCount = 0
  /// What an entry with all points would have: the bits of all their figures, and those of the first of
  /// the widest current points, with its number; less than nothing where there is none.
  private(set) var all = Survey()
  private var capacity = 0
  private var room: LargeRoom
  /// Codes first, behind them for each point the bits of both its figures, then those of its objects; what
  /// is before `count` may be read.
  private(set) var codes: UnsafeMutablePointer<UInt64>
  private(set) var widths: UnsafeMutablePointer<UInt8>
  private(set) var objectWidths: UnsafeMutablePointer<UInt8>

  /// How many bits the figures of some cells take, and which of the current ones takes the most.
  struct Survey {
    private(set) var bits: UInt64 = 0
    private var greatest = -1
    private(set) var place: UInt64 = 0

    /// Adds cell `index`, whose figures take `width` bits.
    @inline(__always)
    mutating func add(_ width: UInt8, isCurrent: Bool, at index: UInt64) {
      bits &+= UInt64(width)
      if isCurrent, Int(width) > greatest { (greatest, place) = (Int(width), index) }
    }

    /// Whether there is a current cell.
    var hasCurrent: Bool { greatest >= 0 }
    /// The bits without those of the first of the widest current cells.
    var stored: UInt64 { bits &- UInt64(max(0, greatest)) }
  }

  init() {
    room = LargeRoom(bytes: 0)
    unsafe codes = room.start.assumingMemoryBound(to: UInt64.self)
    unsafe widths = room.start.assumingMemoryBound(to: UInt8.self)
    unsafe objectWidths = room.start.assumingMemoryBound(to: UInt8.self)
  }

  /// Forgets all points and makes room for `count`.
  private func reset(for count: Int) {
    (self.count, currentCount, all) = (0, 0, Survey())
    guard count > capacity else { return }
    capacity = max(count, capacity + capacity / 2)
    room = LargeRoom(bytes: capacity * 10)
    unsafe codes = room.start.bindMemory(to: UInt64.self, capacity: capacity)
    unsafe widths = (room.start + capacity * 8).bindMemory(to: UInt8.self, capacity: capacity)
    unsafe objectWidths = (room.start + capacity * 9).bindMemory(
      to: UInt8.self, capacity: capacity)
  }

  /// Reads `count` points from bit `first`, all of which can be read; false when they are no points of
  /// `pointCode` that rise.
  func read(
    _ start: UnsafeRawPointer, from first: UInt64, count: Int, codeWidth: UInt64,
    _ pointCode: PointCode
  ) -> Bool {
    reset(for: count)
    let (codes, widths) = unsafe (codes, widths)
    let objectWidths = unsafe objectWidths
    let shift = pointCode.shift(of: 0)
    let lastCurrent = shift < 64 ? 1 << shift &- 1 : UInt64.max
    // Most have both in one word.
    let isNarrow = codeWidth <= 44
    let mask = isNarrow ? 1 &<< codeWidth &- 1 : UInt64.max
    var survey = Survey()
    var currentCount = 0
    var at = first
    var code: UInt64 = 0
    for index in 0..<count {
      var (delta, both): (UInt64, UInt64)
      if isNarrow {
        let word = unsafe bits(start, at: at, width: codeWidth &+ 12)
        (delta, both) = (word & mask, word &>> codeWidth)
      } else {
        delta = unsafe bits(start, at: at, width: codeWidth)
        both = unsafe bits(start, at: at &+ codeWidth, width: 12)
      }
      at &+= codeWidth &+ 12
      let (next, isOver) = code.addingReportingOverflow(delta)
      var (objects, bytes) = (both & 63, both &>> 6)
      if objects > 56 || bytes > 56 {
        guard objects <= 56 || objects == 63, bytes <= 56 || bytes == 63 else { return false }
        if objects == 63 { objects = 64 }
        if bytes == 63 { bytes = 64 }
      }
      guard !isOver, delta > 0 || index == 0, pointCode.contains(next) else { return false }
      code = next
      unsafe codes[index] = code
      let width = UInt8(truncatingIfNeeded: objects &+ bytes)
      unsafe widths[index] = width
      unsafe objectWidths[index] = UInt8(truncatingIfNeeded: objects)
      let isCurrent = code <= lastCurrent
      if isCurrent { currentCount = index &+ 1 }
      survey.add(width, isCurrent: isCurrent, at: UInt64(index))
    }
    (self.count, self.currentCount, all) = (count, currentCount, survey)
    return true
  }
}
