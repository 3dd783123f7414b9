import CPrefetch
public import InvBytes
import InvSystem

/// A column of an index, where it is mapped: inv-index(5), "Raw", "Packed and rising".
///
/// Nothing but numbers and pointers: the index that it belongs to keeps the map. Every read is
/// checked against the payload, whatever the file says.
@safe public struct IndexColumn: @unchecked Sendable {
  let name: StaticString
  public let count: Int
  private let start: UnsafeRawPointer
  /// Where the blocks end and the directory begins; of a raw column, the width of its values.
  let limit: UInt64
  let isRaw: Bool
  private let isRising: Bool
  let isSigned: Bool

  static let blockSize = 128

  /// The column in `file`; it is one of `.i64` when `signed`.
  init(_ name: StaticString, _ file: MappedFile, _ header: IndexHeader) throws(FormatError) {
    let count = Int(clamping: header.count)
    let text = name.description
    self.name = name
    self.count = count
    unsafe start = file.start + IndexHeader.length
    isRaw = header.encoding == .raw
    isRising = header.encoding == .rising
    isSigned = text.hasSuffix(".i64")
    if isRaw {
      let width = text.hasSuffix(".u32") ? 4 : 8
      let (length, overflow) = count.multipliedReportingOverflow(by: width)
      guard header.width == width, !overflow, UInt64(length) == header.payloadLength else {
        throw FormatError("\(name): the payload is not \(count) values of \(width) bytes", at: 16)
      }
      limit = UInt64(width)
    } else {
      guard header.encoding == .packed || isRising else {
        throw FormatError("\(name): its encoding is not one of a column", at: 10)
      }
      let blocks = UInt64(count / Self.blockSize + (count % Self.blockSize > 0 ? 1 : 0))
      guard header.directory <= header.payloadLength,
        header.payloadLength - header.directory == blocks * 16, header.directory % 8 == 0
      else { throw FormatError("\(name): the directory is not of \(blocks) blocks", at: 48) }
      limit = header.directory
    }
  }

  /// What the directory says of a block, checked.
  @safe struct Block {
    let base: UInt64
    let start: UnsafeRawPointer
    let width: UInt64
    let exceptions: Int
    let exceptionWidth: UInt64
    let hasAbsent: Bool
    /// How many bytes the values take, and the numbers of exceptions behind them.
    let valueBytes: Int
    let numberBytes: Int

    @inline(__always)
    var mark: UInt64 { width == 64 ? .max : (1 &<< width) &- 1 }

    /// What is stored for value `index`.
    @inline(__always)
    func stored(_ index: Int) -> UInt64 {
      let value = unsafe bits(start, at: UInt64(truncatingIfNeeded: index) &* width, width: width)
      if exceptions == 0 || value != mark { return value }
      return exception(index) ?? value
    }

    @inline(never)
    private func exception(_ index: Int) -> UInt64? {
      let numbers = unsafe start + valueBytes
      // Eight numbers at a time: a byte is 0 where one is the wanted.
      let ones: UInt64 = 0x0101_0101_0101_0101
      let wanted = UInt64(truncatingIfNeeded: index) &* ones
      var first = 0
      while first < exceptions {
        let word = unsafe numbers.loadUnaligned(fromByteOffset: first, as: UInt64.self)
        let differs = UInt64(littleEndian: word) ^ wanted
        let zeros = (differs &- ones) & ~differs & (ones &* 0x80)
        if zeros != 0 {
          let place = first &+ zeros.trailingZeroBitCount / 8
          guard place < exceptions else { return nil }
          return unsafe bits(
            numbers + numberBytes, at: UInt64(place) &* exceptionWidth, width: exceptionWidth)
        }
        first &+= 8
      }
      return nil
    }

    /// The value of what is stored.
    @inline(__always)
    func value(_ stored: UInt64, _ index: Int, isRising: Bool) -> UInt64 {
      if hasAbsent {
        return stored == 0 ? UInt64(bitPattern: absentInt) : base &+ stored &- 1
      }
      return base &+ stored &+ (isRising ? UInt64(truncatingIfNeeded: index) : 0)
    }
  }

  /// How many bytes the words take that hold so many bits.
  @inline(__always)
  private static func wholeWords(_ bits: UInt64) -> UInt64 { ((bits &+ 63) &>> 6) &* 8 }

  @inline(__always)
  func block(_ number: Int) throws(FormatError) -> Block {
    let entry = unsafe start + (Int(truncatingIfNeeded: limit) &+ number &* 16)
    let base = unsafe UInt64(littleEndian: entry.loadUnaligned(as: UInt64.self))
    let word = unsafe UInt64(
      littleEndian: entry.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let offset = (word & ((1 << 40) &- 1)) &* 8
    let width = (word &>> 40) & 127
    let exceptions = (word &>> 47) & 255
    let exceptionWidth = (word &>> 55) & 127
    let values = UInt64(min(Self.blockSize, count &- number &* Self.blockSize))
    let valueBytes = Self.wholeWords(values &* width)
    let numberBytes = Self.wholeWords(exceptions &* 8)
    let length = valueBytes &+ numberBytes &+ Self.wholeWords(exceptions &* exceptionWidth)
    guard offset <= limit, length <= limit &- offset, width <= 56 || width == 64,
      exceptionWidth <= 56 || exceptionWidth == 64, exceptions <= 128, word >> 63 == 0
    else { throw fault(number) }
    return unsafe Block(
      base: base, start: start + Int(truncatingIfNeeded: offset), width: width,
      exceptions: Int(truncatingIfNeeded: exceptions), exceptionWidth: exceptionWidth,
      hasAbsent: (word &>> 62) & 1 == 1, valueBytes: Int(truncatingIfNeeded: valueBytes),
      numberBytes: Int(truncatingIfNeeded: numberBytes))
  }

  @inline(never)
  private func fault(_ block: Int) -> FormatError {
    FormatError("\(name): block \(block) is damaged", at: limit)
  }

  @inline(never)
  private func lacks(_ index: Int) -> FormatError {
    FormatError("\(name): there is no value \(index)", at: 0)
  }

  /// Value `index`; an index that the column does not have is an error, because it comes from a file.
  @inline(__always)
  public func value(_ index: Int) throws(FormatError) -> UInt64 {
    guard index >= 0, index < count else { throw lacks(index) }
    if isRaw { return raw(index) }
    let block = try block(index &>> 7)
    let place = index & 127
    return block.value(block.stored(place), place, isRising: isRising)
  }

  /// The same as a signed number; absent values are `absentInt`.
  public func signed(_ index: Int) throws(FormatError) -> Int64 {
    Int64(bitPattern: try value(index))
  }

  /// Asks for what `value` reads first; the column has the value.
  @inline(__always)
  func prefetchDirectory(_ index: Int) {
    if isRaw { return }
    unsafe inv_prefetch(start + (Int(truncatingIfNeeded: limit) &+ (index &>> 7) &* 16))
  }

  /// Where a value is stored, and what makes it of the number there.
  @safe struct Place: BitwiseCopyable {
    /// Eight bytes that can be read.
    let at: UnsafeRawPointer
    fileprivate let shift: UInt64
    fileprivate let mask: UInt64
    /// The number that does not tell the value.
    fileprivate let mark: UInt64
    fileprivate let base: UInt64
  }

  /// The place of value `index`, which the column has.
  @inline(__always)
  func place(_ index: Int) throws(FormatError) -> Place {
    if _slowPath(isRaw) { return unsafe Place(at: start - 8, shift: 0, mask: 0, mark: 0, base: 0) }
    return try plain(index).0
  }

  /// The place, and the width of the block, of a value of a column that is not raw.
  @inline(__always)
  private func plain(_ index: Int) throws(FormatError) -> (Place, width: UInt64) {
    let entry = unsafe start + (Int(truncatingIfNeeded: limit) &+ (index &>> 7) &* 16)
    let base = unsafe UInt64(littleEndian: entry.loadUnaligned(as: UInt64.self))
    let word = unsafe UInt64(
      littleEndian: entry.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let offset = (word & ((1 << 40) &- 1)) &* 8
    let width = (word &>> 40) & 127
    let exceptions = (word &>> 47) & 255
    let exceptionWidth = (word &>> 55) & 127
    let length =
      width &* 16 &+ (exceptions &+ 7 & ~7)
      &+ Self.wholeWords(exceptions &* exceptionWidth)
    // The last block, wide ones, those with absent values, and damaged ones are left to `value`. None
    // of these differences may be less than 0; they are far from overflow, as `limit` is a file's.
    let room = Int64(bitPattern: limit &- offset &- length)
    let widths = Int64(bitPattern: (56 &- width) | (56 &- exceptionWidth) | (128 &- exceptions))
    let flags = Int64(bitPattern: 0 &- (word &>> 62))
    guard room | widths | flags | Int64(count &- 1 &- (index | 127)) >= 0 else {
      return (unsafe Place(at: start - 8, shift: 0, mask: 0, mark: 0, base: 0), 0)
    }
    let place = UInt64(truncatingIfNeeded: index & 127)
    let bit = place &* width
    let mask = (1 &<< width) &- 1
    let at = unsafe Place(
      at: start + Int(truncatingIfNeeded: offset &+ bit &>> 3), shift: bit & 7, mask: mask,
      mark: exceptions == 0 ? .max : mask, base: base &+ (isRising ? place : 0))
    return (at, width)
  }

  /// Value `index`, whose place is `place`.
  @inline(__always)
  func value(_ index: Int, at place: Place) throws(FormatError) -> UInt64 {
    let word = unsafe UInt64(littleEndian: place.at.loadUnaligned(as: UInt64.self))
    let stored = (word &>> place.shift) & place.mask
    return _slowPath(stored == place.mark) ? try marked(index) : place.base &+ stored
  }

  @inline(never)
  private func marked(_ index: Int) throws(FormatError) -> UInt64 { try value(index) }

  /// Values `index` and the one behind it.
  @inline(__always)
  func pair(_ index: Int) throws(FormatError) -> (UInt64, UInt64) {
    guard !isRaw, index & 127 < 127, index >= 0, index &+ 1 < count else {
      return (try marked(index), try marked(index &+ 1))
    }
    let (first, width) = try plain(index)
    let bit = first.shift &+ width
    let second = unsafe Place(
      at: first.at + Int(truncatingIfNeeded: bit &>> 3), shift: bit & 7, mask: first.mask,
      mark: first.mark, base: first.base &+ (isRising ? 1 : 0))
    return (try value(index, at: first), try value(index &+ 1, at: second))
  }

  private func raw(_ index: Int) -> UInt64 {
    if limit == 4 {
      return unsafe UInt64(
        UInt32(littleEndian: start.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)))
    }
    return unsafe UInt64(
      littleEndian: start.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self))
  }

  /// Unpacks block `number` into `values`, which has room for 128; how many there are.
  func unpack(_ number: Int, into values: UnsafeMutablePointer<UInt64>) throws(FormatError) -> Int {
    let first = number * Self.blockSize
    guard number >= 0, first < count else {
      throw FormatError("\(name): there is no block \(number)", at: 0)
    }
    let total = min(Self.blockSize, count - first)
    if isRaw {
      for index in 0..<total { unsafe values[index] = raw(first + index) }
      return total
    }
    let block = try block(number)
    for index in 0..<total {
      unsafe values[index] = block.value(block.stored(index), index, isRising: isRising)
    }
    return total
  }
}
