import InvBytes
import InvSystem

/// Writes a column whose values come in order.
@safe final class ColumnWriter {
  private let file: IndexFileWriter
  private let form: BlockPacker.Form
  /// Of a column that is a plain array: how many bytes a value takes.
  private let width: Int?
  private let directory: SpillFile
  private let values = UnsafeMutablePointer<UInt64>.allocate(capacity: BlockPacker.size)
  private var used = 0
  private var count: UInt64 = 0

  /// A column of that name: `.i64` columns are signed and may lack values.
  init(_ name: String, in place: IndexPlace, rising: Bool = false) throws(Failure) {
    file = try IndexFileWriter(name, in: place)
    form = BlockPacker.Form(isRising: rising, isSigned: name.hasSuffix(".i64"))
    width = place.isRaw ? IndexNames.width(name) : nil
    directory = SpillFile(in: place.temporaryFolder)
  }

  deinit { unsafe values.deallocate() }

  /// How many values there are.
  var total: UInt64 { count + UInt64(used) }

  /// Adds a value.
  @inline(__always)
  func append(_ value: UInt64) throws(Failure) {
    unsafe values[used] = value
    used += 1
    if used == BlockPacker.size { try flush() }
  }

  private func flush() throws(Failure) {
    let count = used
    used = 0
    unsafe try append(block: values, count)
  }

  /// Adds a block of values; all blocks but the last are whole, and single values do not come as well.
  func append(block: UnsafePointer<UInt64>, _ count: Int) throws(Failure) {
    self.count += UInt64(count)
    if let width {
      let room = unsafe try file.room(for: count * width + 8)
      unsafe Self.store(block, count, width: width, in: room)
      return try file.advance(by: count * width)
    }
    unsafe try directory.append(file.append(block, count, form))
  }

  /// Stores values one behind the other in `width` bytes each, and anything in eight more.
  static func store(
    _ values: UnsafePointer<UInt64>, _ count: Int, width: Int, in room: UnsafeMutablePointer<UInt8>
  ) {
    for index in 0..<count {
      unsafe UnsafeMutableRawPointer(room + index * width).storeBytes(
        of: values[index].littleEndian, as: UInt64.self)
    }
  }

  /// Writes what is left and the directory.
  func end() throws(Failure) -> IndexFileWriter {
    if used > 0 { try flush() }
    if let width {
      try file.end(IndexHeader(.raw, width: width, count: count))
      return file
    }
    let place = file.length
    try directory.forEach(unit: BlockPacker.Entry.length) { bytes throws(Failure) in
      try file.append(bytes)
    }
    try file.end(IndexHeader(form.isRising ? .rising : .packed, count: count, directory: place))
    return file
  }
}

extension IndexFileWriter {
  /// Appends a packed block and answers what the directory says of it.
  func append(_ values: UnsafePointer<UInt64>, _ count: Int, _ form: BlockPacker.Form)
    throws(Failure) -> (UInt64, UInt64)
  {
    var entry = BlockPacker.Entry()
    entry.offset = length / 8
    guard entry.offset < 1 << 40 else { throw Failure.data("\(name) would be over 8 TiB long") }
    let room = unsafe try room(for: BlockPacker.room)
    try advance(by: unsafe BlockPacker.pack(values, count, form, into: room, &entry))
    return (entry.base, entry.word)
  }
}
