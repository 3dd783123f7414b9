import InvBytes
import InvCompress
public import InvSystem

/// A block of prefix rows ready to be written, with what the stream must know of it.
public struct EncodedBlock: Sendable {
  let frame: FrameBytes
  let first: [UInt8]
  let totals: PrefixTotals
}

/// Makes frames of stretches of batches; each thread has one of its own.
public final class PrefixBlockEncoder {
  private let roles: [PrefixSchema.Role]
  private let code: PointCode
  private var builder = SectionsBuilder()
  private var scratch: [UInt64] = []
  private var keys: [UInt8] = []
  private var compressor: ZstdBlock.Compressor?
  private var compressed: [UInt8] = []

  public init(_ schema: PrefixSchema, code: PointCode, codec: Codec) throws(Failure) {
    roles = schema.roles
    self.code = code
    compressor = codec == .zstd ? try ZstdBlock.Compressor(level: PrefixWriter.level) : nil
  }

  /// The block encoded last, as it is without compression.
  var plain: FrameBytes { builder.frame }

  /// The block that `cut` is.
  public func encode(_ cut: BlockCut) throws(Failure) -> EncodedBlock {
    let (batch, rows) = (cut.batch, cut.from.row..<cut.to.row)
    let cells = cut.from.cell..<cut.to.cell
    let heads = batch.heads.span.extracting(rows)
    builder.begin(sections: 3 + roles.count + code.count + 2, number: 0)
    add(heads.count) { $0 == 0 ? 0 : UInt64(heads[$0].shared) }
    add(heads.count) { UInt64($0 == 0 ? cut.first.count : Int(heads[$0].suffix)) }
    keys.removeAll(keepingCapacity: true)
    keys += cut.first
    keys += batch.bytes[(cut.from.byte + Int(heads[0].suffix))..<cut.to.byte]
    builder.add(bytes: keys)
    for role in roles {
      switch role {
      case .listed: add(heads.count) { heads[$0].listed }
      case .oldestModified: addTimes(heads.count) { heads[$0].times.oldestModified }
      case .newestModified: addTimes(heads.count) { heads[$0].times.newestModified }
      case .oldestAccessed: addTimes(heads.count) { heads[$0].times.oldestAccessed }
      case .newestAccessed: addTimes(heads.count) { heads[$0].times.newestAccessed }
      case .cells: add(heads.count) { heads[$0].cells }
      }
    }
    let totals = try addCells(batch.cells.span.extracting(cells), rows: heads.count)
    builder.end()
    return EncodedBlock(
      frame: try seal(rows: heads.count), first: cut.first, totals: totals)
  }

  private func addCells(_ cells: Span<Cell>, rows: Int) throws(Failure) -> PrefixTotals {
    for dimension in 0..<code.count {
      let (shift, mask) = (code.shift(dimension), code.mask(dimension))
      add(cells.count) { (cells[$0].code >> shift) & mask }
    }
    add(cells.count) { cells[$0].objects }
    add(cells.count) { cells[$0].bytes }
    var totals = PrefixTotals()
    totals.rows = UInt64(rows)
    totals.cells = UInt64(cells.count)
    var fits = true
    for index in cells.indices where code.value(0, of: cells[index].code) == 0 {
      let (objects, first) = totals.objects.addingReportingOverflow(cells[index].objects)
      let (bytes, second) = totals.bytes.addingReportingOverflow(cells[index].bytes)
      if first || second { fits = false }
      (totals.objects, totals.bytes) = (objects, bytes)
    }
    guard fits else { throw Failure.data("the total of all rows is over 2^64") }
    return totals
  }

  @inline(__always)
  private func add(_ count: Int, absent: Int64? = nil, _ value: (Int) -> UInt64) {
    scratch.removeAll(keepingCapacity: true)
    for index in 0..<count { scratch.append(value(index)) }
    builder.add(scratch, absent: absent)
  }

  @inline(__always)
  private func addTimes(_ count: Int, _ value: (Int) -> Int64) {
    add(count, absent: absentInt) { UInt64(bitPattern: value($0)) }
  }

  private func seal(rows: Int) throws(Failure) -> FrameBytes {
    let length = builder.frame.payloadLength
    guard length <= Container.frameLimit else {
      throw Failure.data("a block of \(rows) rows would be \(length) bytes long")
    }
    guard compressor != nil else {
      builder.frame.seal(.block, rows: rows)
      return builder.frame
    }
    compressor?.compress(
      builder.frame.bytes.span.extracting(droppingFirst: Container.frameHeaderLength),
      into: &compressed)
    var frame = FrameBytes(payload: compressed)
    frame.seal(.block, rows: rows, codec: .zstd, decodedLength: length)
    return frame
  }
}
