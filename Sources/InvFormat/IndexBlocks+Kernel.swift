import InvBytes

<<<<<<< HEAD
// What inv-index(5) has of blocks and reading does not rest on: that they fill their file, that what is
// left of a byte or word is zero, that lists rise.

extension IndexColumn {
  /// Checks all blocks of a packed column.
  func checkBlocks() throws(FormatError) {
    if isRaw { return }
    var length: UInt64 = 0
    var first = 0
    while first < count {
      let block = try block(first / Self.blockSize)
      let values = min(Self.blockSize, count - first)
      if let fault = block.fault(values: values) {
        throw FormatError("\(name): block \(first / Self.blockSize): \(fault)", at: 0)
      }
      guard isSigned || !block.hasAbsent else {
        throw FormatError("\(name): block \(first / Self.blockSize): values are absent", at: 0)
      }
      length += block.length
      first += values
    }
    guard length == limit else {
      throw FormatError("\(name): its blocks take \(length) bytes of \(limit)", at: 0)
    }
  }
}

extension IndexColumn.Block {
  /// How many bytes it takes.
  var length: UInt64 {
    let behind = (UInt64(exceptions) * exceptionWidth + 63) / 64 * 8
    return UInt64(valueBytes + numberBytes) + behind
  }

  /// What is wrong with a block of so many values; nil when nothing is.
  func fault(values: Int) -> String? {
    let numbers = unsafe start + valueBytes
    let behind = UInt64(valueBytes + numberBytes) * 8
    guard unsafe isZero(start, from: UInt64(values) * width, to: UInt64(valueBytes) * 8),
      unsafe isZero(numbers, from: UInt64(exceptions) * 8, to: UInt64(numberBytes) * 8),
      unsafe isZero(start, from: behind + UInt64(exceptions) * exceptionWidth, to: length * 8)
    else { return "bits behind its numbers are not zero" }
    var last = -1
    for place in 0..<exceptions {
      let number = unsafe Int(numbers.load(fromByteOffset: place, as: UInt8.self))
      guard number > last, number < values else { return "its exceptions do not rise" }
      last = number
    }
    return nil
  }
}

extension PrefixStrings {
  /// Checks the bounds of all blocks, and their characters.
  func checkBlocks() throws(FormatError) {
    guard try offsets.value(0) == 0, try offsets.value(offsets.count - 1) == limit else {
      throw FormatError("prefix_offsets.u64: it does not go from 0 to \(limit)", at: 0)
    }
    if areRaw { return }
    guard unsafe isZero(start, from: limit * 8, to: limit * 8 + 64) else {
      throw FormatError("prefix_blob.bin: the last eight bytes are not zero", at: 0)
    }
    for number in 0..<offsets.count - 1 {
      if let fault = try block(number).fault() {
        throw FormatError("prefix_blob.bin: block \(number): \(fault)", at: 0)
      }
    }
  }
}

extension PrefixStrings.Block {
  /// What is wrong with its characters; nil when nothing is.
  func fault() -> String? {
    let total = place(count - 1) + rest(count - 1)
    guard holds(0, total) else { return "its characters are not all there" }
    let last = characters + UInt64(total) * width
    guard end - last < 8, unsafe isZero(start, from: last, to: end) else {
      return "there is something behind its characters"
    }
    if width == 8 { return nil }
    for symbol in 1..<max(1, symbols) {
      guard
        unsafe alphabet.load(fromByteOffset: symbol - 1, as: UInt8.self)
          < alphabet.load(fromByteOffset: symbol, as: UInt8.self)
      else { return "the characters that occur do not rise" }
    }
    var occurs = SIMD4<UInt64>()
    for place in 0..<total {
      let at = characters + UInt64(place) * width
      let number = unsafe Int(bits(start, at: at, width: width))
      guard number < symbols else { return "character \(place) is not one of its \(symbols)" }
      occurs[number >> 6] |= 1 << UInt64(number & 63)
    }
    let different = (0..<4).reduce(0) { $0 + occurs[$1].nonzeroBitCount }
    return different == symbols ? nil : "\(symbols - different) of its characters do not occur"
  }
}

extension CellBlocks {
  /// Checks the bounds of all blocks.
  func checkOffsets() throws(FormatError) {
    guard try offsets.value(0) == 0, try offsets.value(offsets.count - 1) == limit else {
      throw FormatError("\(offsets.name): it does not go from 0 to \(limit)", at: 0)
    }
    guard unsafe isZero(start, from: limit * 8, to: limit * 8 + 64) else {
      throw FormatError("\(name): the last eight bytes are not zero", at: 0)
    }
  }
}

extension PerfectHash {
  /// Whether the bits behind the last slot are zero.
  var hasZeroTail: Bool {
    let bits = count * width
    return unsafe isZero(table, from: bits, to: (bits + 7) / 8 * 8)
=======
// What passes from the thread that reads rows to the one that packs them, in memory that is used
// again: these are plain values, and whoever holds one last frees it.

/// The cells of some entries, one entry's behind the other's.
@safe struct CellRows {
  var counts: PlainList<Int>
  var cells: PlainList<Cell>

  init(rows: Int) {
    counts = PlainList(capacity: rows)
    cells = PlainList(capacity: rows * 4)
  }

  /// How many bytes of it are used.
  var size: Int { cells.count * MemoryLayout<Cell>.stride }

  mutating func removeAll() {
    counts.removeAll()
    cells.removeAll(keeping: 1 << 14)
  }

  func free() {
    counts.free()
    cells.free()
  }
}

/// What is known of 128 entries when they open, the last block having what remains.
@safe struct EntryBlock {
  /// What each prefix shares with the one before in its block of strings, and its other bytes, of
  /// which `characters` has all but the last slash.
  let shared: UnsafeMutablePointer<UInt32>
  let rests: UnsafeMutablePointer<UInt32>
  var characters: PlainList<UInt8>
  let hashes: UnsafeMutablePointer<KeyHash>
  /// `BlockPacker.size` values of each column.
  let columns: UnsafeMutablePointer<UInt64>
  /// What the entries hold themselves.
  var own: CellRows

  /// The columns, in this order; those of times are there four times whatever the rows have.
  enum Column: Int {
    case depth, listed, objects, bytes, oldestModified, newestModified, oldestAccessed
    case newestAccessed
  }

  init() {
    unsafe shared = .allocate(capacity: BlockPacker.size)
    unsafe rests = .allocate(capacity: BlockPacker.size)
    unsafe hashes = .allocate(capacity: BlockPacker.size)
    unsafe columns = .allocate(capacity: 8 * BlockPacker.size)
    characters = PlainList(capacity: 4096)
    own = CellRows(rows: BlockPacker.size)
  }

  /// How many entries there are.
  @inline(__always)
  var count: Int { own.counts.count }

  /// How many bytes of it are used, nearly.
  var size: Int { 16 << 10 + characters.count + own.size }

  /// The values of a column.
  @inline(__always)
  func column(_ column: Column) -> UnsafeMutablePointer<UInt64> {
    unsafe columns + column.rawValue &* BlockPacker.size
  }

  /// Sets what entry `row` holds itself.
  @inline(__always)
  func setDirect(_ row: Int, objects: UInt64, bytes: UInt64, _ times: RowTimes) {
    unsafe column(.objects)[row] = objects
    unsafe column(.bytes)[row] = bytes
    unsafe column(.oldestModified)[row] = UInt64(bitPattern: times.oldestModified)
    unsafe column(.newestModified)[row] = UInt64(bitPattern: times.newestModified)
    unsafe column(.oldestAccessed)[row] = UInt64(bitPattern: times.oldestAccessed)
    unsafe column(.newestAccessed)[row] = UInt64(bitPattern: times.newestAccessed)
  }

  mutating func removeAll() {
    characters.removeAll(keeping: 1 << 18)
    own.removeAll()
  }

  func free() {
    unsafe shared.deallocate()
    unsafe rests.deallocate()
    unsafe hashes.deallocate()
    unsafe columns.deallocate()
    characters.free()
    own.free()
  }
}

/// What is known of 128 entries when they close, the last block having what remains.
@safe struct ClosedBlock {
  /// The number of the block.
  var number: UInt64 = 0
  var entries = 0
  /// How many of them are still open.
  var open = 0
  /// `BlockPacker.size` values of each column.
  let columns: UnsafeMutablePointer<UInt64>

  init(columns count: Int) {
    unsafe columns = .allocate(capacity: count * BlockPacker.size)
    unsafe columns.update(repeating: 0, count: count * BlockPacker.size)
  }

  func free() { unsafe columns.deallocate() }
}

/// A block that is to be packed.
enum IndexBlock: @unchecked Sendable {
  case entries(EntryBlock)
  case closed(ClosedBlock)
  /// The sums of entries, their cells in any order.
  case sums(CellRows)

  /// How many bytes of it are used, nearly.
  var size: Int {
    switch self {
    case .entries(let block): block.size
    case .closed: 9 << 10
    case .sums(let rows): rows.size
    }
  }

  func free() {
    switch self {
    case .entries(let block): block.free()
    case .closed(let block): block.free()
    case .sums(let rows): rows.free()
    }
>>>>>>> mkindex
  }
}
