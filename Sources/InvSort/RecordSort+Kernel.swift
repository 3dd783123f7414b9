import Glibc
import InvBytes
import InvSystem

/// Sorts records, whatever their number: sorted stretches of them lie on disk until the end.
///
/// A record is the length of its key, that of all of it, the key that it is sorted by, and a body.
final class RecordSort {
  private let folder: String
  private let memory: Int
  private var bytes: [UInt8] = []
  private var starts: [Int] = []
  private var file: ScratchFile?
  private var runs: [Range<UInt64>] = []
  /// The length of the longest record.
  private var longest = 0

  static let headLength = 8
  /// Less is not read of a run at once.
  private static let leastRoom = 16 << 10

  /// Keeps within `memory`; nothing is created in `folder` before it is used up.
  init(in folder: String, memory: UInt64) { (self.folder, self.memory) = (folder, Int(memory)) }

  func append(_ key: [UInt8], _ body: [UInt64]) throws(Failure) {
    starts.append(bytes.count)
    let length = Self.headLength + key.count + 8 * body.count
    longest = max(longest, length)
    bytes.append(littleEndian: UInt32(key.count))
    bytes.append(littleEndian: UInt32(length))
    bytes += key
    for word in body { bytes.append(littleEndian: word) }
    // Arrays grow to the double, and each start is sorted with another array beside it.
    if 2 * bytes.count + 16 * starts.count > memory { try spill() }
  }

  private func sort() {
    unsafe bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress else { return }
      starts.sort { a, b in
        unsafe RecordRun.precedes(base + a, base + b)
      }
    }
  }

  private func spill() throws(Failure) {
    sort()
    let file = try ScratchFile.made(&file, in: folder)
    let first = file.length
    var piece: [UInt8] = []
    for start in starts {
      let length = Int(bytes.raw.u32(at: start + 4))
      piece += bytes[start..<start + length]
      if piece.count >= 64 << 10 {
        try file.append(piece.raw)
        piece.removeAll(keepingCapacity: true)
      }
    }
    try file.append(piece.raw)
    runs.append(first..<file.length)
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
  }

  /// Hands over the key and the body of every record, in order.
  func forEach(_ take: (ArraySlice<UInt8>, RecordBody) throws(Failure) -> Void) throws(Failure) {
    guard let file else {
      sort()
      for start in starts {
        let key = Int(bytes.raw.u32(at: start))
        let from = start + Self.headLength
        try take(bytes[from..<from + key], RecordBody(bytes: bytes, start: from + key))
      }
      return
    }
    if !starts.isEmpty { try spill() }
    (bytes, starts) = ([], [])
    try reduce(file)
    try merge(runs, of: file) { run throws(Failure) in try take(run.key, run.body) }
  }

  /// What a run needs at least: any of its records is there as a whole.
  private var leastRoom: Int { max(Self.leastRoom, longest) }

  /// Merges runs until so few are left that all can be read at once.
  private func reduce(_ file: ScratchFile) throws(Failure) {
    let most = max(2, memory / leastRoom)
    while runs.count > most {
      let some = Array(runs.prefix(most))
      runs.removeFirst(most)
      let first = file.length
      var piece: [UInt8] = []
      try merge(some, of: file) { run throws(Failure) in
        piece += run.record
        if piece.count >= 64 << 10 {
          try file.append(piece.raw)
          piece.removeAll(keepingCapacity: true)
        }
      }
      try file.append(piece.raw)
      runs.append(first..<file.length)
    }
  }

  private func merge(
    _ runs: [Range<UInt64>], of file: ScratchFile, _ take: (RecordRun) throws(Failure) -> Void
  ) throws(Failure) {
    let room = max(leastRoom, min(memory / runs.count, 256 << 10))
    var heap = try RunHeap(runs.map { RecordRun(file, $0, room: room) })
    while let run = heap.first {
      try take(run)
      try heap.advance()
    }
  }
}

/// The numbers behind the key of a record.
struct RecordBody {
  fileprivate let bytes: [UInt8]
  fileprivate let start: Int

  fileprivate init(bytes: [UInt8], start: Int) { (self.bytes, self.start) = (bytes, start) }

  subscript(index: Int) -> UInt64 { bytes.raw.u64(at: start + 8 * index) }
}

/// A sorted stretch of records.
private final class RecordRun: SpilledRun {
  private let file: ScratchFile
  private var range: Range<UInt64>
  private let room: Int
  private var bytes: [UInt8] = []
  private var start = 0
  private var length = 0

  init(_ file: ScratchFile, _ range: Range<UInt64>, room: Int) {
    (self.file, self.range, self.room) = (file, range, room)
  }

  private var keyLength: Int {
    let bytes = bytes
    return Int(bytes.raw.u32(at: start))
  }

  var record: ArraySlice<UInt8> { bytes[start..<start + length] }

  var key: ArraySlice<UInt8> {
    record.dropFirst(RecordSort.headLength).prefix(keyLength)
  }

  var body: RecordBody {
    RecordBody(bytes: bytes, start: start + RecordSort.headLength + keyLength)
  }

  func advance() throws(Failure) -> Bool {
    start += length
    if start == bytes.count, range.isEmpty { return false }
    try have(RecordSort.headLength)
    length = Int(bytes.raw.u32(at: start + 4))
    try have(length)
    return true
  }

  /// Reads on until so many bytes are there from `start`.
  private func have(_ count: Int) throws(Failure) {
    guard bytes.count - start < count else { return }
    bytes.removeFirst(start)
    start = 0
    // Else the array would grow to the double when a record is not all there.
    bytes.reserveCapacity(max(room, count))
    try file.take(&range, upTo: max(room, count) - bytes.count, into: &bytes)
    guard bytes.count >= count else {
      throw Failure("a temporary file has other bytes than were written", .system)
    }
  }

  func precedes(_ other: RecordRun) -> Bool {
    unsafe bytes.withUnsafeBytes { own in
      unsafe other.bytes.withUnsafeBytes { others in
        guard let a = own.baseAddress, let b = others.baseAddress else { return false }
        return unsafe Self.precedes(a + start, b + other.start)
      }
    }
  }

  /// Whether the key of the record at `a` comes before that of the record at `b`.
  static func precedes(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> Bool {
    let first = unsafe Int(UInt32(littleEndian: a.loadUnaligned(as: UInt32.self)))
    let second = unsafe Int(UInt32(littleEndian: b.loadUnaligned(as: UInt32.self)))
    let head = RecordSort.headLength
    let order = unsafe memcmp(a + head, b + head, min(first, second))
    return order == 0 ? first < second : order < 0
  }
}
