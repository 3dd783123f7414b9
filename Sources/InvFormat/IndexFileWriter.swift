import InvBytes
import InvSystem

/// Writes one file of an index: its payload first, its header when all is known.
@safe final class IndexFileWriter {
  let name: String
  private let path: String
  private let descriptor: Descriptor
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity = 80 << 10
  private var used = 0
  private var hash = XXH64.Stream()
  /// How long the payload is so far.
  private(set) var length: UInt64 = 0
  private(set) var header: IndexHeader?
  private static let bufferSize = 64 << 10

  init(_ name: String, in place: IndexPlace) throws(Failure) {
    self.name = name
    path = "\(place.folder)/\(name)"
    descriptor = try Temporaries.shared.create(path)
    unsafe buffer = .allocate(capacity: capacity)
    try descriptor.write([UInt8](repeating: 0, count: IndexHeader.length))
  }

  deinit { unsafe buffer.deallocate() }

  /// Memory for the next `count` bytes of the payload, until `advance(by:)` says how many there are.
  func room(for count: Int) throws(Failure) -> UnsafeMutablePointer<UInt8> {
    if used + count > capacity {
      try flush()
      if count > capacity {
        unsafe buffer.deallocate()
        capacity = count
        unsafe buffer = .allocate(capacity: capacity)
      }
    }
    return unsafe buffer + used
  }

  /// The payload goes on with `count` of the bytes that there was room for.
  func advance(by count: Int) throws(Failure) {
    used += count
    length += UInt64(count)
    if used >= Self.bufferSize { try flush() }
  }

  /// Appends to the payload.
  func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    let room = unsafe try room(for: bytes.count)
    unsafe UnsafeMutableRawBufferPointer(start: room, count: bytes.count).copyMemory(from: bytes)
    try advance(by: bytes.count)
  }

  func append(_ bytes: [UInt8]) throws(Failure) {
    let room = unsafe try room(for: bytes.count)
    unsafe room.update(from: bytes, count: bytes.count)
    try advance(by: bytes.count)
  }

  private func flush() throws(Failure) {
    let bytes = unsafe UnsafeRawBufferPointer(start: buffer, count: used)
    unsafe hash.add(RawSpan(_unsafeBytes: bytes))
    unsafe try descriptor.write(bytes)
    used = 0
  }

  /// Writes `bytes` at `offset` of a payload that is written in any order and in nothing but this way.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Failure) {
    unsafe try descriptor.write(bytes, at: UInt64(IndexHeader.length) + offset)
    length = max(length, offset + UInt64(bytes.count))
  }

  /// Reads what has been written in any order, for its checksum.
  func readBack() throws(Failure) {
    let reader = try Descriptor.reading(path)
    var done: UInt64 = 0
    while done < length {
      let count = Int(min(length - done, UInt64(Self.bufferSize)))
      let piece = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: count)
      unsafe try reader.readAll(piece, at: UInt64(IndexHeader.length) + done)
      unsafe hash.add(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(piece)))
      done += UInt64(count)
    }
  }

  /// Ends the payload; the header lacks only the build.
  func end(_ header: IndexHeader) throws(Failure) {
    try flush()
    var header = header
    header.payloadLength = length
    header.payloadChecksum = hash.hash
    self.header = header
  }

  /// Writes the header.
  func seal(build: UInt64) throws(Failure) {
    guard var header else { preconditionFailure("a file is sealed before its end") }
    header.build = build
    try descriptor.write(header.bytes, at: 0)
  }

  /// Waits until the file is on its medium.
  func sync() throws(Failure) { try descriptor.sync() }
}

/// Where the files of an index are written, and where what waits is put.
struct IndexPlace {
  let folder: String
  /// Where temporary files go.
  let temporaryFolder: String
  /// Columns as plain arrays.
  let isRaw: Bool

  init(folder: String, temporary: String?, isRaw: Bool) {
    self.folder = folder
    self.isRaw = isRaw
    temporaryFolder = temporary ?? folder
  }
}
