import InvSystem

/// What turns the bytes of a source into decoded bytes.
protocol Decoder: AnyObject {
  /// Decodes into `buffer[done...]` until it is full or the input ends, counting in `done`.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ done: inout Int, from source: inout ByteSource
  ) throws(Failure)
}

/// Bytes that are not compressed.
final class Plain: Decoder {
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ done: inout Int, from source: inout ByteSource
  ) throws(Failure) {
    while done < buffer.count {
      let count = unsafe try source.read(into: .init(rebasing: buffer[done...]))
      if count == 0 { return }
      done += count
    }
  }
}
