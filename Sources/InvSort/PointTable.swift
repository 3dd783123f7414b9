/// Numbers the points that rows fall on, in the order of their coming.
struct PointTable {
  /// The code of each point.
  private(set) var codes: [UInt64] = []
  private var slots = [UInt32](repeating: 0, count: 1024)
  private var lastCode: UInt64 = 0
  private var lastPoint: UInt32 = .max

  /// The number of the point with that code.
  @inline(__always)
  mutating func point(_ code: UInt64) -> UInt32 {
    if code == lastCode && lastPoint != .max { return lastPoint }
    let mask = slots.count - 1
    var slot = Self.slot(code, mask)
    while slots[slot] != 0 {
      let point = slots[slot] - 1
      if codes[Int(point)] == code {
        (lastCode, lastPoint) = (code, point)
        return point
      }
      slot = (slot + 1) & mask
    }
    return insert(code, at: slot)
  }

  @inline(__always)
  private static func slot(_ code: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  private mutating func insert(_ code: UInt64, at slot: Int) -> UInt32 {
    codes.append(code)
    slots[slot] = UInt32(codes.count)
    if codes.count * 2 > slots.count { rebuild(slots.count * 2) }
    return UInt32(codes.count - 1)
  }

  private mutating func rebuild(_ capacity: Int) {
    slots = [UInt32](repeating: 0, count: capacity)
    for (point, code) in codes.enumerated() {
      var slot = Self.slot(code, capacity - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = UInt32(point + 1)
    }
    lastPoint = .max
  }

  /// Gives every point another code; the codes stay different.
  mutating func recode(_ change: (UInt64) -> UInt64) {
    codes = codes.map(change)
    rebuild(slots.count)
  }

  /// Forgets all points.
  mutating func reset() { self = PointTable() }
}
