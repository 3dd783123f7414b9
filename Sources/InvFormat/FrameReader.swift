public import InvBytes
import InvCompress
public import InvSystem

/// Reads the header and the frames of one stream and checks every checksum.
public final class FrameReader {
  private let input: SharedDescriptor
  private let decompressor: BlockDecompressor
  /// The size of a regular file, nil for a pipe.
  public let size: UInt64?
  public let status: FileStatus
  private var position: UInt64 = 0
  /// Whether the footer has come.
  private(set) var isEnded = false
  /// What was read of a pipe before it came here and is not used yet.
  private var ahead: ArraySlice<UInt8>
  /// What the failure frame says, once it has been thrown.
  public private(set) var failureFields: Fields?

  public var name: String { input.descriptor.name }
  /// How many bytes have been read.
  public var bytesRead: UInt64 { position }

  /// Reads `descriptor`, from which `ahead` has been taken already if it is not a regular file.
  public init(_ descriptor: consuming Descriptor, ahead: [UInt8] = []) throws(Failure) {
    status = try descriptor.status()
    if status.kind == .folder {
      throw Failure.data("\(printable(descriptor.name)) is a folder, not a stream of rows")
    }
    self.size = status.kind == .file ? status.size : nil
    self.ahead = size == nil ? ahead[...] : []
    decompressor = try BlockDecompressor()
    descriptor.widenPipe(to: 1 << 20)
    input = SharedDescriptor(descriptor)
  }

  /// Another reader of the same regular file, with a place of its own.
  init(sharing other: FrameReader, _ decompressor: BlockDecompressor) {
    (input, size, status, ahead) = (other.input, other.size, other.status, [])
    self.decompressor = decompressor
  }

  /// The sentence for a fault in this stream.
  public func failure(_ error: FormatError) -> Failure {
    Failure.data("\(printable(name)): byte \(error.at): \(error.what)")
  }

  /// The sentence for a fault in the header.
  func headerFailure(_ error: FormatError) -> Failure {
    failure(FormatError(error.what, at: error.at + UInt64(Container.preambleLength)))
  }

  /// Runs `body`; a fault it finds in `frame` becomes a sentence with its place in the stream.
  public func checking<Result>(_ frame: Frame, _ body: () throws(FormatError) -> Result)
    throws(Failure) -> Result
  {
    do throws(FormatError) {
      return try body()
    } catch {
      let start = frame.offset + UInt64(Container.frameHeaderLength)
      throw failure(FormatError(error.what, at: start + error.at))
    }
  }

  /// Reads the preamble and the header text.
  public func readHeader() throws(Failure) -> Fields {
    var preamble = [UInt8](repeating: 0, count: Container.preambleLength)
    let count = try fill(&preamble)
    guard count > 0 else { throw Failure.data("\(printable(name)) is empty: nothing came") }
    guard preamble.prefix(8) == Container.magic[...] else {
      throw Failure.data("\(printable(name)) carries no inv rows: it starts with other bytes")
    }
    guard count == preamble.count else { throw truncated() }
    let bytes = preamble.raw
    let version = bytes.u16(at: 8)
    guard version == Container.version else {
      throw failure(FormatError("rows of version \(version), made by a newer inv", at: 8))
    }
    let length = Int(bytes.u32(at: 12))
    guard length <= Container.headerLimit else {
      throw failure(FormatError("header length \(length) is over the limit", at: 12))
    }
    guard bytes.u16(at: 10) == 0, bytes.u64(at: 24) == 0 else {
      throw failure(FormatError("reserved bytes are not zero: made by a newer inv", at: 10))
    }
    let text = try readBytes(length)
    guard XXH64.hash(text.raw) == preamble.raw.u64(at: 16) else {
      throw failure(FormatError("the header's checksum does not match", at: 16))
    }
    do throws(FormatError) {
      return try Fields(decoding: text)
    } catch {
      throw headerFailure(error)
    }
  }

  /// The next frame; nil after the footer, when nothing follows it.
  ///
  /// A failure frame is thrown as the failure of a program earlier in the pipe.
  public func next() throws(Failure) -> Frame? {
    if isEnded {
      var one: [UInt8] = [0]
      guard try fill(&one) == 0 else {
        throw failure(FormatError("there are bytes after the footer", at: position - 1))
      }
      return nil
    }
    let start = position
    let stored = try readFrame(at: start)
    if stored.type == .failure { throw upstreamFailure(stored) }
    if stored.type == .end { isEnded = true }
    return stored
  }

  /// The footer of a regular file, found from the file's last bytes; nil when the input is none.
  public func lastFrame() throws(Failure) -> Frame? {
    guard let size else { return nil }
    guard size >= UInt64(Container.preambleLength + Container.frameHeaderLength + 16) else {
      position = size
      throw truncated()
    }
    seek(to: size - 8)
    var place = [UInt8](repeating: 0, count: 8)
    guard try fill(&place) == 8 else { throw truncated() }
    let offset = place.raw.u64(at: 0)
    guard offset < size, size - offset <= UInt64(Container.frameLimit) else {
      position = size
      throw truncated()
    }
    seek(to: offset)
    guard let frame = try next(), frame.type == .end, try next() == nil else { throw truncated() }
    return frame
  }

  /// Goes on reading at `offset`, where a frame begins, of a regular file.
  public func seek(to offset: UInt64) {
    position = offset
    isEnded = false
  }

  private func readFrame(at start: UInt64) throws(Failure) -> Frame {
    var header = [UInt8](repeating: 0, count: Container.frameHeaderLength)
    guard try fill(&header) == header.count else { throw truncated() }
    let head = header.raw
    let (checksum, zero) = (head.u64(at: 0), head.u16(at: 10))
    let (rows, length, decoded) = (head.u32(at: 12), head.u32(at: 16), head.u32(at: 20))
    guard let type = FrameType(rawValue: header[8]) else {
      throw failure(FormatError("unknown frame type \(header[8])", at: start + 8))
    }
    guard let codec = Codec(rawValue: header[9]) else {
      throw failure(FormatError("unknown codec \(header[9])", at: start + 9))
    }
    guard zero == 0 else {
      throw failure(FormatError("reserved bytes are not zero: made by a newer inv", at: start + 10))
    }
    guard length <= Container.frameLimit, decoded <= Container.frameLimit else {
      throw failure(
        FormatError("frame length \(max(length, decoded)) is over the limit", at: start + 16))
    }
    guard rows == 0 || type.counts else {
      throw failure(FormatError("\(type.name) with a count of rows", at: start + 12))
    }
    guard codec == .none || type == .block else {
      throw failure(FormatError("\(type.name), compressed: only blocks may be", at: start + 9))
    }
    let bytes = try readBytes(Int(length), after: header[8...])
    guard XXH64.hash(bytes.raw) == checksum else {
      throw failure(FormatError("the frame's checksum does not match", at: start))
    }
    switch codec {
    case .none:
      guard decoded == length else {
        throw failure(FormatError("the decoded length of a plain frame differs", at: start + 20))
      }
      return Frame(type: type, rows: Int(rows), offset: start, bytes: bytes, start: 16)
    case .zstd:
      var plain: [UInt8] = []
      do throws(FormatError) {
        try decompressor.context.decompress(
          bytes.span.extracting(droppingFirst: 16), decodedLength: Int(decoded), into: &plain)
      } catch { throw failure(FormatError(error.what, at: start + 24 + error.at)) }
      return Frame(type: type, rows: Int(rows), offset: start, bytes: plain, start: 0)
    }
  }

  private func upstreamFailure(_ frame: Frame) -> Failure {
    let fields = try? frame.fields()
    failureFields = fields
    // A failure with the status of success must not pass for one.
    let code = fields?.text("status").flatMap { Int32($0) } ?? 0
    let tool = fields?.text("tool") ?? "a program before this one"
    let message = fields?.text("message") ?? "failed"
    return Failure(
      "\(tool): \(message)", ExitStatus(rawValue: code == 0 ? 65 : code) ?? .data,
      teller: .upstream)
  }

  private func truncated() -> Failure {
    Failure.data("\(printable(name)) ends at byte \(position) without a footer: its writer died")
  }

  /// Reads `count` bytes behind `first`; memory grows with what has come, not with what was claimed.
  private func readBytes(_ count: Int, after first: ArraySlice<UInt8> = []) throws(Failure)
    -> [UInt8]
  {
    if let size, UInt64(count) > size - min(size, position) {
      position = size
      throw truncated()
    }
    let total = first.count + count
    var bytes = [UInt8](first)
    while bytes.count < total {
      let have = bytes.count
      let step = min(total - have, max(1 << 20, have))
      var failure: Failure?
      let grown = unsafe [UInt8](unsafeUninitializedCapacity: have + step) { room, used in
        for index in bytes.indices { unsafe room[index] = bytes[index] }
        used = have
        let rest = unsafe UnsafeMutableRawBufferPointer(
          UnsafeMutableBufferPointer(rebasing: room[have..<have + step]))
        do throws(Failure) { used += unsafe try fill(rest) } catch { failure = error }
      }
      if let failure { throw failure }
      guard grown.count == have + step else { throw truncated() }
      bytes = grown
    }
    return bytes
  }

  /// Fills all of `bytes` and returns how many came.
  private func fill(_ bytes: inout [UInt8]) throws(Failure) -> Int {
    var failure: Failure?
    let count = unsafe bytes.withUnsafeMutableBytes { room in
      do throws(Failure) { return unsafe try fill(room) } catch { failure = error }
      return 0
    }
    if let failure { throw failure }
    return count
  }

  private func fill(_ room: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    var done = 0
    while done < room.count, let byte = ahead.popFirst() {
      unsafe room[done] = byte
      done += 1
      position += 1
    }
    while done < room.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
      let count =
        unsafe size == nil
        ? try input.descriptor.read(into: rest)
        : try input.descriptor.read(into: rest, at: position)
      if count == 0 { break }
      done += count
      position += UInt64(count)
    }
    return done
  }
}

/// A descriptor that several readers use; closed when the last is gone.
private final class SharedDescriptor: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}

/// The context that blocks are decompressed with; one for each thread.
public final class BlockDecompressor {
  fileprivate var context: ZstdBlock.Decompressor

  public init() throws(Failure) { context = try ZstdBlock.Decompressor() }
}
