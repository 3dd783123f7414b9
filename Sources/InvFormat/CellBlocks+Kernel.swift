import InvBytes
import InvSystem

/// The cells of an index, where they are mapped: inv-index(5), "Cells".
@safe struct CellBlocks: @unchecked Sendable {
  let name: StaticString
  let count: Int
  let rows: Int
  let code: PointCode
  let start: UnsafeRawPointer
  /// How many bytes of the payload may be parts of blocks; eight more can be read.
  let limit: UInt64
  let offsets: IndexColumn

  init(
    _ name: StaticString, _ file: MappedFile, _ header: IndexHeader, offsets: IndexColumn,
    code: PointCode
  ) throws(FormatError) {
    self.name = name
    count = Int(clamping: header.count)
    rows = header.rows
    self.code = code
    unsafe start = file.start + IndexHeader.length
    guard header.encoding == .cells, rows == (name.description == "cells.bin" ? 128 : 16) else {
      throw FormatError("\(name): it has blocks of \(rows) rows", at: 12)
    }
    guard header.payloadLength >= 8 else {
      throw FormatError("\(name): the payload is too short", at: 24)
    }
    limit = header.payloadLength - 8
    self.offsets = offsets
    guard offsets.count == count / rows + (count % rows > 0 ? 1 : 0) + 1 else {
      throw FormatError("\(offsets.name): its values are not those of \(count) rows", at: 16)
    }
  }

  func fault(_ block: Int) -> FormatError {
    FormatError("\(name): block \(block) is damaged", at: 0)
  }

  /// Where block `number` lies: at least its header of 12 bytes.
  func block(_ number: Int) throws(FormatError) -> (UnsafeRawPointer, length: Int) {
    let (from, to) = (try offsets.value(number), try offsets.value(number + 1))
    guard from <= to, to <= limit, to - from >= 12 else { throw fault(number) }
    return unsafe (start + Int(from), Int(to - from))
  }
}
