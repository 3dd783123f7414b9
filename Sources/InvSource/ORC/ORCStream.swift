import InvBytes
import InvCompress
import InvSystem

/// The decoded bytes of one stream of a stripe, a piece at a time.
final class ORCStream {
  /// So many bytes can be read behind the last that is there.
  static let slack = 64
  /// So many stored bytes are read at once.
  private static let piece = 256 << 10

  private let file: SeekableFile
  /// What the stream is, for messages.
  private let name: String
  private let blocks: ORCBlocks
  /// Where the next stored byte that is not decoded lies in the file, and where the stream ends.
  private var next: UInt64
  private let end: UInt64
  /// The bytes of the file from `storedAt` on.
  private var stored: [UInt8] = []
  private var storedAt: UInt64 = 0
  /// Where the block that was decoded last begins in the file.
  private var origin: UInt64
  /// What is decoded and not used is `buffer[position..<filled]`; the slack follows.
  private(set) var buffer = [UInt8](repeating: 0, count: slack)
  var position = 0
  /// How much room is taken for what is stored and for what is decoded.
  private var roomTaken = 0

  init(_ file: SeekableFile, _ range: Range<UInt64>, _ blocks: ORCBlocks, name: String) {
    self.file = file
    self.name = name
    self.blocks = blocks
    next = range.lowerBound
    origin = range.lowerBound
    end = range.upperBound
  }

  deinit { blocks.room?.give(roomTaken) }

  var filled: Int { buffer.count - Self.slack }
  var available: Int { filled - position }
  /// Whether nothing comes after what is available.
  var isLast: Bool { next == end }
  /// How many bytes of the file hold the stream's rest.
  var rest: UInt64 { end - next }

  func fault(_ what: String) -> Failure {
    let place = blocks.decoder == nil ? next - UInt64(available) : origin
    return file.fault("\(name): \(what)", at: place)
  }

  /// Makes `count` bytes available, or as many as there are.
  func fill(_ count: Int) throws(Failure) {
    while available < count && next < end { try decodeBlock() }
  }

  /// The end has come exactly here, or this is a failure.
  func finish() throws(Failure) {
    try fill(1)
    if available > 0 { throw fault("more values than there are rows") }
  }

  /// Appends the next `count` bytes to `text`.
  func move(_ count: Int, to text: inout [UInt8]) throws(Failure) {
    var left = count
    while left > 0 {
      try fill(1)
      guard available > 0 else { throw fault("it ends \(left) bytes too early") }
      let part = min(left, available)
      text += buffer[position..<position + part]
      position += part
      left -= part
    }
  }

  /// Takes room for `bytes` that outlast the stream.
  func takeRoom(_ bytes: Int) throws(Failure) {
    guard let room = blocks.room else { return }
    guard room.take(bytes) else {
      throw fault("\(bytes) bytes are needed beside the rest, more than the \(room.limit) of all")
    }
  }

  /// Sees to it that there is room for one more block.
  private func takeRoomForBlock() throws(Failure) {
    let isPlain = blocks.decoder == nil
    let piece = Int(min(end - next, UInt64(isPlain ? Self.piece : max(Self.piece, blocks.size))))
    let needed = piece + available + (isPlain ? piece : blocks.size)
    guard needed > roomTaken else { return }
    try takeRoom(needed - roomTaken)
    roomTaken = needed
  }

  private func decodeBlock() throws(Failure) {
    try takeRoomForBlock()
    origin = next
    buffer.removeLast(Self.slack)
    buffer.removeFirst(position)
    position = 0
    defer { buffer += repeatElement(0, count: Self.slack) }
    guard let decoder = blocks.decoder else {
      let count = Int(min(end - next, UInt64(Self.piece)))
      try file.read(at: next, count: count, into: &stored)
      buffer += stored
      next += UInt64(count)
      return
    }
    let header = try takeStored(3)
    let word = Int(stored[header]) | Int(stored[header + 1]) << 8 | Int(stored[header + 2]) << 16
    let length = word >> 1
    guard length <= blocks.size else {
      throw fault("a block of \(length) bytes, where \(blocks.size) are the most")
    }
    let start = try takeStored(length)
    if word & 1 == 1 {
      buffer += stored[start..<start + length]
      return
    }
    do throws(FormatError) {
      let block = stored.raw.extracting(start..<start + length)
      try decoder.decode(block, atMost: blocks.size, to: &buffer)
    } catch { throw fault(error.what) }
  }

  /// Where in `stored` the next `count` bytes are.
  private func takeStored(_ count: Int) throws(Failure) -> Int {
    guard UInt64(count) <= end - next else { throw fault("a block goes beyond the stream's end") }
    if next < storedAt || next + UInt64(count) > storedAt + UInt64(stored.count) {
      let length = min(end - next, UInt64(max(count, Self.piece)))
      try file.read(at: next, count: Int(length), into: &stored)
      storedAt = next
    }
    defer { next += UInt64(count) }
    return Int(next - storedAt)
  }
}

/// How the streams and footers of a file are compressed.
struct ORCBlocks {
  /// Nil when they are not.
  let decoder: BlockDecoder?
  /// How long a block is at most once it is decoded.
  let size: Int
  /// What is held is taken from it; nil for the footer of the file, which has a limit of its own.
  var room: TableRoom?
}
