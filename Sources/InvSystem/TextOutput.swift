/// Text on its way to a descriptor, gathered into large writes; every loss is reported.
///
/// What has not been finished may be lost: a good end is `finish()`.
public struct TextOutput: ~Copyable {
  private let descriptor: Descriptor
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 16

  public init(_ descriptor: consuming Descriptor = .standardOutput) {
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  /// Whether a person reads this.
  public var isTerminal: Bool { descriptor.isTerminal }

  /// How many characters a line of the terminal has; nil where it is none or does not say.
  public var columns: Int? { descriptor.columns }

  /// Appends `text`, in UTF-8.
  public mutating func write(_ text: String) throws(Failure) {
    try write(text.utf8)
  }

  /// Appends `bytes` as they are.
  public mutating func write(_ bytes: some Sequence<UInt8>) throws(Failure) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Hands over to the kernel what has been gathered.
  public mutating func flush() throws(Failure) {
    guard !buffer.isEmpty else { return }
    try descriptor.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Flushes and closes, even a borrowed descriptor: close(2) can be the first news of a loss.
  public consuming func finish() throws(Failure) {
    try flush()
    try descriptor.close()
  }
}
