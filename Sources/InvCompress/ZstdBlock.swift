import CZstd
public import InvBytes
public import InvSystem

/// Blocks of known length, each compressed as one Zstandard frame.
public enum ZstdBlock {
  /// Compresses blocks, one after another, with one context.
  @safe public struct Compressor: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    /// ZSTD_createCCtx; negative levels are faster than 1.
    public init(level: Int) throws(Failure) {
      guard let context = unsafe ZSTD_createCCtx() else {
        throw Failure("no memory to compress", .system)
      }
      let bounded = min(max(Int32(clamping: level), ZSTD_minCLevel()), ZSTD_maxCLevel())
      unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, bounded)
      unsafe self.context = context
    }

    deinit { unsafe _ = ZSTD_freeCCtx(context) }

    /// ZSTD_compress2: what `block` gives replaces the content of `frame`, whose memory is kept.
    ///
    /// The frame is a function of the block, the level and the version of libzstd.
    public mutating func compress(_ block: Span<UInt8>, into frame: inout [UInt8]) {
      frame.removeAll(keepingCapacity: true)
      let bound = ZSTD_compressBound(block.count)
      frame.append(addingCapacity: bound) { output in
        unsafe output.withUnsafeMutableBufferPointer { target, count in
          unsafe block.withUnsafeBytes { source in
            let code = unsafe ZSTD_compress2(
              context, target.baseAddress, target.count, source.baseAddress, source.count)
            precondition(ZSTD_isError(code) == 0, "zstd cannot compress into its own bound")
            count = code
          }
        }
      }
    }
  }

  /// Decompresses blocks, one after another, with one context.
  @safe public struct Decompressor: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    /// ZSTD_createDCtx.
    public init() throws(Failure) {
      guard let context = unsafe ZSTD_createDCtx() else {
        throw Failure("no memory to decompress", .system)
      }
      unsafe self.context = context
    }

    deinit { unsafe _ = ZSTD_freeDCtx(context) }

    /// ZSTD_decompressDCtx: the block in `frame`, which must be one whole frame and must decode to
    /// exactly `decodedLength` bytes, replaces the content of `block`, whose memory is kept.
    ///
    /// The caller has compared `decodedLength` with a limit: so much memory is taken. Offsets in
    /// errors count from the start of the frame; after an error `block` is empty.
    public mutating func decompress(
      _ frame: Span<UInt8>, decodedLength: Int, into block: inout [UInt8]
    ) throws(FormatError) {
      precondition(decodedLength >= 0)
      block.removeAll(keepingCapacity: true)
      let length = unsafe frame.withUnsafeBytes {
        unsafe ZSTD_findFrameCompressedSize($0.baseAddress, $0.count)
      }
      guard ZSTD_isError(length) == 0 else { throw FormatError("not a whole zstd frame", at: 0) }
      guard length == frame.count else {
        throw FormatError("garbage after the zstd frame", at: UInt64(length))
      }
      var code = 0
      block.append(addingCapacity: decodedLength) { output in
        unsafe output.withUnsafeMutableBufferPointer { target, count in
          unsafe frame.withUnsafeBytes { source in
            // More than was asked for may be there; zstd must see where the block has to end.
            unsafe code = ZSTD_decompressDCtx(
              context, target.baseAddress, min(target.count, decodedLength), source.baseAddress,
              source.count)
            if code == decodedLength { count = decodedLength }
          }
        }
      }
      if ZSTD_isError(code) != 0 {
        let isTooLong = ZSTD_getErrorCode(code) == ZSTD_error_dstSize_tooSmall
        throw FormatError(isTooLong ? "a block longer than it says" : "corrupt zstd data", at: 0)
      }
      if code != decodedLength { throw FormatError("a block shorter than it says", at: 0) }
    }
  }
}
