import CLzma
import CZlib
import CZstd
import InvCompress
import InvSystem
import TestSupport

/// One gzip member that holds `bytes`, with a header of every field when `full`.
func gzip(_ bytes: [UInt8], level: Int32 = 6, full: Bool = false) -> [UInt8] {
  var stream = unsafe z_stream()
  let size = unsafe Int32(MemoryLayout<z_stream>.size)
  unsafe deflateInit2_(&stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
  defer { unsafe _ = deflateEnd(&stream) }
  var name = [UInt8]("name.csv".utf8) + [0]
  var comment = [UInt8]("a comment".utf8) + [0]
  var extra = [UInt8](repeating: 7, count: 300)
  var header = unsafe gz_header()
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 1000)
  let capacity = output.count
  unsafe name.withUnsafeMutableBufferPointer { name in
    unsafe comment.withUnsafeMutableBufferPointer { comment in
      unsafe extra.withUnsafeMutableBufferPointer { extra in
        unsafe header.name = name.baseAddress
        unsafe header.comment = comment.baseAddress
        unsafe header.extra = extra.baseAddress
        unsafe header.extra_len = 300
        unsafe header.hcrc = 1
        if full { unsafe _ = deflateSetHeader(&stream, &header) }
        unsafe input.withUnsafeMutableBufferPointer { input in
          unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(input.count)
            unsafe stream.next_out = output.baseAddress
            unsafe stream.avail_out = UInt32(output.count)
            let code = unsafe deflate(&stream, Z_FINISH)
            precondition(code == Z_STREAM_END)
          }
        }
      }
    }
  }
  return unsafe Array(output[..<(capacity - Int(stream.avail_out))])
}

/// One zstd frame with a checksum that holds `bytes`.
func zstd(_ bytes: [UInt8], windowLog: Int32? = nil) -> [UInt8] {
  let context = unsafe ZSTD_createCCtx()
  defer { unsafe _ = ZSTD_freeCCtx(context) }
  unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  if let windowLog {
    // Without the content's size, the frame declares its window.
    unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
    unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
  }
  var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
  let capacity = frame.count
  let count = unsafe frame.withUnsafeMutableBytes { target in
    unsafe bytes.withUnsafeBytes { source in
      var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: capacity, pos: 0)
      if windowLog != nil {
        let code = unsafe ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
        precondition(ZSTD_isError(code) == 0)
      }
      let code = unsafe ZSTD_compressStream2(context, &output, &input, ZSTD_e_end)
      precondition(code == 0)
      return unsafe output.pos
    }
  }
  return Array(frame[..<count])
}

/// One xz stream that holds `bytes`.
func xz(_ bytes: [UInt8], preset: UInt32 = 6, check: lzma_check = LZMA_CHECK_CRC64) -> [UInt8] {
  var stream = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(bytes.count))
  let capacity = stream.count
  var count = 0
  let code = unsafe lzma_easy_buffer_encode(
    preset, check, nil, bytes, bytes.count, &stream, &count, capacity)
  precondition(code == LZMA_OK)
  return Array(stream[..<count])
}

/// A zstd skippable frame of `count` bytes.
func skippable(_ count: UInt8) -> [UInt8] {
  [0x53, 0x2a, 0x4d, 0x18, count, 0, 0, 0] + [UInt8](repeating: 9, count: Int(count))
}

/// Rows as an inventory has them, of about `count` bytes.
func rows(_ count: Int, seed: UInt64) -> [UInt8] {
  var generator = SeededGenerator(seed)
  var text: [UInt8] = []
  while text.count < count {
    let number = UInt16.random(in: 0...999, using: &generator)
    let size = UInt32.random(in: 0...9_999_999, using: &generator)
    let key = "a/\(number)/file-\(size % 97).dat"
    text += Array("\"bucket\",\"\(key)\",\"\(size)\",\"STANDARD\"\n".utf8)
  }
  return text
}

/// Hands out `bytes` in chunks of `size`.
final class Pieces: @unchecked Sendable {
  private var rest: ArraySlice<UInt8>
  private let size: Int
  init(_ bytes: [UInt8], size: Int) {
    rest = bytes[...]
    self.size = size
  }
  func next() -> [UInt8]? {
    if rest.isEmpty { return nil }
    defer { rest = rest.dropFirst(size) }
    return Array(rest.prefix(size))
  }
}

/// What came out, and how it ended.
struct Decoded: Equatable {
  var bytes: [UInt8] = []
  var failure: Failure?
}

/// Decodes `bytes` that come in chunks of `piece`, into a buffer of `room` bytes.
func decode(
  _ bytes: [UInt8], _ format: Inflow.Format?, _ engine: InflateEngine = .fastest,
  piece: Int = 1 << 20, room: Int = 1 << 16
) -> Decoded {
  var decoded = Decoded()
  let pieces = Pieces(bytes, size: piece)
  do throws(Failure) {
    let source = ByteSource(name: "t.gz", pieceSize: 64) { () throws(Failure) in pieces.next() }
    var flow = try Inflow(source, format: format, engine: engine)
    var buffer = [UInt8](repeating: 0, count: room)
    while true {
      let count = try flow.read(into: &buffer)
      if count == 0 { break }
      decoded.bytes += buffer[..<count]
    }
  } catch {
    decoded.failure = error
  }
  return decoded
}
