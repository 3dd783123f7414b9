import CZlib

/// Inflates with zlib.
@safe final class ZlibInflater: Inflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var checksum: UInt32 = 0
  let surplus: (bytes: UInt64, count: Int) = (0, 0)

  /// inflateInit2; nil when there is no memory.
  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe inv_inflateInit2(stream, -MAX_WBITS) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe _ = inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// inflateReset.
  func reset() {
    unsafe _ = inflateReset(stream)
    checksum = 0
  }

  /// inflate.
  func step(from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
    -> InflateStep
  {
    let inCount = UInt32(min(input.count, 1 << 30))
    let outCount = UInt32(min(output.count, 1 << 30))
    let source = unsafe input.assumingMemoryBound(to: UInt8.self).baseAddress
    let target = unsafe output.assumingMemoryBound(to: UInt8.self).baseAddress
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source)
    unsafe stream.pointee.avail_in = inCount
    unsafe stream.pointee.next_out = target
    unsafe stream.pointee.avail_out = outCount
    let code = unsafe inflate(stream, Z_NO_FLUSH)
    let consumed = unsafe Int(inCount - stream.pointee.avail_in)
    let produced = unsafe Int(outCount - stream.pointee.avail_out)
    unsafe checksum = UInt32(truncatingIfNeeded: crc32_z(UInt(checksum), target, produced))
    let outcome: InflateStep.Outcome
    switch code {
    // Z_BUF_ERROR is no error: nothing could be done with what there was.
    case Z_OK, Z_BUF_ERROR: outcome = .more
    case Z_STREAM_END: outcome = .finished
    case Z_MEM_ERROR: outcome = .fault("no memory to inflate")
    default: outcome = .fault("corrupt deflate data")
    }
    return InflateStep(consumed: consumed, produced: produced, outcome: outcome)
  }
}
