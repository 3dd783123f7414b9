import InvAnswer
import InvFormat

/// What the cells of an entry tell beside its figures.
struct CellSum {
  /// Of noncurrent versions, and how many delete markers.
  var objects: UInt64 = 0
  var bytes: UInt64 = 0
  var markers: UInt64 = 0
  /// Of directories themselves.
  var directoryBytes: UInt64 = 0
  var cost: Amount?

  var isZero: Bool {
    objects == 0 && bytes == 0 && markers == 0 && directoryBytes == 0 && (cost?.isZero ?? true)
  }

  /// Adds a cell that is not of current objects, if it is of a state that is told of; false when a sum
  /// is too great.
  mutating func add(_ cell: Cell, _ state: UInt64) -> Bool {
    switch ObjectState(rawValue: UInt8(truncatingIfNeeded: state)) {
    case .noncurrent: Self.add(cell.objects, to: &objects) && Self.add(cell.bytes, to: &bytes)
    case .marker: Self.add(cell.objects, to: &markers)
    case .directory: Self.add(cell.bytes, to: &directoryBytes)
    default: true
    }
  }

  /// Adds another sum; false when a sum is too great.
  mutating func add(_ other: CellSum) -> Bool {
    if let more = other.cost { cost = cost.map { $0 + more } ?? more }
    return Self.add(other.objects, to: &objects) && Self.add(other.bytes, to: &bytes)
      && Self.add(other.markers, to: &markers)
      && Self.add(other.directoryBytes, to: &directoryBytes)
  }

  private static func add(_ more: UInt64, to sum: inout UInt64) -> Bool {
    let (new, isTooGreat) = sum.addingReportingOverflow(more)
    sum = new
    return !isTooGreat
  }

  /// Takes away what a part of it has.
  static func -= (sum: inout CellSum, part: CellSum) {
    sum.objects &-= part.objects
    sum.bytes &-= part.bytes
    sum.markers &-= part.markers
    sum.directoryBytes &-= part.directoryBytes
    if let cost = part.cost { sum.cost? -= cost }
  }
}
