import InvBytes

/// A cursor over one message of Protocol Buffers: its fields one after another, each checked against
/// what remains.
struct ProtoReader {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int
  /// How the present field is written: 0 a varint, 1 eight bytes, 2 bytes of a length, 5 four bytes.
  private var wire: UInt8 = 0

  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  private func fault(_ what: String) -> FormatError { FormatError(what, at: UInt64(position)) }

  /// The number of the next field; nil at the end of the message.
  ///
  /// What the field holds must be taken, or passed over with `skip`, before the next.
  mutating func field() throws(FormatError) -> UInt64? {
    if position == end { return nil }
    let key = try varint()
    wire = UInt8(key & 7)
    guard key >> 3 != 0 else { throw fault("a field without a number") }
    return key >> 3
  }

  /// The present field as a number.
  mutating func number() throws(FormatError) -> UInt64 {
    guard wire == 0 else { throw fault("a field that should be a number is none") }
    return try varint()
  }

  /// The present field as a message of its own.
  mutating func message() throws(FormatError) -> ProtoReader {
    ProtoReader(bytes, try stretch())
  }

  /// The present field as text.
  mutating func text() throws(FormatError) -> String {
    String(decoding: bytes[try stretch()], as: UTF8.self)
  }

  /// Appends the numbers of the present field, which may be one or many; no more than `limit` in all.
  mutating func numbers(into numbers: inout [UInt64], limit: Int) throws(FormatError) {
    guard wire == 2 else { return try append(number(), to: &numbers, limit: limit) }
    var packed = try message()
    while packed.position < packed.end {
      try append(packed.varint(), to: &numbers, limit: limit)
    }
  }

  /// Appends what a few bytes can stand for many times; no more than `limit` of them.
  func append<Element>(
    _ element: Element, to list: inout [Element], limit: Int
  ) throws(FormatError) {
    guard list.count < limit else { throw fault("a list of more than \(limit)") }
    list.append(element)
  }

  /// Passes over the present field.
  mutating func skip() throws(FormatError) {
    switch wire {
    case 0: _ = try varint()
    case 1: try advance(8)
    case 2: _ = try stretch()
    case 5: try advance(4)
    default: throw fault("a field of a kind that does not exist")
    }
  }

  private mutating func advance(_ count: Int) throws(FormatError) {
    guard count <= end - position else { throw fault("a field ends too early") }
    position += count
  }

  private mutating func stretch() throws(FormatError) -> Range<Int> {
    guard wire == 2 else { throw fault("a field that should hold bytes does not") }
    let length = try varint()
    guard length <= UInt64(end - position) else { throw fault("a field ends too early") }
    defer { position += Int(length) }
    return position..<position + Int(length)
  }

  private mutating func varint() throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { throw fault("a number ends too early") }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw fault("a number of more than ten bytes")
  }
}
