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

    /// A length of `width` bits, at most 17.
    @inline(__always)
    private func length(_ at: UInt64, _ width: UInt64) -> Int {
      let word = unsafe UInt32(
        littleEndian: start.loadUnaligned(
          fromByteOffset: Int(truncatingIfNeeded: at &>> 3), as: UInt32.self))
      return Int(truncatingIfNeeded: (word &>> UInt32(at & 7)) & ((1 &<< UInt32(width)) &- 1))
    }

    /// How many bytes prefix `index`, which is not the first, shares with the one before.
    @inline(__always)
    func shared(_ index: Int) -> Int {
      let at = shared &+ UInt64(truncatingIfNeeded: index &- 1) &* sharedWidth
      return sharedBase &+ length(at, sharedWidth)
    }

    /// How long the rest of prefix `index` is, without its slash.
    @inline(__always)
    func rest(_ index: Int) -> Int {
      if index == 0 { return firstLength }
      let at = rests &+ UInt64(truncatingIfNeeded: index &- 1) &* restWidth
      return restBase &+ length(at, restWidth)
    }

    /// How many characters come before the rest of prefix `index`.
    @inline(__always)
    func place(_ index: Int) -> Int {
      if index == 0 { return 0 }
      var sum = firstLength &+ restBase &* (index &- 1)
      var at = rests
      for _ in 1..<index {
        sum &+= length(at, restWidth)
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
      var index = first
      if width == 8 {
        while index < last {
          let byte = unsafe UInt8(truncatingIfNeeded: bits(start, at: at, width: 8))
          if unsafe key.load(fromByteOffset: index, as: UInt8.self) != byte { return false }
          index &+= 1
          at &+= 8
        }
        return true
      }
      // What of eight bytes is left behind the first bit has so many characters whole.
      let whole = Self.wholeCharacters(width)
      let mask = (1 &<< width) &- 1
      while index < last {
        var word = unsafe bits(start, at: at, width: 56)
        let end = min(last, index &+ whole)
        at &+= UInt64(truncatingIfNeeded: end &- index) &* width
        var differs: UInt8 = 0
        while index < end {
          let byte = unsafe alphabet.load(
            fromByteOffset: Int(truncatingIfNeeded: word & mask), as: UInt8.self)
          differs |= unsafe byte ^ key.load(fromByteOffset: index, as: UInt8.self)
          word &>>= width
          index &+= 1
        }
        if differs != 0 { return false }
      }
      return true
    }

    /// How many characters of that width 56 bits have.
    @inline(__always)
    private static func wholeCharacters(_ width: UInt64) -> Int {
      // 56, 28, 18, 14, 11, 9 and 8.
      Int(truncatingIfNeeded: (0x08_09_0b_0e_12_1c_38_00 as UInt64 &>> (width &* 8)) & 255)
    }

    /// Compares prefix `index`, which is not the root, with `key`; `shared` and `places` have room for
    /// 32 numbers each.
    @inline(__always)
    func compare(
      _ index: Int, _ key: UnsafeRawPointer, _ length: Int,
      shared: UnsafeMutablePointer<UInt32>, places: UnsafeMutablePointer<UInt32>
    ) -> Comparison {
      guard unsafe key.load(fromByteOffset: length &- 1, as: UInt8.self) == 0x2f else {
        return .other
      }
      unsafe places[0] = 0
      unsafe shared[0] = 0
      var place = UInt32(truncatingIfNeeded: firstLength)
      if index > 0 {
        unsafe unpack(index, at: self.shared, sharedWidth, base: sharedBase, into: shared)
        unsafe unpack(index, at: rests, restWidth, base: restBase, into: places)
        // The lengths of rests become places.
        for at in 1...index {
          let rest = unsafe places[at]
          unsafe places[at] = place
          place &+= rest
        }
      }
      guard holds(0, Int(place)) else { return .damaged }
      var needed = unsafe shared[index]
      var end = place
      guard unsafe Int(needed &+ end &- places[index]) &+ 1 == length else { return .other }
      var last = length &- 1
      var at = index
      while true {
        let from = unsafe shared[at]
        if unsafe !equals(Int(places[at]), key, Int(from), last) { return .other }
        if from == 0 { return .equal }
        // The bytes before are those of the nearest prefix before that has not shared them all.
        needed = from
        repeat {
          guard at > 0 else { return .damaged }
          unsafe end = places[at]
          at &-= 1
        } while unsafe shared[at] >= needed
        let rest = unsafe end &- places[at]
        let own = unsafe needed &- shared[at]
        guard own <= rest &+ 1 else { return .damaged }
        last = Int(needed)
        if own == rest &+ 1 {
          // The last byte of a prefix is its slash, which is not stored.
          last &-= 1
          guard unsafe key.load(fromByteOffset: last, as: UInt8.self) == 0x2f else { return .other }
        }
      }
    }

    /// Sets numbers 1 to `count` of `numbers` to those of `width` bits from bit `at` on, and `base`.
    @inline(__always)
    private func unpack(
      _ count: Int, at first: UInt64, _ width: UInt64, base: Int,
      into numbers: UnsafeMutablePointer<UInt32>
    ) {
      let base = UInt32(truncatingIfNeeded: base)
      let mask = (1 &<< width) &- 1
      let whole = width == 0 ? count : Self.wholeNumbers(width)
      var at = first
      var index = 1
      while index <= count {
        var word = unsafe bits(start, at: at, width: 56)
        let end = min(count, index &+ whole &- 1)
        at &+= UInt64(truncatingIfNeeded: whole) &* width
        while index <= end {
          unsafe numbers[index] = base &+ UInt32(truncatingIfNeeded: word & mask)
          word &>>= width
          index &+= 1
        }
      }
    }

    /// How many numbers of that width, at most 17, 56 bits have.
    @inline(__always)
    private static func wholeNumbers(_ width: UInt64) -> Int {
      width <= 7 ? wholeCharacters(width) : width <= 9 ? 6 : width <= 11 ? 5 : width <= 14 ? 4 : 3
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

/// Reads prefixes mostly in order.
@safe public final class PrefixCursor {
  /// What changes lies behind a pointer: it is touched for every prefix, and by no two calls at once.
  private struct State {
    var block: PrefixStrings.Block?
    var position = -1
    var place = 0
    var prefix: [UInt8] = []
  }

  private let strings: PrefixStrings
  private let state: UnsafeMutablePointer<State>

  public init(_ strings: PrefixStrings) {
    self.strings = strings
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State())
  }

  deinit {
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  /// The prefix that was read last.
  public var prefix: [UInt8] { unsafe state.pointee.prefix }

  /// Goes to `position` and reads the prefix there.
  public func move(to position: Int) throws(FormatError) {
    let size = PrefixStrings.blockSize
    if strings.areRaw {
      unsafe try strings.read(position, into: &state.pointee.prefix)
      return
    }
    guard position >= 0, position < strings.count else { throw strings.fault(position / size) }
    let last = unsafe state.pointee.position
    if unsafe state.pointee.block == nil || position <= last || position / size != last / size {
      if position == last { return }
      unsafe state.pointee.block = try strings.block(position / size)
      unsafe state.pointee.position = position / size * size - 1
      unsafe state.pointee.place = 0
      unsafe state.pointee.prefix.removeAll(keepingCapacity: true)
    }
    guard let block = unsafe state.pointee.block else { return }
    while unsafe state.pointee.position < position {
      // Where that fails, this goes on to stand where it was.
      unsafe _ = try strings.step(
        to: state.pointee.position + 1, in: block, place: &state.pointee.place,
        &state.pointee.prefix)
      unsafe state.pointee.position += 1
    }
  }
}
