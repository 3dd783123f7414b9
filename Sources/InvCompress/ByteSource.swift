public import InvSystem

/// Compressed bytes in the order they come, taken from a descriptor or a closure piece by piece.
@safe public struct ByteSource: ~Copyable, @unchecked Sendable {
  /// Hands out the next bytes; nil is the end.
  public typealias Chunks = @Sendable () throws(Failure) -> [UInt8]?

  /// Puts bytes from a place on into a buffer; how many came.
  public typealias Filling =
    @Sendable (UnsafeMutableRawBufferPointer, _ offset: UInt64) throws(Failure) -> Int

  @safe private enum Origin: ~Copyable {
    case descriptor(Descriptor)
    case chunks(Chunks)
    case places(Filling)
  }

  public static var pieceSize: Int { 256 << 10 }

  /// What the bytes are called in messages.
  public let name: String
  /// How many bytes have been taken.
  public private(set) var consumed: UInt64 = 0

  private let origin: Origin
  // Bytes not taken yet are piece[start..<end], and after them chunk[chunkStart...].
  private let piece: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var chunk: [UInt8] = []
  private var chunkStart = 0
  /// The places that have not been read.
  private var places: Range<UInt64> = 0..<0
  private var isAtEnd = false

  /// Reads `descriptor`, a file or a pipe, to its end.
  public init(_ descriptor: consuming Descriptor, pieceSize: Int = ByteSource.pieceSize) {
    name = descriptor.name
    origin = .descriptor(descriptor)
    unsafe piece = ByteSource.allocate(pieceSize)
  }

  /// Calls `chunks` until it returns nil; empty chunks are skipped.
  public init(
    name: String, pieceSize: Int = ByteSource.pieceSize, chunks: @escaping Chunks
  ) {
    self.name = name
    origin = .chunks(chunks)
    unsafe piece = ByteSource.allocate(pieceSize)
  }

  /// The bytes at `places`, which `fill` knows.
  public init(name: String, places: Range<UInt64>, fill: @escaping Filling) {
    self.name = name
    unsafe origin = .places(fill)
    self.places = places
    unsafe piece = ByteSource.allocate(ByteSource.pieceSize)
  }

  /// All of `bytes`.
  public init(name: String, bytes: [UInt8], pieceSize: Int = ByteSource.pieceSize) {
    self.init(name: name, pieceSize: pieceSize) { () throws(Failure) -> [UInt8]? in nil }
    chunk = bytes
  }

  deinit { unsafe piece.deallocate() }

  private static func allocate(_ size: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: max(size, 16), alignment: 64)
  }

  /// The next `count` bytes (16 or fewer), fewer only at the end, without taking them.
  public mutating func peek(_ count: Int) throws(Failure) -> [UInt8] {
    precondition(count <= 16)
    while end - start < count, try more() {}
    return unsafe [UInt8](piece[start..<min(end, start + count)])
  }

  /// Takes the next byte; nil at the end.
  mutating func next() throws(Failure) -> UInt8? {
    if start == end {
      guard try more() else { return nil }
    }
    let byte = unsafe piece[start]
    take(1)
    return byte
  }

  /// Sees to it that the window has bytes; false at the end.
  mutating func hasWindow() throws(Failure) -> Bool {
    if start < end { return true }
    return try more()
  }

  /// The bytes at hand, valid until the next call that changes the source.
  var window: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: piece[start..<end])
  }

  /// Takes `count` bytes of the window.
  mutating func take(_ count: Int) {
    precondition(count >= 0 && count <= end - start)
    start += count
    consumed += UInt64(count)
  }

  /// Takes bytes as they are; 0 is the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    precondition(buffer.count > 0)
    var count = min(buffer.count, end - start)
    if count > 0 {
      unsafe buffer.copyMemory(from: .init(rebasing: piece[start..<start + count]))
      start += count
    } else {
      unsafe count = try fetch(into: buffer)
    }
    consumed += UInt64(count)
    return count
  }

  /// The sentence for what is wrong at `offset`, or at the first byte not taken.
  func fault(_ why: String, at offset: UInt64? = nil) -> Failure {
    .data("\(printable(name)): byte \(offset ?? consumed): \(why)")
  }

  /// Adds to the window; false at the end or when the piece is full.
  private mutating func more() throws(Failure) -> Bool {
    if start > 0 {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: piece[start..<end])
      unsafe piece.copyMemory(from: rest)
      end -= start
      start = 0
    }
    guard unsafe end < piece.count else { return false }
    let count = unsafe try fetch(into: .init(rebasing: piece[end...]))
    end += count
    return count > 0
  }

  /// What the origin has next; 0 is the end.
  private mutating func fetch(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if isAtEnd { return 0 }
    var count = 0
    switch origin {
    case .descriptor(let descriptor):
      unsafe count = try descriptor.read(into: buffer)
    case .chunks(let next):
      while chunkStart == chunk.count {
        chunkStart = 0
        chunk = []
        guard let fresh = try next() else { break }
        chunk = fresh
      }
      count = min(buffer.count, chunk.count - chunkStart)
      unsafe chunk.withUnsafeBytes { bytes in
        unsafe buffer.copyMemory(from: .init(rebasing: bytes[chunkStart..<chunkStart + count]))
      }
      chunkStart += count
    case .places(let fill):
      count = Int(min(UInt64(buffer.count), UInt64(places.count)))
      if count > 0 {
        unsafe count = try fill(.init(rebasing: buffer[..<count]), places.lowerBound)
        guard count > 0 else { throw Failure("\(printable(name)) has become shorter", .system) }
        places = places.lowerBound + UInt64(count)..<places.upperBound
      }
    }
    isAtEnd = count == 0
    return count
  }
}
