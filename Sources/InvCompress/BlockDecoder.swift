import CBrotli
import CLz4
import CSnappy
import CZstd
public import InvBytes
public import InvSystem

/// Decodes blocks of one codec, one after another.
@safe public final class BlockDecoder {
  public let codec: BlockCodec
  private let inflater: (any Inflater)?
  private let zstd: OpaquePointer?

  public init(_ codec: BlockCodec, engine: InflateEngine = .fastest) throws(Failure) {
    self.codec = codec
    let inflates = codec == .deflate || codec == .gzip
    inflater = inflates ? engine.make() : nil
    unsafe zstd = codec == .zstd ? ZSTD_createDCtx() : nil
    guard !inflates || inflater != nil, unsafe codec != .zstd || zstd != nil else {
      throw Failure("no memory to decompress", .system)
    }
  }

  deinit { unsafe _ = ZSTD_freeDCtx(zstd) }

  /// Appends what `block` decodes to, which is exactly `count` bytes.
  ///
  /// The caller has compared `count` with a limit: so much memory is taken. Offsets in errors count
  /// from the start of the block; after an error `output` is as it was.
  public func decode(_ block: RawSpan, exactly count: Int, to output: inout [UInt8])
    throws(FormatError)
  {
    let start = output.count
    try decode(block, atMost: count, to: &output)
    if output.count - start < count {
      let decoded = output.count - start
      output.removeLast(decoded)
      throw FormatError("a block of \(decoded) bytes that is said to have \(count)", at: 0)
    }
  }

  /// Appends what `block` decodes to; more than `limit` bytes are an error.
  public func decode(_ block: RawSpan, atMost limit: Int, to output: inout [UInt8])
    throws(FormatError)
  {
    precondition(limit >= 0)
    if codec == .plain {
      guard block.byteCount <= limit else { throw Self.tooLong(limit) }
      return output.append(block)
    }
    var outcome: Result<Int, FormatError> = .success(0)
    output.append(addingCapacity: limit) { room in
      unsafe room.withUnsafeMutableBufferPointer { target, count in
        unsafe block.withUnsafeBytes { source in
          // More than was asked for may be there; what decodes must see where it has to end.
          let target = unsafe UnsafeMutableRawBufferPointer(
            start: target.baseAddress, count: min(target.count, limit))
          do throws(FormatError) {
            count = unsafe try decode(source, into: target)
            outcome = .success(count)
          } catch {
            outcome = .failure(error)
          }
        }
      }
    }
    _ = try outcome.get()
  }

  /// How many bytes of `target` what `source` decodes to has filled.
  private func decode(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer)
    throws(FormatError) -> Int
  {
    switch codec {
    case .plain: return 0
    case .deflate:
      let end = unsafe try inflate(source, into: target)
      guard end.consumed == source.count else {
        throw FormatError("garbage after the deflate data", at: UInt64(end.consumed))
      }
      return end.produced
    case .gzip: return unsafe try gunzip(source, into: target)
    case .snappy: return unsafe try Self.unsnappy(source, into: target)
    case .lz4: return unsafe try Self.unlz4(source, into: target)
    case .hadoopLZ4: return unsafe try Self.unhadoop(source, into: target)
    case .zstd: return unsafe try unzstd(source, into: target)
    case .brotli: return unsafe try Self.unbrotli(source, into: target)
    }
  }

  static func tooLong(_ limit: Int) -> FormatError {
    FormatError("a block of more than \(limit) bytes", at: 0)
  }
}

// Deflate.
extension BlockDecoder {
  /// Decodes the one deflate stream that `source` begins with.
  private func inflate(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> (consumed: Int, produced: Int) {
    guard let inflater else { return (0, 0) }
    inflater.reset()
    var (consumed, produced) = (0, 0)
    // A full target must not keep the end of the stream from being seen.
    var spare: UInt64 = 0
    while true {
      let input = unsafe UnsafeRawBufferPointer(rebasing: source[consumed...])
      let isFull = produced == target.count
      let step =
        if isFull {
          unsafe withUnsafeMutableBytes(of: &spare) { unsafe inflater.step(from: input, into: $0) }
        } else {
          unsafe inflater.step(from: input, into: .init(rebasing: target[produced...]))
        }
      consumed += step.consumed
      if isFull && step.produced > 0 { throw Self.tooLong(target.count) }
      produced += step.produced
      switch step.outcome {
      case .fault(let why): throw FormatError(why, at: UInt64(consumed))
      case .finished: return (consumed - inflater.surplus.count, produced)
      case .more:
        if step.consumed == 0 && step.produced == 0 {
          throw FormatError("the deflate data is cut short", at: UInt64(consumed))
        }
      }
    }
  }

  /// Decodes members of gzip, one after another.
  private func gunzip(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    var (consumed, produced) = (0, 0)
    repeat {
      let member = unsafe UnsafeRawBufferPointer(rebasing: source[consumed...])
      do throws(FormatError) {
        var head = unsafe ByteReader(member.bytes)
        try Self.skipHeader(&head)
        let data = head.position
        let end = unsafe try inflate(
          .init(rebasing: member[data...]), into: .init(rebasing: target[produced...]))
        var tail = unsafe ByteReader(member.bytes.extracting((data + end.consumed)...))
        guard try tail.u32("the gzip data") == inflater?.checksum else {
          throw FormatError("the gzip checksum does not match", at: UInt64(data + end.consumed))
        }
        guard try tail.u32("the gzip data") == UInt32(truncatingIfNeeded: end.produced) else {
          throw FormatError("the gzip length does not match", at: UInt64(data + end.consumed))
        }
        consumed += data + end.consumed + 8
        produced += end.produced
      } catch {
        throw FormatError(error.what, at: UInt64(consumed) + error.at)
      }
    } while consumed < source.count
    return produced
  }

  private static func skipHeader(_ head: inout ByteReader) throws(FormatError) {
    guard try head.u16("the gzip header") == 0x8b1f else {
      throw FormatError("not gzip data", at: 0)
    }
    guard try head.u8("the gzip header") == 8 else {
      throw FormatError("a gzip method that is not deflate", at: 2)
    }
    let flags = try head.u8("the gzip header")
    guard flags & 0xe0 == 0 else { throw FormatError("reserved flags in the gzip header", at: 3) }
    _ = try head.range(6, "the gzip header")
    if flags & 4 != 0 { _ = try head.range(Int(head.u16("the gzip header")), "the gzip header") }
    // A name, then a comment: each ends with NUL.
    if flags & 8 != 0 { while try head.u8("the gzip header") != 0 {} }
    if flags & 16 != 0 { while try head.u8("the gzip header") != 0 {} }
    if flags & 2 != 0 { _ = try head.range(2, "the gzip header") }
  }
}

// The others.
extension BlockDecoder {
  /// snappy_uncompress.
  private static func unsnappy(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    let input = unsafe source.assumingMemoryBound(to: CChar.self).baseAddress
    var count = 0
    guard unsafe snappy_uncompressed_length(input, source.count, &count) == SNAPPY_OK else {
      throw FormatError("not snappy data", at: 0)
    }
    guard count <= target.count else { throw tooLong(target.count) }
    // Where nothing is to come, no room is asked of it.
    var none: CChar = 0
    let code =
      if let output = unsafe target.assumingMemoryBound(to: CChar.self).baseAddress {
        unsafe snappy_uncompress(input, source.count, output, &count)
      } else {
        unsafe snappy_uncompress(input, source.count, &none, &count)
      }
    guard code == SNAPPY_OK else { throw FormatError("corrupt snappy data", at: 0) }
    return count
  }

  /// LZ4_decompress_safe.
  private static func unlz4(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    guard let length = Int32(exactly: source.count), let room = Int32(exactly: target.count) else {
      throw FormatError("an LZ4 block of \(source.count) bytes", at: 0)
    }
    var none: CChar = 0
    let input = unsafe source.assumingMemoryBound(to: CChar.self).baseAddress
    let count =
      if let output = unsafe target.assumingMemoryBound(to: CChar.self).baseAddress {
        unsafe LZ4_decompress_safe(input, output, length, room)
      } else {
        unsafe LZ4_decompress_safe(input, &none, length, 0)
      }
    guard count >= 0 else {
      throw FormatError("corrupt LZ4 data, or a block of more than \(target.count) bytes", at: 0)
    }
    return Int(count)
  }

  /// Blocks with their decoded length before them, each in parts with their stored length before them,
  /// both big-endian.
  private static func unhadoop(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    var reader = unsafe ByteReader(source.bytes)
    var done = 0
    while reader.remaining > 0 {
      var rest = Int(try reader.u32("an LZ4 block").byteSwapped)
      guard rest <= target.count - done else { throw tooLong(target.count) }
      while rest > 0 {
        let length = Int(try reader.u32("an LZ4 block").byteSwapped)
        let part = try reader.range(length, "an LZ4 block")
        let count = unsafe try unlz4(
          .init(rebasing: source[part]), into: .init(rebasing: target[done..<done + rest]))
        guard count > 0 else { throw FormatError("an empty part of an LZ4 block", at: 0) }
        done += count
        rest -= count
      }
    }
    return done
  }

  /// ZSTD_decompressDCtx.
  private func unzstd(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    let count = unsafe ZSTD_decompressDCtx(
      zstd, target.baseAddress, target.count, source.baseAddress, source.count)
    guard ZSTD_isError(count) == 0 else {
      if ZSTD_getErrorCode(count) == ZSTD_error_dstSize_tooSmall {
        throw Self.tooLong(target.count)
      }
      throw FormatError("corrupt zstd data", at: 0)
    }
    return count
  }

  /// BrotliDecoderDecompress.
  private static func unbrotli(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    var count = target.count
    var none: UInt8 = 0
    let input = unsafe source.assumingMemoryBound(to: UInt8.self).baseAddress
    let code =
      if let output = unsafe target.assumingMemoryBound(to: UInt8.self).baseAddress {
        unsafe BrotliDecoderDecompress(source.count, input, &count, output)
      } else {
        unsafe BrotliDecoderDecompress(source.count, input, &count, &none)
      }
    guard code == BROTLI_DECODER_RESULT_SUCCESS else {
      throw FormatError("corrupt brotli data, or a block of more than \(target.count) bytes", at: 0)
    }
    return count
  }
}
