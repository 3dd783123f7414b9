import InvBytes
import InvSystem

/// Writes a packed column whose values come in order.
final class ColumnWriter {
  private let file: IndexFileWriter
  private let isRising: Bool
  private let isSigned: Bool
  private let directory: SpillFile
  private var values: [UInt64] = []
  private var packer = BlockPacker()
  private(set) var count: UInt64 = 0

  /// A column of that name: `.i64` columns are signed and may lack values.
  init(_ name: String, in place: IndexPlace, rising: Bool = false) throws(Failure) {
    file = try IndexFileWriter(name, in: place)
    isRising = rising
    isSigned = name.hasSuffix(".i64")
    directory = SpillFile(place.spill("\(name).directory"))
    values.reserveCapacity(BlockPacker.size)
  }

  @inline(__always)
  func append(_ value: UInt64) throws(Failure) {
    values.append(value)
    if values.count == BlockPacker.size { try flush() }
  }

  private func flush() throws(Failure) {
    count += UInt64(values.count)
    try directory.append(file.append(values[...], rising: isRising, signed: isSigned, &packer))
    values.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and the directory.
  func end() throws(Failure) -> IndexFileWriter {
    if !values.isEmpty { try flush() }
    let place = file.length
    try directory.forEach(unit: BlockPacker.Entry.length) { bytes throws(Failure) in
      try file.append(bytes)
    }
    try file.end(IndexHeader(isRising ? .rising : .packed, count: count, directory: place))
    return file
  }
}

extension IndexFileWriter {
  /// Appends a packed block and answers what the directory says of it.
  func append(
    _ values: ArraySlice<UInt64>, rising: Bool, signed: Bool, _ packer: inout BlockPacker
  ) throws(Failure) -> [UInt8] {
    var entry = packer.pack(values, rising: rising, signed: signed)
    entry.offset = length / 8
    guard entry.offset < 1 << 40 else { throw Failure.data("\(name) would be over 8 TiB long") }
    try append(packer.bytes)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: entry.base)
    bytes.append(littleEndian: entry.word)
    return bytes
  }
}
