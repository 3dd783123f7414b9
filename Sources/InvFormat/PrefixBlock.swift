public import InvBytes

/// The columns of prefix rows as a header declares them, those we do not know included.
struct PrefixLayout: Sendable {
  /// The section of each known column.
  let places: [PrefixSchema.Role: Int]
  /// The section of the first dimension; objects and bytes follow the last.
  let cells: Int
  let sections: Int

  init(_ header: Fields, dimensions: Int) throws(FormatError) {
    var places: [PrefixSchema.Role: Int] = [:]
    var next = 0
    for column in try Column.columns(header, key: "prefix") {
      if let role = PrefixSchema.Role(rawValue: column.name) {
        guard column.type == role.type else {
          throw FormatError(
            "column '\(column.name)' is of type \(column.type), not \(role.type)", at: 0)
        }
        places[role] = next
      }
      guard column.type != .word else {
        throw FormatError("column '\(column.name)' of prefix rows has words", at: 0)
      }
      next += column.sections
    }
    guard places[.cells] != nil,
      (places[.oldestModified] == nil) == (places[.newestModified] == nil),
      (places[.oldestAccessed] == nil) == (places[.newestAccessed] == nil)
    else { throw FormatError("a column of prefix rows is missing", at: 0) }
    self.places = places
    cells = next
    sections = next + dimensions + 2
  }
}

/// A block of prefix rows that has been read and whose lengths and values have been checked.
public struct PrefixBlock: Sendable {
  public let frame: Frame
  public let rows: Int
  public let keys: Keys
  public let listed: PackedInts?
  /// Oldest and newest modified, oldest and newest accessed.
  public let times: [PackedInts?]
  public let cellCounts: PackedInts
  public let dimensions: [PackedInts]
  public let objects: PackedInts
  public let bytes: PackedInts

  init(_ frame: Frame, layout: PrefixLayout, sizes: [Int]) throws(FormatError) {
    let payload = frame.payload
    let sections = try Sections(payload)
    let rows = frame.rows
    guard rows > 0, rows <= Container.prefixRowsPerBlock, sections.number == 0 else {
      throw FormatError("a block of \(rows) rows", at: 0)
    }
    guard sections.all.count == layout.sections else {
      throw FormatError(
        "the block has \(sections.all.count) sections instead of \(layout.sections)", at: 0)
    }
    func column(_ role: PrefixSchema.Role) throws(FormatError) -> PackedInts? {
      guard let place = layout.places[role] else { return nil }
      return try sections.integers(place, count: rows)
    }
    keys = try Keys(sections, at: 0, rows: rows, in: payload)
    try keys.checkLength(in: payload)
    // Those that are not known are skipped, but they have to be columns.
    for place in 3..<layout.cells { _ = try sections.integers(place, count: rows) }
    listed = try column(.listed)
    times = [
      try column(.oldestModified), try column(.newestModified), try column(.oldestAccessed),
      try column(.newestAccessed),
    ]
    guard let counts = try column(.cells) else {
      throw FormatError("the block has no cells", at: 0)
    }
    cellCounts = counts
    var total: UInt64 = 0
    for row in 0..<rows {
      let (sum, overflow) = total.addingReportingOverflow(counts.value(row, in: payload))
      guard !overflow, sum <= UInt64(payload.byteCount) else {
        throw FormatError("the block has more cells than bytes", at: 0)
      }
      total = sum
    }
    let cells = Int(total)
    var dimensions: [PackedInts] = []
    for (index, size) in sizes.enumerated() {
      let values = try sections.integers(layout.cells + index, count: cells)
      guard cells == 0 || values.greatest(in: payload) < UInt64(size) else {
        throw FormatError("dimension \(index) has a value out of range", at: 0)
      }
      dimensions.append(values)
    }
    self.dimensions = dimensions
    objects = try sections.integers(layout.cells + sizes.count, count: cells)
    bytes = try sections.integers(layout.cells + sizes.count + 1, count: cells)
    self.frame = frame
    self.rows = rows
  }
}

extension PrefixBlock {
  /// The prefix of the first row.
  public var firstPrefix: [UInt8] {
    let start = keys.bytes.lowerBound
    return frame.payload.array(start..<start + Int(keys.suffix.value(0, in: frame.payload)))
  }
}

/// Oldest and newest times of a row, `absentInt` where there is none.
public struct RowTimes: Equatable, Sendable, BitwiseCopyable {
  public var oldestModified = absentInt
  public var newestModified = absentInt
  public var oldestAccessed = absentInt
  public var newestAccessed = absentInt

  public init() {}

  /// Widens the times to hold those of `other` too.
  @inline(__always)
  public mutating func add(_ other: RowTimes) {
    if other.oldestModified != absentInt {
      if oldestModified == absentInt || other.oldestModified < oldestModified {
        oldestModified = other.oldestModified
      }
      newestModified = max(newestModified, other.newestModified)
    }
    if other.oldestAccessed != absentInt {
      if oldestAccessed == absentInt || other.oldestAccessed < oldestAccessed {
        oldestAccessed = other.oldestAccessed
      }
      newestAccessed = max(newestAccessed, other.newestAccessed)
    }
  }
}
