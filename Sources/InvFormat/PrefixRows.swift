public import InvBytes
import InvText

/// Walks the rows of a stream of prefix rows, block after block, and checks every rule that
/// inv-rows(5) has for them.
///
///     rows.begin(block)
///     while try rows.next() { … rows.prefix … rows.cells … }
public struct PrefixRows: Sendable {
  /// The present row's prefix.
  public private(set) var prefix: [UInt8] = []
  /// How many bytes, no fewer, it has in common with the row before.
  public private(set) var shared = 0
  /// How often the prefix itself was listed as a directory.
  public private(set) var listed: UInt64 = 0
  public private(set) var times = RowTimes()
  /// By rising code.
  public private(set) var cells: [Cell] = []
  /// The sums over all rows up to this one.
  public private(set) var totals = PrefixTotals()

  private let code: PointCode
  private let maxDepth: Int?
  private let under: [UInt8]
  private var block: PrefixBlock?
  private var row = 0
  private var nextByte = 0
  private var nextCell = 0
  /// Why the block before was cut where it was.
  private var wasFull = true

  public init(_ schema: PrefixSchema) throws(FormatError) {
    code = try schema.pointCode()
    maxDepth = schema.maxDepth
    under = schema.under ?? []
  }

  /// Goes on with the rows of `block`; those of the block before must have been walked.
  public mutating func begin(_ block: PrefixBlock) throws(FormatError) {
    precondition(row == self.block?.rows ?? 0)
    guard wasFull else {
      throw FormatError("the block before this one was cut too early", at: 0)
    }
    row = 0
    nextByte = block.keys.bytes.lowerBound
    nextCell = 0
    self.block = block
    wasFull =
      block.rows == Container.prefixRowsPerBlock
      || block.keys.bytes.count >= Container.blockKeyBytes
      || block.objects.count >= Container.blockCells
  }

  /// Goes to the next row; false when the block has no more.
  public mutating func next() throws(FormatError) -> Bool {
    guard let block, row < block.rows else { return false }
    let payload = block.frame.payload
    try readPrefix(block, payload)
    listed = block.listed?.value(row, in: payload) ?? 0
    try readCells(block, payload)
    try readTimes(block, payload)
    row += 1
    totals.rows += 1
    return true
  }

  private func fault(_ what: String) -> FormatError {
    FormatError("row \(totals.rows): \(what)", at: 0)
  }

  private mutating func readPrefix(_ block: PrefixBlock, _ payload: RawSpan) throws(FormatError) {
    let suffix = Int(block.keys.suffix.value(row, in: payload))
    let range = nextByte..<nextByte + suffix
    nextByte += suffix
    // The first row of a block shares nothing, whatever it has in common with the one before.
    shared =
      row > 0
      ? Int(block.keys.shared.value(row, in: payload))
      : commonPrefix(prefix.raw, payload.extracting(range))
    let rest = row > 0 ? range : range.lowerBound + shared..<range.upperBound
    if let old = shared < prefix.count ? prefix[shared] : nil {
      if !rest.isEmpty, payload.u8(at: rest.lowerBound) == old {
        throw fault("the prefix shares more bytes than it says")
      }
    }
    let isRising =
      !rest.isEmpty
      && (shared == prefix.count || payload.u8(at: rest.lowerBound) > prefix[shared])
    guard isRising || totals.rows == 0 else {
      let next = prefix[..<shared] + payload.array(rest)
      throw fault("prefix \(quoted([UInt8](next))) after \(quoted(prefix))")
    }
    prefix.removeSubrange(shared...)
    prefix.append(payload.extracting(rest))
    guard prefix.isEmpty || prefix.last == 0x2f else {
      throw fault("prefix \(quoted(prefix)) does not end in a slash")
    }
    guard prefix.starts(with: under) else {
      throw fault("prefix \(quoted(prefix)) is not under \(quoted(under))")
    }
    if let maxDepth, prefix.lazy.filter({ $0 == 0x2f }).count > maxDepth {
      throw fault("prefix \(quoted(prefix)) is deeper than \(maxDepth)")
    }
  }

  private mutating func readCells(_ block: PrefixBlock, _ payload: RawSpan) throws(FormatError) {
    if row > 0, nextCell >= Container.blockCells {
      throw fault("the block has 65536 cells before its last row")
    }
    cells.removeAll(keepingCapacity: true)
    let end = nextCell + Int(block.cellCounts.value(row, in: payload))
    while nextCell < end {
      var point: UInt64 = 0
      for (dimension, values) in block.dimensions.enumerated() {
        point |= code.part(dimension, values.value(nextCell, in: payload))
      }
      let cell = Cell(
        code: point, objects: block.objects.value(nextCell, in: payload),
        bytes: block.bytes.value(nextCell, in: payload))
      if let last = cells.last, last.code >= point { throw fault("the cells do not rise") }
      guard cell.objects > 0 else { throw fault("a cell without objects") }
      if code.value(0, of: point) == 0 {
        let (objects, first) = totals.objects.addingReportingOverflow(cell.objects)
        let (bytes, second) = totals.bytes.addingReportingOverflow(cell.bytes)
        if first || second { throw fault("the totals are over 2^64") }
        (totals.objects, totals.bytes) = (objects, bytes)
      }
      cells.append(cell)
      nextCell += 1
    }
    totals.cells += UInt64(cells.count)
  }

  private mutating func readTimes(_ block: PrefixBlock, _ payload: RawSpan) throws(FormatError) {
    func time(_ place: Int) -> Int64 {
      block.times[place]?.signed(row, in: payload, absent: absentInt) ?? absentInt
    }
    times.oldestModified = time(0)
    times.newestModified = time(1)
    times.oldestAccessed = time(2)
    times.newestAccessed = time(3)
    let hasCurrent = cells.first.map { code.value(0, of: $0.code) == 0 } ?? false
    try check(times.oldestModified, times.newestModified, hasCurrent)
    try check(times.oldestAccessed, times.newestAccessed, hasCurrent)
  }

  private func check(_ oldest: Int64, _ newest: Int64, _ hasCurrent: Bool) throws(FormatError) {
    guard (oldest == absentInt) == (newest == absentInt), oldest <= newest else {
      throw fault("the oldest time is after the newest")
    }
    guard hasCurrent || oldest == absentInt else {
      throw fault("times without a current object")
    }
  }
}

/// A name for a message, on one line and not too long.
func quoted(_ bytes: [UInt8]) -> String {
  let limit = 120
  let text = String(decoding: TextEscape.escaped(bytes.prefix(limit)), as: UTF8.self)
  return bytes.count > limit ? "'\(text)'..." : "'\(text)'"
}
