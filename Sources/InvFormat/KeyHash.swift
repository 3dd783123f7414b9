import InvBytes

/// The 128-bit hash of a key: XXH64 with seed 0 and with seed 1: inv-index(5), "mph.bin".
public struct KeyHash: Hashable, Sendable, BitwiseCopyable {
  public let first: UInt64
  public let second: UInt64

  @inline(__always)
  public init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  public init(_ key: RawSpan) {
    (first, second) = XXH64.pair(key)
  }

  /// The hash of the `count` bytes at `start`.
  @inline(__always)
  init(_ start: UnsafeRawPointer, _ count: Int) {
    (first, second) = unsafe XXH64.pair(start, count)
  }
}
