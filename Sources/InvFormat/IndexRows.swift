public import InvBytes
public import InvSystem

/// The prefix rows that an index was made of, in order: of every entry that holds something itself,
/// was listed, or has no descendant.
public struct IndexRows {
  private let index: Index
  private let prefixes: PrefixCursor
  private let cursor: IndexCells
  private let ends: ColumnCursor
  private let listedColumn: ColumnCursor?
  private let times: [ColumnCursor]
  private let directTimes: [ColumnCursor]
  private var position = 0
  /// Of the row before.
  private var last: [UInt8] = []

  /// The present row.
  public private(set) var prefix: [UInt8] = []
  /// How many bytes it shares with the row before.
  public private(set) var shared = 0
  public private(set) var listed: UInt64 = 0
  public private(set) var rowTimes = RowTimes()
  public var cells: [Cell] { cursor.cells }

  public init(_ index: Index) {
    self.index = index
    prefixes = PrefixCursor(index.strings)
    cursor = IndexCells(index)
    ends = ColumnCursor(index.ends)
    listedColumn = index.listed.map(ColumnCursor.init)
    times = index.times.map(ColumnCursor.init)
    directTimes = index.directTimes.map(ColumnCursor.init)
  }

  /// Goes to the next row; false at the end.
  public mutating func next() throws(FormatError) -> Bool {
    while position < index.count {
      let place = position
      position += 1
      listed = try listedColumn?.value(place) ?? 0
      try cursor.readOwn(place)
      let isLeaf = try ends.value(place) == UInt64(place + 1)
      guard isLeaf || listed > 0 || !cursor.cells.isEmpty else { continue }
      try prefixes.move(to: place)
      swap(&last, &prefix)
      prefix = prefixes.prefix
      shared = commonPrefix(last.raw, prefix.raw)
      guard place == 0 || precedes(last.raw, prefix.raw) else {
        throw FormatError(
          "prefix_blob.bin: prefix \(quoted(prefix)) after \(quoted(last))", at: 0)
      }
      try readTimes(place, isLeaf ? times : directTimes)
      return true
    }
    return false
  }

  private mutating func readTimes(_ place: Int, _ columns: [ColumnCursor]) throws(FormatError) {
    rowTimes = RowTimes()
    var next = 0
    if index.schema.hasModified {
      rowTimes.oldestModified = try columns[0].signed(place)
      rowTimes.newestModified = try columns[1].signed(place)
      next = 2
    }
    if index.schema.hasAccessed {
      rowTimes.oldestAccessed = try columns[next].signed(place)
      rowTimes.newestAccessed = try columns[next + 1].signed(place)
    }
  }

  /// Writes all rows and the account of the input.
  public static func write(_ index: Index, to writer: PrefixWriter) throws(Failure) {
    var rows = IndexRows(index)
    while true {
      do throws(FormatError) {
        guard try rows.next() else { break }
      } catch { throw index.failure(error) }
      try writer.append(
        rows.prefix, sharing: rows.shared, listed: rows.listed, times: rows.rowTimes,
        cells: rows.cells)
    }
    let totals = try writer.finish(index.manifest.audit)
    guard totals.objects == index.manifest.objects, totals.bytes == index.manifest.bytes else {
      throw Failure.data(
        "\(printable(index.path)): the rows have \(totals.objects) objects, the manifest says"
          + " \(index.manifest.objects)")
    }
  }
}
