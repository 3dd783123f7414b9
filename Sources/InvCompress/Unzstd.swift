import CZstd
import InvSystem

/// Decodes Zstandard (RFC 8878): frames and skippable frames one after another.
@safe final class Unzstd: Decoder {
  private let context: OpaquePointer
  private let windowLog: Int32
  private var isInFrame = true
  private var isAtEnd = false

  /// ZSTD_createDCtx, refusing windows above 1 << `windowLog` bytes.
  init(windowLog: Int32) throws(Failure) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw Failure("no memory to decompress", .system)
    }
    let code = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLog)
    precondition(ZSTD_isError(code) == 0, "a window limit that zstd does not know")
    unsafe self.context = context
    self.windowLog = windowLog
  }

  deinit { unsafe _ = ZSTD_freeDCtx(context) }

  /// ZSTD_decompressStream into `buffer[done...]` until it is full or the input ends.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ done: inout Int, from source: inout ByteSource
  ) throws(Failure) {
    while done < buffer.count && !isAtEnd {
      let hasInput = try source.hasWindow()
      if !hasInput && !isInFrame {
        isAtEnd = true
        return
      }
      let window = unsafe source.window
      var input = unsafe ZSTD_inBuffer(src: window.baseAddress, size: window.count, pos: 0)
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      var output = unsafe ZSTD_outBuffer(dst: rest.baseAddress, size: rest.count, pos: 0)
      let code = unsafe ZSTD_decompressStream(context, &output, &input)
      let (consumed, produced) = unsafe (min(input.pos, input.size), min(output.pos, output.size))
      source.take(consumed)
      done += produced
      if ZSTD_isError(code) != 0 { throw source.fault(reason(ZSTD_getErrorCode(code))) }
      isInFrame = code != 0
      if consumed == 0 && produced == 0 && isInFrame {
        throw source.fault(hasInput ? "corrupt zstd data" : "the zstd data is cut short")
      }
    }
  }

  private func reason(_ code: ZSTD_ErrorCode) -> String {
    switch code {
    case ZSTD_error_prefix_unknown: "not a zstd frame"
    case ZSTD_error_frameParameter_windowTooLarge:
      "a zstd window of more than \(1 << Int64(windowLog)) bytes"
    case ZSTD_error_checksum_wrong: "the zstd checksum does not match"
    case ZSTD_error_dictionary_wrong: "a zstd frame that needs a dictionary"
    case ZSTD_error_memory_allocation: "no memory to decompress"
    default: "corrupt zstd data"
    }
  }
}
