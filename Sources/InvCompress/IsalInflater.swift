#if canImport(CIsal)
  import CIsal

  /// Inflates with ISA-L.
  @safe final class IsalInflater: Inflater {
    private let state: UnsafeMutablePointer<inflate_state>

    /// isal_inflate_init, for streams without header and trailer.
    init() {
      unsafe state = .allocate(capacity: 1)
      unsafe isal_inflate_init(state)
      reset()
    }

    deinit { unsafe state.deallocate() }

    /// isal_inflate_reset.
    func reset() {
      unsafe isal_inflate_reset(state)
      unsafe state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR)
    }

    var checksum: UInt32 { unsafe state.pointee.crc }

    var surplus: (bytes: UInt64, count: Int) {
      let bits = unsafe max(0, state.pointee.read_in_length)
      return unsafe (state.pointee.read_in >> UInt64(bits % 8), Int(bits / 8))
    }

    /// isal_inflate.
    func step(from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
      -> InflateStep
    {
      let inCount = UInt32(min(input.count, 1 << 30))
      let outCount = UInt32(min(output.count, 1 << 30))
      let source = unsafe input.assumingMemoryBound(to: UInt8.self).baseAddress
      unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: source)
      unsafe state.pointee.avail_in = inCount
      unsafe state.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
      unsafe state.pointee.avail_out = outCount
      // ISA-L's portable code checks distances against total_out, which has 32 bits: after 4 GiB
      // good data would look bad. Nothing else depends on it, so it is kept above the window.
      if unsafe state.pointee.total_out > 1 << 30 {
        unsafe state.pointee.total_out = 1 << 20
      }
      let code = unsafe isal_inflate(state)
      guard code == ISAL_DECOMP_OK else {
        return InflateStep(
          consumed: unsafe Int(inCount - min(inCount, state.pointee.avail_in)), produced: 0,
          outcome: .fault("corrupt deflate data"))
      }
      return InflateStep(
        consumed: unsafe Int(inCount - state.pointee.avail_in),
        produced: unsafe Int(outCount - state.pointee.avail_out),
        outcome: unsafe state.pointee.block_state == ISAL_BLOCK_FINISH ? .finished : .more)
    }
  }
#endif
