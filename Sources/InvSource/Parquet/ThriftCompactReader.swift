import InvBytes

/// A cursor over structures in Thrift's compact protocol, as Parquet keeps what it says of itself.
///
///     var field = ThriftField()
///     while try reader.next(&field) {
///       switch field.id {
///       case 1: count = try reader.integer(field)
///       default: try reader.skip(field)
///       }
///     }
struct ThriftCompactReader: ~Escapable {
  /// More structures than this within each other are nobody's.
  static let depthLimit = 32

  private var bytes: ByteReader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = ByteReader(bytes) }

  var position: Int { bytes.position }
  /// How many bytes follow.
  var left: Int { bytes.remaining }

  func fault(_ what: String) -> FormatError { bytes.fault(what) }

  /// Goes to the next field of a structure; false at its end.
  @_lifetime(self: copy self)
  mutating func next(_ field: inout ThriftField) throws(FormatError) -> Bool {
    let byte = try bytes.u8("a structure")
    if byte == 0 { return false }
    guard let type = ThriftType(rawValue: byte & 15) else {
      throw fault("a field of type \(byte & 15)")
    }
    field.type = type
    let step = Int(byte >> 4)
    field.id = step > 0 ? field.id &+ step : Int(truncatingIfNeeded: try zigzag())
    return true
  }

  /// The integer of any width that `field` holds.
  @_lifetime(self: copy self)
  mutating func integer(_ field: ThriftField) throws(FormatError) -> Int64 {
    switch field.type {
    case .byte: Int64(Int8(bitPattern: try bytes.u8("a number")))
    case .short, .int, .long: try zigzag()
    default: throw fault("field \(field.id) is not a number")
    }
  }

  /// The same as a number that fits in 32 bits and is not negative.
  @_lifetime(self: copy self)
  mutating func count(_ field: ThriftField, _ what: String) throws(FormatError) -> Int {
    let value = try integer(field)
    guard value >= 0, value <= Int64(Int32.max) else { throw fault("\(what) of \(value)") }
    return Int(value)
  }

  func boolean(_ field: ThriftField) throws(FormatError) -> Bool {
    switch field.type {
    case .yes: true
    case .no: false
    default: throw fault("field \(field.id) is not true or false")
    }
  }

  @_lifetime(self: copy self)
  mutating func text(_ field: ThriftField) throws(FormatError) -> String {
    guard field.type == .binary else { throw fault("field \(field.id) is not text") }
    return String(decoding: try bytes.array(length(), "text"), as: UTF8.self)
  }

  /// How many elements the list in `field` has, each a structure.
  @_lifetime(self: copy self)
  mutating func structures(_ field: ThriftField) throws(FormatError) -> Int {
    guard field.type == .list else { throw fault("field \(field.id) is not a list") }
    let (type, count) = try list()
    guard type == .structure || count == 0 else {
      throw fault("field \(field.id) is not a list of structures")
    }
    return count
  }

  func expectStructure(_ field: ThriftField) throws(FormatError) {
    guard field.type == .structure else { throw fault("field \(field.id) is not a structure") }
  }

  /// Passes over what `field` holds.
  @_lifetime(self: copy self)
  mutating func skip(_ field: ThriftField) throws(FormatError) {
    if field.type != .yes && field.type != .no { try skip(field.type, depth: 0) }
  }

  @_lifetime(self: copy self)
  private mutating func skip(_ type: ThriftType, depth: Int) throws(FormatError) {
    guard depth < Self.depthLimit else { throw fault("structures too deep in each other") }
    switch type {
    case .yes, .no, .byte: _ = try bytes.u8("a value")
    case .short, .int, .long: _ = try varint()
    case .double: _ = try bytes.u64("a value")
    case .binary: _ = try bytes.range(length(), "text")
    case .uuid: _ = try bytes.range(16, "a value")
    case .list, .set:
      let (type, count) = try list()
      for _ in 0..<count { try skip(type, depth: depth + 1) }
    case .map:
      let count = try self.count()
      guard count > 0 else { return }
      let types = try bytes.u8("a map")
      guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 15)
      else { throw fault("a map of unknown types") }
      for _ in 0..<count {
        try skip(key, depth: depth + 1)
        try skip(value, depth: depth + 1)
      }
    case .structure:
      var field = ThriftField()
      while try next(&field) {
        if field.type != .yes && field.type != .no { try skip(field.type, depth: depth + 1) }
      }
    }
  }

  /// The type of a list's elements and how many there are, at least a byte each.
  @_lifetime(self: copy self)
  private mutating func list() throws(FormatError) -> (ThriftType, Int) {
    let byte = try bytes.u8("a list")
    let count = byte >> 4 == 15 ? try self.count() : Int(byte >> 4)
    guard let type = ThriftType(rawValue: byte & 15) else {
      throw fault("a list of type \(byte & 15)")
    }
    guard count <= bytes.remaining else { throw fault("a list of \(count) elements") }
    return (type, count)
  }

  @_lifetime(self: copy self)
  private mutating func length() throws(FormatError) -> Int { try count() }

  /// A number of things that are still to come, of at least a byte each.
  @_lifetime(self: copy self)
  private mutating func count() throws(FormatError) -> Int {
    let value = try varint()
    guard value <= UInt64(bytes.remaining) else { throw fault("\(value) bytes or elements") }
    return Int(value)
  }

  @_lifetime(self: copy self)
  private mutating func zigzag() throws(FormatError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  @_lifetime(self: copy self)
  private mutating func varint() throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let byte = try bytes.u8("a number")
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 {
        if shift == 63 && byte > 1 { break }
        return value
      }
    }
    throw fault("a number of more than 64 bits")
  }
}

/// A field of a structure: its number and the type of its value.
struct ThriftField {
  var id = 0
  var type = ThriftType.yes
}

enum ThriftType: UInt8 {
  case yes = 1
  case no = 2
  case byte = 3
  case short = 4
  case int = 5
  case long = 6
  case double = 7
  case binary = 8
  case list = 9
  case set = 10
  case map = 11
  case structure = 12
  case uuid = 13
}
