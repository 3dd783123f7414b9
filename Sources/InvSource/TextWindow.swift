public import InvCompress
public import InvSystem

/// The decoded text of a data file, of which a stretch is at hand at a time.
public struct TextWindow: ~Copyable {
  /// At least so many bytes can be at hand together.
  static let limit = 1 << 20
  /// Behind the bytes at hand so many more can be read.
  static let slack = 64

  public let name: String
  private var inflow: Inflow
  private let piece: Int
  /// What is at hand is `text[start..<filled]`, which is at `base + start` of the file's text.
  private(set) var text: [UInt8]
  var start = 0
  private(set) var filled = 0
  private(set) var base: UInt64 = 0
  private(set) var isAtEnd = false
  /// Why `gather` has brought less than was asked for.
  private(set) var shortage: Failure?

  /// The text that `inflow` yields `piece` bytes at a time, the first of them at hand, which is at `offset`
  /// of the file's text.
  public init(_ inflow: consuming Inflow, piece: Int = 1 << 18, at offset: UInt64 = 0)
    throws(Failure)
  {
    name = inflow.name
    base = offset
    self.inflow = inflow
    self.piece = piece
    text = [UInt8](repeating: 0, count: Self.limit + piece + Self.slack)
    try refill()
  }

  /// How many bytes of the file have been used.
  public var consumed: UInt64 { inflow.consumed }

  /// Whether the file is stored as it reads.
  public var isPlain: Bool { inflow.format == .plain }

  /// Where `place` of `text` is in the file's text.
  func offset(_ place: Int) -> UInt64 { base + UInt64(place) }

  /// The bytes at hand that come first, at most `count` of them.
  public func front(_ count: Int) -> ArraySlice<UInt8> { text[start..<min(filled, start + count)] }

  /// Sees to it that `count` bytes are at hand unless the text has fewer, or a fault comes before them,
  /// which is thrown only when nothing is at hand.
  public mutating func gather(_ count: Int) throws(Failure) {
    precondition(count <= Self.limit)
    while filled - start < count && !isAtEnd {
      do throws(Failure) { try refill() } catch {
        if start == filled { throw error }
        shortage = error
        return
      }
    }
  }

  /// Takes all that is at hand; empty only at the end.
  public mutating func takeAll() throws(Failure) -> ArraySlice<UInt8> {
    if start == filled && !isAtEnd { try refill() }
    defer { start = filled }
    return text[start..<filled]
  }

  /// Passes over the mark of UTF-8 that some programs write first.
  mutating func skipByteOrderMark() {
    if base == 0 && start == 0 && text.starts(with: [0xef, 0xbb, 0xbf]) { start = 3 }
  }

  /// Moves what is left, less than `limit`, to the front and reads on.
  mutating func refill() throws(Failure) {
    let (start, filled, room) = (start, filled, piece)
    precondition(filled - start <= Self.limit)
    var outcome: Result<Int, Failure> = .success(0)
    unsafe text.withUnsafeMutableBytes { text in
      unsafe text.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[start..<filled]))
      let first = filled - start
      do throws(Failure) {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: text[first..<first + room])
        outcome = .success(unsafe try inflow.read(into: rest))
      } catch { outcome = .failure(error) }
    }
    let count = try outcome.get()
    base += UInt64(start)
    self.filled = filled - start + count
    self.start = 0
    isAtEnd = count == 0
  }

  /// The sentence for what is wrong at `offset` of the text.
  func fault(_ why: String, at offset: UInt64) -> Failure {
    .data("\(printable(name)): byte \(offset): \(why)")
  }
}
