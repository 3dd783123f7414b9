import InvBytes

/// Where the blocks of a file begin: inv-rows(5), "Block index".
public struct BlockIndex: Sendable {
  /// The first key of a block, where its frame begins, and how many rows come before it.
  public struct Entry: Equatable, Sendable {
    public let key: [UInt8]
    public let offset: UInt64
    public let row: UInt64

    public init(key: [UInt8], offset: UInt64, row: UInt64) {
      self.key = key
      self.offset = offset
      self.row = row
    }
  }

  public private(set) var entries: [Entry] = []
  private var bytes = 0

  public init() {}

  /// An index of `entries`, whose keys, offsets and rows rise.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// The index of a file that has none: its first block, which begins at `offset`.
  init(firstBlock offset: UInt64) {
    self.init([Entry(key: [], offset: offset, row: 0)])
  }

  /// How many rows at least there must be.
  var lastRow: UInt64 { entries.last.map { $0.row &+ 1 } ?? 0 }

  /// The last entry whose key is not after `key`, or the first.
  public func entry(for key: [UInt8]) -> Entry? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if key.lexicographicallyPrecedes(entries[middle].key) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return entries.isEmpty ? nil : entries[max(0, low - 1)]
  }

  /// Adds the entries of an index frame.
  mutating func add(_ frame: Frame) throws(FormatError) {
    let payload = frame.payload
    let sections = try Sections(payload)
    let rows = frame.rows
    guard rows > 0, rows <= BlockIndexBuilder.frameEntries, sections.all.count == 5,
      sections.number == 0
    else {
      throw FormatError("an index frame of \(rows) entries", at: 0)
    }
    let keys = try Keys(sections, at: 0, rows: rows, in: payload)
    let offsets = try sections.integers(3, count: rows)
    let firsts = try sections.integers(4, count: rows)
    var key: [UInt8] = []
    var next = keys.bytes.lowerBound
    for row in 0..<rows {
      let suffix = Int(keys.suffix.value(row, in: payload))
      key.removeSubrange(Int(keys.shared.value(row, in: payload))...)
      key += payload.array(next..<next + suffix)
      next += suffix
      let (offset, first) = (offsets.value(row, in: payload), firsts.value(row, in: payload))
      if let last = entries.last {
        guard last.offset < offset, last.row < first, last.key.lexicographicallyPrecedes(key) else {
          throw FormatError("the entries of the block index do not rise", at: 0)
        }
      } else if first != 0 {
        throw FormatError("the block index does not begin with the first block", at: 0)
      }
      // Front coding makes a small frame into many bytes.
      bytes += key.count
      guard entries.count < BlockIndexBuilder.entryLimit, bytes <= BlockIndexBuilder.byteLimit
      else {
        throw FormatError("the block index is over its limit", at: 0)
      }
      guard offset < frame.offset else {
        throw FormatError("the block index points behind itself", at: 0)
      }
      entries.append(Entry(key: key, offset: offset, row: first))
    }
  }
}

/// Collects the block index of a file in bounded memory: when there are too many entries, every
/// second one goes.
struct BlockIndexBuilder {
  static let frameEntries = 1024
  static let entryLimit = 65_536
  static let byteLimit = 8 << 20

  private var entries: [BlockIndex.Entry] = []
  private var bytes = 0
  private var stride = 1
  private var blocks = 0

  mutating func add(_ key: [UInt8], offset: UInt64, row: UInt64) {
    defer { blocks += 1 }
    guard blocks % stride == 0 else { return }
    entries.append(BlockIndex.Entry(key: key, offset: offset, row: row))
    bytes += key.count
    while entries.count > Self.entryLimit || bytes > Self.byteLimit {
      entries = entries.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      bytes = entries.reduce(0) { $0 + $1.key.count }
      stride *= 2
    }
  }

  /// The index frames.
  func frames() -> [FrameBytes] {
    var frames: [FrameBytes] = []
    for first in Swift.stride(from: 0, to: entries.count, by: Self.frameEntries) {
      let part = entries[first..<min(entries.count, first + Self.frameEntries)]
      var keys = KeysBuilder(capacity: part.count)
      var previous: [UInt8] = []
      for entry in part {
        keys.append(
          entry.key.span, sharing: commonPrefix(previous.raw, entry.key.raw))
        previous = entry.key
      }
      var builder = SectionsBuilder()
      builder.begin(sections: 5, number: 0)
      keys.flush(into: &builder)
      builder.add(part.map(\.offset))
      builder.add(part.map(\.row))
      builder.end()
      builder.frame.seal(.index, rows: part.count)
      frames.append(builder.frame)
    }
    return frames
  }
}
