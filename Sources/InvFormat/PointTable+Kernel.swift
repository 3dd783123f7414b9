import InvSystem

/// The points of a block of cells by their numbers, with how wide the figures of their cells are.
@safe final class PointTable {
  /// The widths of a point in one number: of its objects, of its bytes, and whether it is of the state
  /// current.
  struct Widths {
    let bits: UInt16

    @inline(__always)
    init(objects: UInt64, bytes: UInt64, isCurrent: Bool) {
      let both = UInt16(truncatingIfNeeded: objects | bytes &<< 7)
      bits = both | (isCurrent ? 0x8000 : 0)
    }

    @inline(__always)
    init(_ bits: UInt16) { self.bits = bits }

    var objects: UInt64 { UInt64(bits & 127) }
    var bytes: UInt64 { UInt64(bits &>> 7 & 127) }
    var sum: UInt64 { objects &+ bytes }
    var isCurrent: Bool { bits & 0x8000 != 0 }
  }

  private(set) var count = 0
  private var capacity = 0
  private var room: LargeRoom
  /// Codes first, widths behind them; what is before `count` may be read.
  private(set) var codes: UnsafeMutablePointer<UInt64>
  private(set) var widths: UnsafeMutablePointer<UInt16>

  init() {
    room = LargeRoom(bytes: 0)
    unsafe codes = room.start.assumingMemoryBound(to: UInt64.self)
    unsafe widths = room.start.assumingMemoryBound(to: UInt16.self)
  }

  /// Forgets all points and makes room for `count`.
  func reset(for count: Int) {
    self.count = 0
    guard count > capacity else { return }
    capacity = max(count, capacity + capacity / 2)
    room = LargeRoom(bytes: capacity * 10)
    unsafe codes = room.start.bindMemory(to: UInt64.self, capacity: capacity)
    unsafe widths = (room.start + capacity * 8).bindMemory(to: UInt16.self, capacity: capacity)
  }

  /// Adds a point, for which there is room.
  @inline(__always)
  func add(_ code: UInt64, _ widths: Widths) {
    unsafe codes[count] = code
    unsafe self.widths[count] = widths.bits
    count &+= 1
  }
}
