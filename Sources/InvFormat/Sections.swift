public import InvBytes

/// Builds the payload of a block: a number, a table of sections, their bytes: inv-rows(5), "Sections".
public struct SectionsBuilder: Sendable {
  static let descriptorLength = 16
  static let integers: UInt8 = 0
  static let bytes: UInt8 = 1

  public var frame = FrameBytes()
  private var next = 0

  public init() {}

  /// Starts a block of `sections` sections that carries `number`.
  public mutating func begin(sections: Int, number: UInt32) {
    // The last frame may still be in use; its size is a good guess for the next.
    frame = FrameBytes(capacity: frame.bytes.count + 4096)
    frame.bytes.append(littleEndian: UInt32(sections))
    frame.bytes.append(littleEndian: number)
    next = frame.bytes.count
    grow(by: sections * Self.descriptorLength)
  }

  /// Adds a section of integers; with `absent`, of signed ones of which that value means none.
  public mutating func add(_ values: [UInt64], _ range: Range<Int>? = nil, absent: Int64? = nil) {
    let values = values.span.extracting(range ?? 0..<values.count)
    let packing =
      if let absent { Packing(signed: values, absent: absent) } else { Packing(unsigned: values) }
    describe(Self.integers, width: packing.width, count: values.count, base: packing.base)
    let offset = frame.bytes.count
    let length = values.count * packing.width
    grow(by: length + 8)
    packing.write(values, absent: absent, to: &frame.bytes, at: offset)
    frame.bytes.removeLast(8)
  }

  /// Adds a section of bytes.
  public mutating func add(bytes: [UInt8]) {
    describe(Self.bytes, width: 1, count: bytes.count, base: 0)
    frame.bytes.append(contentsOf: bytes)
  }

  /// Ends the payload with the eight zero bytes that let readers load whole words.
  public mutating func end() { grow(by: 8) }

  private mutating func describe(_ kind: UInt8, width: Int, count: Int, base: UInt64) {
    frame.bytes[next] = kind
    frame.bytes[next + 1] = UInt8(width)
    frame.bytes.put(UInt16(0), at: next + 2)
    frame.bytes.put(UInt32(count), at: next + 4)
    frame.bytes.put(base, at: next + 8)
    next += Self.descriptorLength
  }

  private mutating func grow(by count: Int) {
    frame.bytes.append(contentsOf: repeatElement(0, count: count))
  }
}

/// The sections of a block that has been read, all within its payload.
public struct Sections: Sendable {
  public enum Section: Sendable {
    case integers(PackedInts)
    case bytes(Range<Int>)
  }

  /// The number that the block carries.
  public let number: UInt32
  public let all: [Section]

  /// Reads the table; nothing but the table is allocated, and its length is checked first.
  public init(_ payload: RawSpan) throws(FormatError) {
    var reader = ByteReader(payload)
    let count = Int(try reader.u32("the block"))
    number = try reader.u32("the block")
    guard count <= reader.remaining / SectionsBuilder.descriptorLength else {
      throw FormatError("\(count) sections do not fit in the block", at: 0)
    }
    var offset = reader.position + count * SectionsBuilder.descriptorLength
    let end = payload.byteCount - 8
    var all: [Section] = []
    all.reserveCapacity(count)
    for _ in 0..<count {
      let kind = try reader.u8("a section")
      let width = Int(try reader.u8("a section"))
      let zero = try reader.u16("a section")
      let values = Int(try reader.u32("a section"))
      let base = try reader.u64("a section")
      guard kind <= SectionsBuilder.bytes, zero == 0, width <= 8,
        kind == SectionsBuilder.integers || (width == 1 && base == 0)
      else { throw reader.fault("unknown section: made by a newer inv") }
      let length = values * width
      guard offset <= end, length <= end - offset else {
        throw reader.fault("section of \(length) bytes does not fit in the block")
      }
      if kind == SectionsBuilder.bytes {
        all.append(.bytes(offset..<offset + length))
      } else {
        all.append(.integers(PackedInts(offset: offset, width: width, count: values, base: base)))
      }
      offset += length
    }
    guard offset == end, payload.u64(at: end) == 0 else {
      throw FormatError("the sections do not fill the block", at: UInt64(offset))
    }
    self.all = all
  }

  /// Section `index`, which must hold `count` integers.
  public func integers(_ index: Int, count: Int) throws(FormatError) -> PackedInts {
    guard index < all.count, case .integers(let column) = all[index], column.count == count else {
      throw FormatError("section \(index) is not of \(count) integers", at: 0)
    }
    return column
  }

  /// Section `index`, which must hold bytes.
  public func bytes(_ index: Int) throws(FormatError) -> Range<Int> {
    guard index < all.count, case .bytes(let range) = all[index] else {
      throw FormatError("section \(index) is not of bytes", at: 0)
    }
    return range
  }
}
