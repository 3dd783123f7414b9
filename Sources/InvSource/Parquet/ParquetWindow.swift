import InvBytes
import InvSystem

/// The bytes of a chunk of a column, read a piece at a time.
struct ParquetWindow {
  /// How much is read beyond what is asked for.
  static let ahead = 64 << 10

  private let file: SeekableFile
  private let end: UInt64
  /// What has been read and not passed is `bytes[start...]`.
  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  /// Where `bytes[start]` is in the file.
  private(set) var offset: UInt64

  init(_ file: SeekableFile, _ range: Range<UInt64>) {
    self.file = file
    offset = range.lowerBound
    end = range.upperBound
  }

  /// How many bytes of the chunk have not been passed.
  var remaining: UInt64 { end - offset }
  var count: Int { bytes.count - start }

  /// Sees to it that `count` bytes are at hand, or all that remain.
  mutating func fill(_ count: Int) throws(Failure) {
    guard self.count < count, UInt64(self.count) < remaining else { return }
    let wanted = Int(min(remaining, UInt64(count + Self.ahead)))
    if bytes.capacity < wanted {
      // No more than is needed, which appending would take.
      var more: [UInt8] = []
      more.reserveCapacity(wanted)
      more += bytes[start...]
      bytes = more
    } else {
      bytes.removeSubrange(..<start)
    }
    start = 0
    try file.append(wanted - bytes.count, at: offset + UInt64(bytes.count), to: &bytes)
  }

  mutating func pass(_ count: Int) {
    precondition(count <= self.count)
    start += count
    offset += UInt64(count)
  }

  /// Passes `count` bytes that need not be at hand, but remain.
  mutating func skip(_ count: Int) {
    if count <= self.count { return pass(count) }
    offset += UInt64(count)
    bytes.removeAll(keepingCapacity: true)
    start = 0
  }

  /// Lets go of the memory, and of what is at hand.
  mutating func forget() {
    bytes = []
    start = 0
  }
}
