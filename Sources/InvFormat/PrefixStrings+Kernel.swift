import CPrefetch
public import InvBytes
import InvSystem

/// The prefixes of an index, where they are mapped: inv-index(5), "Prefixes".
@safe public struct PrefixStrings: @unchecked Sendable {
  public let count: Int
  let start: UnsafeRawPointer
  /// How many bytes of the payload may be parts of blocks; eight more can be read.
  let limit: UInt64
  let offsets: IndexColumn
  private let isRaw: Bool

  static let blockSize = 32

  init(_ file: MappedFile, _ header: IndexHeader, offsets: IndexColumn) throws(FormatError) {
    count = Int(clamping: header.count)
    unsafe start = file.start + IndexHeader.length
    self.offsets = offsets
    isRaw = header.encoding == .rawStrings
    guard isRaw || (header.encoding == .strings && header.payloadLength >= 8) else {
      throw FormatError("prefix_blob.bin: its encoding is not one of prefixes", at: 10)
    }
    limit = isRaw ? header.payloadLength : header.payloadLength - 8
    let blocks = isRaw ? count : (count + Self.blockSize - 1) / Self.blockSize
    guard offsets.count == blocks + 1 else {
      throw FormatError("prefix_offsets.u64: there are not \(blocks + 1) values", at: 16)
    }
  }

  func fault(_ block: Int) -> FormatError {
    FormatError("prefix_blob.bin: block \(block) is damaged", at: 0)
  }

  /// Block `number`, which there is.
  @inline(__always)
  func block(_ number: Int) throws(FormatError) -> Block {
    try block(number, try offsets.pair(number))
  }

  @inline(__always)
  private func block(_ number: Int, _ range: (from: UInt64, to: UInt64)) throws(FormatError)
    -> Block
  {
    let (from, to) = range
    guard from <= to, to <= limit,
      let block = unsafe Block(
        start + Int(truncatingIfNeeded: from), length: to &- from,
        count: min(Self.blockSize, count &- number &* Self.blockSize))
    else { throw fault(number) }
    if block.width < 8 {
      // Any number of a character must be one of a byte that can be read. A block as the page has it is
      // long enough: each character of its list occurs.
      guard from &+ 10 &+ (1 &<< block.width) <= limit &+ 8 else { throw fault(number) }
    }
    return block
  }

  /// Whether the prefix at `position` is `key`.
  public func equals(_ position: Int, _ key: UnsafeRawBufferPointer) throws(FormatError) -> Bool {
    if isRaw { return try unsafe rawEquals(position, key) }
    guard position >= 0, position < count else { return false }
    guard position > 0, let bytes = key.baseAddress, unsafe !key.isEmpty else {
      return unsafe position == 0 && key.isEmpty
    }
    let number = position / Self.blockSize
    let block = try block(number)
    let index = position % Self.blockSize
    let answer = unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { room in
      guard let room = room.baseAddress else { return Comparison.damaged }
      return unsafe block.compare(
        index, bytes, key.count, shared: room, places: room + Self.blockSize)
    }
    if answer == .damaged { throw fault(number) }
    return answer == .equal
  }

  /// From where to where in the payload the block of `position` lies, or in raw strings the prefix;
  /// there is such a prefix.
  @inline(__always)
  func range(_ position: Int) throws(FormatError) -> (from: UInt64, to: UInt64) {
    let number = isRaw ? position : position / Self.blockSize
    let (from, to) = try offsets.pair(number)
    guard from <= to, to <= limit else { throw fault(number) }
    return (from, to)
  }

  /// Begins to compare the prefix at `position`, whose block is in `range`, with `key`; false when only
  /// `equals` can do that.
  @inline(__always)
  func open(
    _ match: inout PrefixMatch, _ position: Int, in range: (from: UInt64, to: UInt64),
    _ key: UnsafeRawPointer, _ length: Int, _ numbers: UnsafeMutableRawPointer
  ) -> Bool {
    guard !isRaw, position | (Self.blockSize &- 1) < count else { return false }
    return unsafe match.open(
      start + Int(truncatingIfNeeded: range.from), bytes: range.to &- range.from,
      room: limit &+ 8 &- range.to, position % Self.blockSize, key, length, numbers)
  }

  /// What comes of comparing a prefix with a key.
  enum Comparison { case equal, other, damaged }

  /// Asks for where the offset of the block of `position` is told; there is such a prefix.
  @inline(__always)
  func prefetchOffset(_ position: Int) {
    offsets.prefetchDirectory(isRaw ? position : position / Self.blockSize)
  }

  /// Asks for the lines that comparing the prefix at `position`, whose block is in `range`, reads:
  /// those of the head, and from there to about where its characters end.
  @inline(__always)
  func prefetchBlock(_ position: Int, in range: (from: UInt64, to: UInt64)) {
    let line = unsafe start + Int(truncatingIfNeeded: range.from)
    let length = Int(truncatingIfNeeded: range.to &- range.from)
    let last = min(length, 96 &+ (length &* (position % Self.blockSize &+ 1)) / Self.blockSize)
    unsafe inv_prefetch(line)
    for step in 1..<5 { unsafe inv_prefetch(line + min(step &* 64, last)) }
    unsafe inv_prefetch(line + last)
  }

  private func rawRange(_ position: Int) throws(FormatError) -> Range<Int> {
    let (from, to) = (try offsets.value(position), try offsets.value(position + 1))
    guard from <= to, to <= limit, to - from <= UInt64(Container.keyLimit) else {
      throw fault(position)
    }
    return Int(from)..<Int(to)
  }

  private func rawEquals(_ position: Int, _ key: UnsafeRawBufferPointer) throws(FormatError)
    -> Bool
  {
    let range = try rawRange(position)
    return unsafe UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count)
      .elementsEqual(key)
  }

  /// Sets `prefix`, which holds the prefix before `position`, or any when the position is the first of
  /// a block, to the prefix there; how many bytes they share is answered.
  func step(
    to position: Int, in block: Block, place: inout Int, _ prefix: inout [UInt8]
  ) throws(FormatError) -> Int {
    let index = position % Self.blockSize
    let rest = block.rest(index)
    let shared = index == 0 ? 0 : block.shared(index)
    guard shared <= prefix.count, shared + rest < Container.keyLimit, block.holds(place, rest)
    else { throw fault(position / Self.blockSize) }
    prefix.removeSubrange(shared...)
    if rest > 0 {
      for at in place..<place + rest { prefix.append(block.character(at)) }
    }
    if position > 0 { prefix.append(0x2f) }
    place += rest
    return shared
  }

  /// Sets `prefix` to the prefix at `position`.
  public func read(_ position: Int, into prefix: inout [UInt8]) throws(FormatError) {
    guard position >= 0, position < count else { throw fault(position / Self.blockSize) }
    prefix.removeAll(keepingCapacity: true)
    if isRaw {
      let range = try rawRange(position)
      unsafe prefix.append(
        contentsOf: UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count))
      return
    }
    let number = position / Self.blockSize
    let block = try block(number)
    var place = 0
    for at in number * Self.blockSize...position {
      _ = try step(to: at, in: block, place: &place, &prefix)
    }
  }

  var areRaw: Bool { isRaw }
}
