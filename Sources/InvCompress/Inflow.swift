public import InvSystem

/// What flows out of a compressed source when it is decoded: pulled by the reader, decoded in place.
public struct Inflow: ~Copyable, @unchecked Sendable {
  public enum Format: Sendable, CaseIterable {
    case plain, gzip, zstd, xz

    /// The format whose magic number `start` begins with; `plain` when it is none.
    public static func sniffed(from start: [UInt8]) -> Format {
      if start.starts(with: [0x1f, 0x8b]) { return .gzip }
      if start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
      if start.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) { return .xz }
      // A file may begin with a skippable frame.
      if start.count >= 4 && start[0] & 0xf0 == 0x50 && start[1...3] == [0x2a, 0x4d, 0x18] {
        return .zstd
      }
      return .plain
    }
  }

  public let format: Format
  /// How many bytes have been handed out.
  public private(set) var produced: UInt64 = 0
  private var source: ByteSource
  private let decoder: any Decoder
  private var failure: Failure?

  /// Decodes `source` as `format`, or, where that is nil, as what its first bytes say it is.
  ///
  /// A zstd window of more than 1 << `zstdWindowLog` bytes is refused, and xz data that needs more than
  /// `xzMemory` bytes, so that the memory is bounded.
  public init(
    _ source: consuming ByteSource, format: Format? = nil, engine: InflateEngine = .fastest,
    zstdWindowLog: Int32 = 27, xzMemory: UInt64 = 128 << 20
  ) throws(Failure) {
    var source = source
    let start = try format == nil ? source.peek(6) : []
    let format = format ?? Format.sniffed(from: start)
    decoder =
      switch format {
      case .plain: Plain()
      case .gzip: try Gunzip(engine)
      case .zstd: try Unzstd(windowLog: zstdWindowLog)
      case .xz: try Unxz(memory: xzMemory)
      }
    self.format = format
    self.source = source
  }

  public var name: String { source.name }

  /// How many bytes of the source have been used, for progress.
  public var consumed: UInt64 { source.consumed }

  /// Fills `buffer`, which must not be empty; fewer bytes come only before the end or a fault, 0 is the end.
  ///
  /// What was decoded before a fault is handed out first; the fault is thrown by the next call,
  /// and by every call after it. Bad data is status 65 and says `NAME: byte N: why`, where N counts
  /// bytes of the source.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    precondition(buffer.count > 0)
    if let failure { throw failure }
    var done = 0
    do throws(Failure) {
      unsafe try decoder.fill(buffer, &done, from: &source)
    } catch {
      failure = error
      if done == 0 { throw error }
    }
    produced += UInt64(done)
    return done
  }

  /// Fills `bytes[start...]`; how many bytes came.
  public mutating func read(into bytes: inout [UInt8], from start: Int = 0) throws(Failure) -> Int {
    precondition(start >= 0 && start < bytes.count)
    var outcome: Result<Int, Failure> = .success(0)
    unsafe bytes.withUnsafeMutableBytes { buffer in
      do throws(Failure) {
        outcome = .success(unsafe try read(into: .init(rebasing: buffer[start...])))
      } catch {
        outcome = .failure(error)
      }
    }
    return try outcome.get()
  }
}
