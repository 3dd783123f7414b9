import InvBytes
import InvSystem

/// Bytes that wait on disk until the end of the work; they stay in memory while they are few.
final class SpillFile {
  private let folder: String
  private let limit: Int
  private var buffer: [UInt8] = []
  private var file: Descriptor?
  /// How many bytes lie in the file.
  private var written: UInt64 = 0

  /// Nothing is created before there are more than `limit` bytes.
  init(in folder: String, limit: Int = 64 << 10) {
    self.folder = folder
    self.limit = limit
  }

  func append(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count > limit { try flush() }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    unsafe buffer.append(contentsOf: bytes)
    if buffer.count > limit { try flush() }
  }

  /// Appends two numbers.
  func append(_ pair: (UInt64, UInt64)) throws(Failure) {
    buffer.append(littleEndian: pair.0)
    buffer.append(littleEndian: pair.1)
    if buffer.count > limit { try flush() }
  }

  private func flush() throws(Failure) {
    if file == nil { file = try Descriptor.scratch(in: folder) }
    try file?.write(buffer, at: written)
    written += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Overwrites bytes that have been appended in one piece.
  func replace(_ bytes: [UInt8], at offset: UInt64) throws(Failure) {
    if offset >= written {
      let start = Int(offset - written)
      buffer.replaceSubrange(start..<start + bytes.count, with: bytes)
    } else {
      try file?.write(bytes, at: offset)
    }
  }

  /// Reads bytes that have been appended.
  func read(_ room: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Failure) {
    if !buffer.isEmpty { try flush() }
    unsafe try file?.readAll(room, at: offset)
  }

  /// Hands over all bytes in order, in pieces of `unit` bytes or multiples of it.
  func forEach(unit: Int, _ body: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    var at: UInt64 = 0
    let size = max(unit, (64 << 10) / unit * unit)
    while at < written {
      var piece = [UInt8](repeating: 0, count: Int(min(UInt64(size), written - at)))
      guard try file?.fill(&piece, at: at) == piece.count else {
        throw Failure("a temporary file has become shorter", .system)
      }
      at += UInt64(piece.count)
      try body(piece)
    }
    if !buffer.isEmpty { try body(buffer) }
  }
}
