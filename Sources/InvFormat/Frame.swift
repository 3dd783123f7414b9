public import InvBytes

/// The limits and marks of inv-rows(5).
public enum Container {
  public static let magic: [UInt8] = [0x89, 0x69, 0x6e, 0x76, 0x0d, 0x0a, 0x1a, 0x0a]
  public static let version: UInt16 = 1
  public static let preambleLength = 32
  public static let frameHeaderLength = 24
  public static let headerLimit = 1 << 20
  /// No frame decodes to more than this.
  public static let frameLimit = 1 << 26
  /// No key is longer than this.
  public static let keyLimit = 65_536
  /// A block also ends at the row that brings its suffix bytes to this many.
  public static let blockKeyBytes = 1 << 20
  /// A block of prefix rows also ends at the row that brings its cells to this many.
  public static let blockCells = 1 << 16
  public static let objectRowsPerBlock = 4096
  public static let prefixRowsPerBlock = 1024
  /// A word frame ends at the word that brings it to so many words or bytes.
  public static let wordsPerFrame = 4096
  public static let wordBytesPerFrame = 1 << 20
}

/// What a frame carries.
public enum FrameType: UInt8, Sendable {
  case block = 0x42  // B
  case words = 0x57  // W
  case source = 0x53  // S
  case file = 0x46  // F
  case chunk = 0x43  // C
  case progress = 0x50  // P
  case maker = 0x4d  // M
  case failure = 0x58  // X
  case index = 0x49  // I
  case end = 0x45  // E

  /// Whether the header counts something in such a frame.
  var counts: Bool { self == .block || self == .words || self == .index }

  /// What the frame is called in messages.
  var name: String {
    switch self {
    case .block: "a block"
    case .words: "words"
    case .source: "a source"
    case .file: "a file"
    case .chunk: "bytes of a file"
    case .progress: "progress"
    case .maker: "a maker"
    case .failure: "a failure"
    case .index: "a block index"
    case .end: "a footer"
    }
  }
}

/// How the payload of a frame is stored.
public enum Codec: UInt8, Sendable {
  case none = 0
  case zstd = 1
}

/// One frame with its payload decoded.
public struct Frame: Sendable {
  public let type: FrameType
  /// Rows of a block, values of a word frame, entries of an index frame; else 0.
  public let rows: Int
  /// Where the frame begins in its stream.
  public let offset: UInt64
  let bytes: [UInt8]
  let start: Int

  init(type: FrameType, rows: Int, offset: UInt64, bytes: [UInt8], start: Int) {
    self.type = type
    self.rows = rows
    self.offset = offset
    self.bytes = bytes
    self.start = start
  }

  public var payloadLength: Int { bytes.count - start }

  /// The payload.
  public var payload: RawSpan {
    @_lifetime(borrow self)
    get { bytes.raw.extracting(droppingFirst: start) }
  }

  /// Where the payload lies, for as long as the frame is kept.
  public var bytesStart: UnsafeRawPointer? {
    unsafe bytes.withUnsafeBytes { unsafe $0.baseAddress.map { unsafe $0 + start } }
  }

  /// The lines of a frame of text.
  public func fields() throws(FormatError) -> Fields {
    try Fields(decoding: [UInt8](bytes[start...]))
  }
}

/// The bytes of a frame under construction: room for its header, then its payload.
public struct FrameBytes: Sendable {
  public var bytes: [UInt8]

  public init() {
    bytes = [UInt8](repeating: 0, count: Container.frameHeaderLength)
  }

  /// An empty payload with room for `capacity` bytes in all.
  init(capacity: Int) {
    bytes = []
    bytes.reserveCapacity(capacity)
    bytes.append(contentsOf: repeatElement(0, count: Container.frameHeaderLength))
  }

  public init(payload: [UInt8]) {
    self.init(capacity: Container.frameHeaderLength + payload.count)
    bytes += payload
  }

  public var payloadLength: Int { bytes.count - Container.frameHeaderLength }

  /// Fills in the header: the frame is complete.
  public mutating func seal(
    _ type: FrameType, rows: Int = 0, codec: Codec = .none, decodedLength: Int? = nil
  ) {
    bytes[8] = type.rawValue
    bytes[9] = codec.rawValue
    bytes.put(UInt16(0), at: 10)
    bytes.put(UInt32(rows), at: 12)
    bytes.put(UInt32(payloadLength), at: 16)
    bytes.put(UInt32(decodedLength ?? payloadLength), at: 20)
    bytes.put(XXH64.hash(bytes.raw.extracting(8..<bytes.count)), at: 0)
  }
}
