import InvBytes
public import InvSystem

/// Writes the header and the frames of one stream; every frame is one write, so that threads that
/// take turns under one lock never tear one.
public final class FrameWriter: @unchecked Sendable {
  private let descriptor: Descriptor
  /// How many bytes have been written.
  public private(set) var position: UInt64 = 0

  public var name: String { descriptor.name }

  public init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
    self.descriptor.widenPipe(to: 1 << 20)
  }

  /// Writes the preamble and the header text.
  public func writeHeader(_ header: Fields) throws(Failure) {
    let text = header.encoded
    guard text.count <= Container.headerLimit else {
      throw Failure.data("the header of \(name) would be \(text.count) bytes long")
    }
    var bytes = Container.magic
    bytes.append(littleEndian: Container.version)
    bytes.append(littleEndian: UInt16(0))
    bytes.append(littleEndian: UInt32(text.count))
    bytes.append(littleEndian: XXH64.hash(text.raw))
    bytes.append(littleEndian: UInt64(0))
    bytes += text
    try write(bytes)
  }

  /// Writes a sealed frame.
  public func write(_ frame: FrameBytes) throws(Failure) { try write(frame.bytes) }

  /// Writes a frame of lines of text.
  public func write(_ type: FrameType, _ fields: Fields) throws(Failure) {
    var frame = FrameBytes(payload: fields.encoded)
    frame.seal(type)
    try write(frame)
  }

  /// Writes the footer, which is the last frame.
  public func writeEnd(_ fields: Fields, indexOffset: UInt64 = 0) throws(Failure) {
    var frame = FrameBytes(payload: fields.encoded)
    frame.bytes.append(littleEndian: indexOffset)
    frame.bytes.append(littleEndian: position)
    frame.seal(.end)
    try write(frame)
  }

  /// Writes a failure frame: the stream ends here, in order but without its rows.
  ///
  /// What a program earlier in the pipe has said goes on in that program's name.
  public func writeFailure(tool: String, _ failure: Failure) throws(Failure) {
    var fields = Fields()
    let parts = failure.sentence.split(separator: ": ", maxSplits: 1).map(String.init)
    let isOurs = failure.teller == .us || parts.count < 2
    fields.add("tool", isOurs ? tool : parts[0])
    fields.add("message", isOurs ? failure.sentence : parts[1])
    fields.add("status", UInt64(failure.status.rawValue))
    try write(.failure, fields)
  }

  private func write(_ bytes: [UInt8]) throws(Failure) {
    try descriptor.write(bytes)
    position += UInt64(bytes.count)
  }
}
