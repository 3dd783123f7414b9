public import InvCompress
public import InvSystem

/// A file whose bytes are read where they are needed, from any thread.
public final class SeekableFile: Sendable {
  private let descriptor: Descriptor
  public let name: String
  public let size: UInt64

  /// Takes over a descriptor of a regular file.
  public init(_ descriptor: consuming Descriptor, name: String) throws(Failure) {
    size = try descriptor.status().size
    self.name = name
    self.descriptor = descriptor
  }

  /// The `count` bytes at `offset`; an error when the file ends before them.
  public func bytes(at offset: UInt64, count: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(at: offset, count: count, into: &bytes)
    return bytes
  }

  /// Puts the `count` bytes at `offset` in the place of what `bytes` holds.
  public func read(at offset: UInt64, count: Int, into bytes: inout [UInt8]) throws(Failure) {
    guard count >= 0, offset <= size, UInt64(count) <= size - offset else {
      throw fault("\(count) bytes are said to be there, where the file ends at \(size)", at: offset)
    }
    if bytes.count > count { bytes.removeLast(bytes.count - count) }
    if bytes.count < count { bytes += repeatElement(0, count: count - bytes.count) }
    guard try descriptor.fill(&bytes, at: offset) == count else {
      throw Failure("\(printable(name)) has become shorter", .system)
    }
  }

  /// Appends the `count` bytes at `offset` to `bytes`.
  public func append(_ count: Int, at offset: UInt64, to bytes: inout [UInt8]) throws(Failure) {
    guard count >= 0, offset <= size, UInt64(count) <= size - offset else {
      throw fault("\(count) bytes are said to be there, where the file ends at \(size)", at: offset)
    }
    guard try descriptor.append(count, at: offset, to: &bytes) == count else {
      throw Failure("\(printable(name)) has become shorter", .system)
    }
  }

  /// The bytes at `places`, which lie in the file.
  public func source(_ places: Range<UInt64>) -> ByteSource {
    precondition(places.upperBound <= size)
    return unsafe ByteSource(name: name, places: places) { (room, offset) throws(Failure) in
      unsafe try self.descriptor.read(into: room, at: offset)
    }
  }

  /// The sentence for what is wrong at `offset`.
  public func fault(_ why: String, at offset: UInt64) -> Failure {
    .data("\(printable(name)): byte \(offset): \(why)")
  }
}
