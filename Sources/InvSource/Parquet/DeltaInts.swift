import InvBytes

/// Integers in Parquet's encoding DELTA_BINARY_PACKED, read as they are asked for.
struct DeltaInts {
  /// What is not read yet is `page[position..<end]`, after the present miniblock.
  private var position: Int
  private let end: Int
  private var perMiniblock = 1
  private var miniblocks = 0
  /// How many are still to come.
  private(set) var left = 0
  private var isFirst = true
  /// The integer before the next, or, at first, the next.
  private var last: Int64 = 0
  private var leastDelta: Int64 = 0
  /// Where the widths of the block's miniblocks stand, and which of them is the next.
  private var widths = 0
  private var miniblock = 0
  /// The rest of the present miniblock.
  private var packed = 0
  private var width = 0
  private var bit = 0

  /// The integers that `page[range]` begins with, behind which 16 bytes can be read.
  init(_ range: Range<Int>, _ page: RawSpan) throws(FormatError) {
    position = range.lowerBound
    end = range.upperBound
    let perBlock = try varint(page)
    let miniblocks = try varint(page)
    let total = try varint(page)
    last = try zigzag(page)
    guard miniblocks > 0, miniblocks <= 1 << 16, perBlock <= 1 << 31,
      perBlock % (8 * miniblocks) == 0, perBlock > 0
    else { throw fault("blocks of \(perBlock) values in \(miniblocks) parts") }
    guard total <= UInt64(Int32.max) else { throw fault("\(total) values in a page") }
    self.miniblocks = Int(miniblocks)
    perMiniblock = Int(perBlock / miniblocks)
    left = Int(total)
    miniblock = self.miniblocks
  }

  /// Where what follows these integers begins.
  func following(_ page: RawSpan) throws(FormatError) -> Int {
    var rest = self
    rest.left = max(0, left - 1)
    rest.isFirst = false
    while rest.left > 0 {
      try rest.nextMiniblock(page)
      rest.left -= min(rest.left, rest.packed)
    }
    return rest.position
  }

  /// Appends the next `count` integers to `values`.
  mutating func append(_ count: Int, to values: inout [Int64], _ page: RawSpan)
    throws(FormatError)
  {
    guard count <= left else { throw fault("values end too early") }
    left -= count
    var rest = count
    if isFirst && rest > 0 {
      isFirst = false
      values.append(last)
      rest -= 1
    }
    while rest > 0 {
      if packed == 0 { try nextMiniblock(page) }
      let some = min(rest, packed)
      last = appendDeltas(
        page, at: bit, width: width, count: some, after: last, leastDelta, to: &values)
      bit += some * width
      packed -= some
      rest -= some
    }
  }

  private mutating func nextMiniblock(_ page: RawSpan) throws(FormatError) {
    if miniblock == miniblocks {
      leastDelta = try zigzag(page)
      guard miniblocks <= end - position else { throw fault("a block ends too early") }
      widths = position
      position += miniblocks
      miniblock = 0
    }
    width = Int(page.u8(at: widths + miniblock))
    guard width <= 64 else { throw fault("values of \(width) bits") }
    // Of the last, writers may leave out what nobody asks for.
    let bytes = min(perMiniblock / 8 * width, end - position)
    packed = width == 0 ? perMiniblock : bytes * 8 / width
    guard packed > 0 else { throw fault("a block ends too early") }
    bit = position * 8
    position += bytes
    miniblock += 1
  }

  private mutating func zigzag(_ page: RawSpan) throws(FormatError) -> Int64 {
    let value = try varint(page)
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  private mutating func varint(_ page: RawSpan) throws(FormatError) -> UInt64 {
    try page.varint(at: &position, before: end)
  }

  private func fault(_ what: String) -> FormatError { FormatError(what, at: UInt64(position)) }
}
