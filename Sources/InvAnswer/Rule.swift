import InvFormat

/// How the objects of one class and size band are billed.
struct Rule: Sendable {
  enum What: Sendable { case storage, overhead, monitoring }

  /// One thing that is paid for.
  struct Part: Sendable {
    let what: What
    let rate: Int
    /// Units for each object.
    let perObject: UInt64
    /// Whether each byte is a unit too.
    let countsBytes: Bool

    @inline(__always)
    func units(of cell: Cell) -> UInt128 {
      let objects = UInt128(cell.objects) &* UInt128(perObject)
      return countsBytes ? objects &+ UInt128(cell.bytes) : objects
    }
  }

  private(set) var parts: [Part] = []

  /// The rule for objects of the class at `place` in `region` that are in the size band from `edge`.
  ///
  /// Rates are the bytes of each class in the order of the region, then the monitoring of each.
  init(_ place: Int, in region: PriceRegion, from edge: UInt64) {
    let price = region.classes[place]
    if let small = price.small, edge < small.size, let other = region.place(of: small.name) {
      bill(.storage, other, 0, countsBytes: true)
      return
    }
    if let minimum = price.minimum, edge < minimum {
      bill(.storage, place, minimum, countsBytes: false)
    } else {
      bill(.storage, place, 0, countsBytes: true)
    }
    if let overhead = price.overhead { bill(.overhead, place, overhead, countsBytes: false) }
    if let more = price.overheadElsewhere, let other = region.place(of: more.name) {
      bill(.overhead, other, more.size, countsBytes: false)
    }
    if let monitoring = price.monitoring, edge >= monitoring.from {
      bill(.monitoring, region.classes.count + place, 1, countsBytes: false)
    }
  }

  private mutating func bill(_ what: What, _ rate: Int, _ perObject: UInt64, countsBytes: Bool) {
    parts.append(Part(what: what, rate: rate, perObject: perObject, countsBytes: countsBytes))
  }
}
