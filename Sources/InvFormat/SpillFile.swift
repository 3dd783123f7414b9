import InvSystem

/// Bytes that wait on disk until the end of the work; they stay in memory while they are few.
final class SpillFile {
  private let path: String
  private let limit: Int
  private var buffer: [UInt8] = []
  private var writer: Descriptor?
  private var reader: Descriptor?
  /// How many bytes lie in the file.
  private var written: UInt64 = 0

  /// Nothing is created before there are more than `limit` bytes.
  init(_ path: String, limit: Int = 64 << 10) {
    self.path = path
    self.limit = limit
  }

  deinit {
    if writer != nil { Temporaries.shared.remove(path) }
  }

  var count: UInt64 { written + UInt64(buffer.count) }

  func append(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count > limit { try flush() }
  }

  private func flush() throws(Failure) {
    if writer == nil { writer = try Temporaries.shared.create(path) }
    try writer?.write(buffer)
    written += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Overwrites bytes that have been appended before.
  func replace(_ bytes: [UInt8], at offset: UInt64) throws(Failure) {
    if offset >= written {
      let start = Int(offset - written)
      for (index, byte) in bytes.enumerated() { buffer[start + index] = byte }
    } else {
      // What is replaced was appended in one piece and is now in one of the two places.
      try writer?.write(bytes, at: offset)
    }
  }

  /// Reads bytes that have been appended; nothing may be appended afterwards.
  func read(_ bytes: inout [UInt8], at offset: UInt64) throws(Failure) {
    if !buffer.isEmpty { try flush() }
    if reader == nil { reader = try Descriptor.reading(path) }
    guard let count = try reader?.fill(&bytes, at: offset), count == bytes.count else {
      throw Failure("\(printable(path)) has become shorter", .system)
    }
  }

  /// Hands over all bytes in order, in pieces of `unit` bytes or multiples of it.
  func forEach(unit: Int, _ body: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    guard written > 0 else {
      if !buffer.isEmpty { try body(buffer) }
      return
    }
    try flush()
    let reader = try Descriptor.reading(path)
    var piece = [UInt8](repeating: 0, count: max(unit, (64 << 10) / unit * unit))
    while true {
      let count = try reader.fill(&piece)
      if count == 0 { return }
      try body(count == piece.count ? piece : Array(piece[..<count]))
    }
  }
}
