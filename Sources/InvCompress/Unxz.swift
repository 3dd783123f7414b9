import CLzma
import InvSystem

/// Decodes xz: streams one after another, with padding between and after them, every check verified.
@safe final class Unxz: Decoder {
  private let stream: UnsafeMutablePointer<lzma_stream>
  private let memory: UInt64
  private var isAtEnd = false

  /// lzma_stream_decoder, refusing what needs more than `memory` bytes.
  init(memory: UInt64) throws(Failure) {
    self.memory = memory
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: inv_lzma_stream())
    guard unsafe inv_lzma_stream_decoder(stream, memory) == LZMA_OK else {
      throw Failure("no memory to decompress", .system)
    }
  }

  deinit {
    unsafe lzma_end(stream)
    unsafe stream.deallocate()
  }

  /// lzma_code into `buffer[done...]` until it is full or the input ends.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ done: inout Int, from source: inout ByteSource
  ) throws(Failure) {
    while done < buffer.count && !isAtEnd {
      let hasInput = try source.hasWindow()
      let input = unsafe source.window
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      unsafe stream.pointee.next_in =
        input.assumingMemoryBound(to: UInt8.self).baseAddress.map { unsafe UnsafePointer($0) }
      unsafe stream.pointee.avail_in = input.count
      unsafe stream.pointee.next_out = rest.assumingMemoryBound(to: UInt8.self).baseAddress
      unsafe stream.pointee.avail_out = rest.count
      let code = unsafe lzma_code(stream, hasInput ? LZMA_RUN : LZMA_FINISH)
      source.take(unsafe input.count - min(input.count, stream.pointee.avail_in))
      done += unsafe rest.count - min(rest.count, stream.pointee.avail_out)
      switch code {
      // A call that could do nothing says so only the second time.
      case LZMA_OK: continue
      case LZMA_STREAM_END: isAtEnd = true
      default: throw source.fault(reason(code))
      }
    }
  }

  private func reason(_ code: lzma_ret) -> String {
    switch code {
    case LZMA_FORMAT_ERROR: "not xz data"
    case LZMA_OPTIONS_ERROR: "xz data with options that are not known"
    case LZMA_UNSUPPORTED_CHECK: "an xz check that is not known"
    case LZMA_BUF_ERROR: "the xz data is cut short"
    case LZMA_MEM_ERROR: "no memory to decompress"
    case LZMA_MEMLIMIT_ERROR:
      "xz data that needs \(unsafe lzma_memusage(stream)) bytes of memory, more than \(memory)"
    default: "corrupt xz data"
    }
  }
}
