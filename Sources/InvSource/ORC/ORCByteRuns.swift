import InvSystem

/// The bytes of one stream, in runs.
struct ORCByteRuns {
  let stream: ORCStream
  /// What is left of the present run: how many bytes, and whether all are `repeated`.
  private var left = 0
  private var repeated: UInt8?

  init(_ stream: ORCStream) { self.stream = stream }

  /// Appends the next `count` bytes to `bytes`.
  mutating func read(_ count: Int, to bytes: inout [UInt8]) throws(Failure) {
    var wanted = count
    while wanted > 0 {
      if left == 0 { try open() }
      let part = min(wanted, left)
      if let repeated {
        bytes += repeatElement(repeated, count: part)
      } else {
        try stream.move(part, to: &bytes)
      }
      left -= part
      wanted -= part
    }
  }

  private mutating func open() throws(Failure) {
    try stream.fill(2)
    guard stream.available >= 2 else { throw stream.fault("it ends too early") }
    let control = stream.buffer[stream.position]
    if control < 0x80 {
      left = Int(control) + 3
      repeated = stream.buffer[stream.position + 1]
      stream.position += 2
    } else {
      left = 0x100 - Int(control)
      repeated = nil
      stream.position += 1
    }
  }

  /// All bytes have been read, or this is a failure.
  func finish() throws(Failure) {
    if left > 0 { throw stream.fault("more values than there are rows") }
    try stream.finish()
  }
}
