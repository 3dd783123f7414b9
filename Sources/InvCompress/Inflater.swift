/// What one step of an inflater did.
struct InflateStep {
  enum Outcome: Equatable {
    /// The input is used up or the output is full.
    case more
    /// The deflate stream has ended and all of it has been handed out.
    case finished
    /// The input is broken, for this reason.
    case fault(String)
  }

  var consumed: Int
  var produced: Int
  var outcome: Outcome
}

/// A decoder of raw deflate streams (RFC 1951), one after another, that sums up what it decodes.
///
/// A class because the C state must stay where it is.
protocol Inflater: AnyObject {
  /// The CRC-32 of what the present stream has given.
  var checksum: UInt32 { get }

  /// Bytes after the end of a finished stream that were consumed all the same, the first one lowest.
  var surplus: (bytes: UInt64, count: Int) { get }

  /// Gets ready for the next stream.
  func reset()

  /// Decodes what it can, straight into `output`.
  func step(from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
    -> InflateStep
}
