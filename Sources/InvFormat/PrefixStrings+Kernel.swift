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

  /// A block, its header checked.
  @safe struct Block {
    let start: UnsafeRawPointer
    let count: Int
    let width: UInt64
    let alphabet: UnsafeRawPointer
    let firstLength: Int
    private let sharedWidth: UInt64
    private let restWidth: UInt64
    private let sharedBase: Int
    private let restBase: Int
    /// In bits from `start`: the shared lengths, the lengths of rests, the characters, and the end.
    private let shared: UInt64
    private let rests: UInt64
    /// How many characters occur.
    var symbols: Int { Int(shared / 8) - 10 }
    let characters: UInt64
    let end: UInt64

    @inline(__always)
    init?(_ start: UnsafeRawPointer, length: UInt64, count: Int) {
      guard length >= 10 else { return nil }
      let head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
      let first = unsafe UInt16(
        littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
      unsafe self.start = start
      self.count = count
      width = head & 255
      sharedWidth = (head &>> 8) & 255
      restWidth = (head &>> 16) & 255
      let symbols = (head &>> 24) & 255
      sharedBase = Int((head &>> 32) & 65535)
      restBase = Int(head &>> 48)
      firstLength = Int(first)
      unsafe alphabet = start + 10
      shared = (10 &+ symbols) &* 8
      let others = UInt64(truncatingIfNeeded: count &- 1)
      rests = shared &+ others &* sharedWidth
      characters = rests &+ others &* restWidth
      end = length &* 8
      guard width >= 1, width <= 8, sharedWidth <= 17, restWidth <= 17, characters <= end,
        width == 8 ? symbols == 0 : symbols <= 1 &<< width
      else { return nil }
    }

    /// How many bytes prefix `index`, which is not the first, shares with the one before.
    @inline(__always)
    func shared(_ index: Int) -> Int {
      let at = shared &+ UInt64(truncatingIfNeeded: index &- 1) &* sharedWidth
      return unsafe sharedBase &+ Int(bits(start, at: at, width: sharedWidth))
    }

    /// How long the rest of prefix `index` is, without its slash.
    @inline(__always)
    func rest(_ index: Int) -> Int {
      if index == 0 { return firstLength }
      let at = rests &+ UInt64(truncatingIfNeeded: index &- 1) &* restWidth
      return unsafe restBase &+ Int(bits(start, at: at, width: restWidth))
    }

    /// How many characters come before the rest of prefix `index`.
    @inline(__always)
    func place(_ index: Int) -> Int {
      if index == 0 { return 0 }
      var sum = firstLength &+ restBase &* (index &- 1)
      var at = rests
      for _ in 1..<index {
        sum &+= unsafe Int(bits(start, at: at, width: restWidth))
        at &+= restWidth
      }
      return sum
    }

    /// Whether `count` characters from `place` on are within the block.
    @inline(__always)
    func holds(_ place: Int, _ count: Int) -> Bool {
      characters &+ UInt64(truncatingIfNeeded: place &+ count) &* width <= end
    }

    /// Character `place`, which the block holds.
    @inline(__always)
    func character(_ place: Int) -> UInt8 {
      let at = characters &+ UInt64(truncatingIfNeeded: place) &* width
      let number = unsafe bits(start, at: at, width: width)
      if width == 8 { return UInt8(truncatingIfNeeded: number) }
      return unsafe alphabet.load(
        fromByteOffset: Int(truncatingIfNeeded: number), as: UInt8.self)
    }

    /// Whether the characters from `place` on are the bytes of `key` from `first` up to `last`.
    @inline(__always)
    func equals(_ place: Int, _ key: UnsafeRawPointer, _ first: Int, _ last: Int) -> Bool {
      var at = characters &+ UInt64(truncatingIfNeeded: place) &* width
      for index in first..<last {
        let number = unsafe bits(start, at: at, width: width)
        at &+= width
        let byte =
          width == 8
          ? UInt8(truncatingIfNeeded: number)
          : unsafe alphabet.load(fromByteOffset: Int(truncatingIfNeeded: number), as: UInt8.self)
        if unsafe key.load(fromByteOffset: index, as: UInt8.self) != byte { return false }
      }
      return true
    }
  }

  func fault(_ block: Int) -> FormatError {
    FormatError("prefix_blob.bin: block \(block) is damaged", at: 0)
  }

  /// Block `number`, which there is.
  @inline(__always)
  func block(_ number: Int) throws(FormatError) -> Block {
    let from = try offsets.value(number)
    let to = try offsets.value(number &+ 1)
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
  @inline(__always)
  public func equals(_ position: Int, _ key: UnsafeRawBufferPointer) throws(FormatError) -> Bool {
    guard position > 0 else { return unsafe key.isEmpty }
    guard position < count, unsafe !key.isEmpty, let bytes = key.baseAddress else { return false }
    if isRaw { return try unsafe rawEquals(position, key) }
    guard unsafe bytes.load(fromByteOffset: key.count &- 1, as: UInt8.self) == 0x2f else {
      return false
    }
    let number = position / Self.blockSize
    let block = try block(number)
    var index = position % Self.blockSize
    let rest = block.rest(index)
    var needed = index == 0 ? 0 : block.shared(index)
    guard needed &+ rest &+ 1 == key.count else { return false }
    var place = block.place(index)
    guard block.holds(place, rest) else { throw fault(number) }
    guard unsafe block.equals(place, bytes, needed, key.count &- 1) else { return false }
    // The shared bytes are those of the prefixes before.
    while needed > 0 {
      guard index > 0 else { throw fault(number) }
      index &-= 1
      let rest = block.rest(index)
      place &-= rest
      let shared = index == 0 ? 0 : block.shared(index)
      if shared < needed {
        // The last byte of a prefix is its slash, which is not stored.
        guard needed &- shared <= rest &+ 1 else { throw fault(number) }
        var last = needed
        if needed &- shared == rest &+ 1 {
          last &-= 1
          guard unsafe bytes.load(fromByteOffset: last, as: UInt8.self) == 0x2f else {
            return false
          }
        }
        guard unsafe block.equals(place, bytes, shared, last) else { return false }
        needed = shared
      }
    }
    return true
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

/// Reads prefixes mostly in order.
public final class PrefixCursor {
  private let strings: PrefixStrings
  private var block: PrefixStrings.Block?
  private var position = -1
  private var place = 0
  /// The prefix that was read last.
  public private(set) var prefix: [UInt8] = []

  public init(_ strings: PrefixStrings) { self.strings = strings }

  /// Goes to `position` and reads the prefix there.
  public func move(to position: Int) throws(FormatError) {
    let size = PrefixStrings.blockSize
    if strings.areRaw {
      try strings.read(position, into: &prefix)
      return
    }
    guard position >= 0, position < strings.count else { throw strings.fault(position / size) }
    if block == nil || position <= self.position || position / size != self.position / size {
      if position == self.position { return }
      block = try strings.block(position / size)
      self.position = position / size * size - 1
      place = 0
      prefix.removeAll(keepingCapacity: true)
    }
    guard let block else { return }
    while self.position < position {
      // Where that fails, this goes on to stand where it was.
      _ = try strings.step(to: self.position + 1, in: block, place: &place, &prefix)
      self.position += 1
    }
  }
}
