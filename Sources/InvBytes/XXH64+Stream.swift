extension XXH64 {
  /// The hash of bytes that come in pieces.
  public struct Stream: Sendable {
    private var lanes = Lanes(seed: 0)
    private var length: UInt64 = 0
    /// The bytes behind the last whole stripe of 32.
    private var rest: [UInt8] = []

    public init() {}

    /// Goes on with `bytes`.
    public mutating func add(_ bytes: RawSpan) {
      length &+= UInt64(bytes.byteCount)
      var at = 0
      if !rest.isEmpty {
        at = min(32 - rest.count, bytes.byteCount)
        rest.append(bytes.extracting(0..<at))
        guard rest.count == 32 else { return }
        let stripe = rest
        rest.removeAll(keepingCapacity: true)
        take(stripe.raw, from: 0, to: 32)
      }
      let end = at + (bytes.byteCount - at) / 32 * 32
      take(bytes, from: at, to: end)
      rest.append(bytes.extracting(end..<bytes.byteCount))
    }

    private mutating func take(_ bytes: RawSpan, from start: Int, to end: Int) {
      var lanes = lanes
      var at = start
      while at < end {
        lanes.add(bytes, at: at)
        at &+= 32
      }
      self.lanes = lanes
    }

    /// The hash of all that has come.
    public var hash: UInt64 {
      let start = length >= 32 ? lanes.sum : XXH64.p5
      return XXH64.finish(start &+ length, rest.raw)
    }
  }
}
