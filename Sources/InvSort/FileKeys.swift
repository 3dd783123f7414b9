import InvBytes
import InvSystem

/// Sixteen bytes that stand for a file.
struct FileKey: Comparable, BitwiseCopyable {
  let first: UInt64
  let second: UInt64

  static let size = 16

  @inline(__always)
  static func < (a: FileKey, b: FileKey) -> Bool {
    a.first == b.first ? a.second < b.second : a.first < b.first
  }
}

/// Finds keys that come more than once, whatever their number: sorted stretches of them lie on disk
/// until the end.
///
/// The first word of keys must be spread evenly, as hashes are.
final class FileKeys {
  private let folder: String
  private let capacity: Int
  private var keys: [FileKey] = []
  private var other: [FileKey] = []
  private var file: ScratchFile?
  private var runs: [Range<UInt64>] = []

  /// Keeps within `memory`; nothing is created in `folder` before it is used up.
  init(in folder: String, memory: UInt64) {
    self.folder = folder
    // Sorting takes them from one array to another.
    capacity = Int(memory) / (2 * FileKey.size)
  }

  @inline(__always)
  func append(_ key: FileKey) throws(Failure) {
    keys.append(key)
    if keys.count >= capacity { try spill() }
  }

  private func spill() throws(Failure) {
    sort()
    let file = try ScratchFile.made(&file, in: folder)
    let start = file.length
    var sorted: [FileKey] = []
    swap(&sorted, &keys)
    try file.append(sorted.span)
    runs.append(start..<file.length)
    sorted.removeAll(keepingCapacity: true)
    swap(&sorted, &keys)
  }

  /// Sorts by the upper bits of the first word, then what is left to sort.
  private func sort() {
    let bits: UInt64 = 12
    var ends = [Int](repeating: 0, count: 1 << bits)
    for key in keys { ends[Int(key.first >> (64 - bits))] += 1 }
    var end = 0
    for bucket in ends.indices { (end, ends[bucket]) = (end + ends[bucket], end) }
    if other.count < keys.count {
      other = [FileKey](repeating: FileKey(first: 0, second: 0), count: keys.count)
    }
    for key in keys {
      let bucket = Int(key.first >> (64 - bits))
      other[ends[bucket]] = key
      ends[bucket] += 1
    }
    var start = 0
    for end in ends {
      other[start..<end].sort()
      start = end
    }
    let count = keys.count
    swap(&keys, &other)
    keys.removeLast(keys.count - count)
  }

  /// How many different keys came more than once.
  func repeated() throws(Failure) -> UInt64 {
    guard let file else {
      sort()
      var repeats = Repeats()
      for key in keys { repeats.take(key) }
      return repeats.count
    }
    if !keys.isEmpty { try spill() }
    (keys, other) = ([], [])
    let room = max(256, 2 * capacity / runs.count)
    var heap = try RunHeap(runs.map { KeyRun(file, $0, room: room) })
    var repeats = Repeats()
    while let run = heap.first {
      repeats.take(run.key)
      try heap.advance()
    }
    return repeats.count
  }
}

/// Counts keys that come more than once, in order.
private struct Repeats {
  private(set) var count: UInt64 = 0
  private var last: FileKey?
  private var isCounted = false

  mutating func take(_ key: FileKey) {
    if key != last {
      (last, isCounted) = (key, false)
    } else if !isCounted {
      isCounted = true
      count += 1
    }
  }
}

/// A sorted stretch of keys.
private final class KeyRun: SpilledRun {
  private let file: ScratchFile
  private var range: Range<UInt64>
  private let room: Int
  private var bytes: [UInt8] = []
  private var at = 0
  private(set) var key = FileKey(first: 0, second: 0)

  init(_ file: ScratchFile, _ range: Range<UInt64>, room: Int) {
    (self.file, self.range, self.room) = (file, range, room)
  }

  @inline(__always)
  func precedes(_ other: KeyRun) -> Bool { key < other.key }

  func advance() throws(Failure) -> Bool {
    if at == bytes.count {
      if range.isEmpty { return false }
      bytes.removeAll(keepingCapacity: true)
      try file.take(&range, upTo: room * FileKey.size, into: &bytes)
      at = 0
    }
    key = FileKey(
      first: bytes.raw.u64(at: at).littleEndian, second: bytes.raw.u64(at: at + 8).littleEndian)
    at += FileKey.size
    return true
  }
}
