import InvBytes

/// How the payload of a file of an index is written: inv-index(5), "Header".
enum IndexEncoding: UInt8, Sendable {
  case raw, packed, rising, strings, cells, hash, slots, rawStrings
}

/// The first 64 bytes of a file of an index: inv-index(5), "Header".
struct IndexHeader: Equatable, Sendable {
  static let length = 64
  static let magic: [UInt8] = [0x89, 0x69, 0x6e, 0x78, 0x0d, 0x0a, 0x1a, 0x0a]
  static let version = 1

  var encoding: IndexEncoding
  /// Of raw values, in bytes.
  var width = 0
  /// Of cells: how many entries a block has.
  var rows = 0
  var count: UInt64
  var payloadLength: UInt64
  var payloadChecksum: UInt64
  var build: UInt64 = 0
  /// Where it begins in a packed payload.
  var directory: UInt64 = 0

  var bytes: [UInt8] {
    var bytes = Self.magic
    bytes.append(littleEndian: UInt16(Self.version))
    bytes += [encoding.rawValue, UInt8(width)]
    bytes.append(littleEndian: UInt32(rows))
    for field in [count, payloadLength, payloadChecksum, build, directory] {
      bytes.append(littleEndian: field)
    }
    bytes.append(littleEndian: XXH64.hash(bytes.raw))
    return bytes
  }

  init(
    _ encoding: IndexEncoding, width: Int = 0, rows: Int = 0, count: UInt64,
    payloadLength: UInt64 = 0, payloadChecksum: UInt64 = 0, directory: UInt64 = 0
  ) {
    self.encoding = encoding
    (self.width, self.rows, self.count) = (width, rows, count)
    (self.payloadLength, self.payloadChecksum) = (payloadLength, payloadChecksum)
    self.directory = directory
  }

  /// Reads the header of a whole file.
  init(_ file: RawSpan) throws(FormatError) {
    guard file.byteCount >= Self.length else {
      throw FormatError("the file is shorter than its header", at: 0)
    }
    guard file.array(0..<8) == Self.magic else {
      throw FormatError("this is no file of an index", at: 0)
    }
    guard file.u64(at: 56) == XXH64.hash(file.extracting(0..<56)) else {
      throw FormatError("the checksum of the header does not match", at: 56)
    }
    guard file.u16(at: 8) == UInt16(Self.version) else {
      throw FormatError("version \(file.u16(at: 8)) of the format is unknown", at: 8)
    }
    guard let encoding = IndexEncoding(rawValue: file.u8(at: 10)) else {
      throw FormatError("encoding \(file.u8(at: 10)) is unknown", at: 10)
    }
    self.init(
      encoding, width: Int(file.u8(at: 11)), rows: Int(file.u32(at: 12)), count: file.u64(at: 16),
      payloadLength: file.u64(at: 24), payloadChecksum: file.u64(at: 32),
      directory: file.u64(at: 48))
    build = file.u64(at: 40)
    guard width == 0 || encoding == .raw, rows == 0 || encoding == .cells,
      directory == 0 || encoding == .packed || encoding == .rising
    else { throw FormatError("the header has a field that its encoding has not", at: 11) }
    guard payloadLength == UInt64(file.byteCount - Self.length) else {
      throw FormatError(
        "the payload is \(file.byteCount - Self.length) bytes long, not \(payloadLength)", at: 24)
    }
  }
}
