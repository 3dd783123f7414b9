import InvSystem

/// The bits of one stream, the highest of each byte first.
struct ORCBooleans {
  private var runs: ORCByteRuns
  private var bytes: [UInt8] = []
  /// The bits of the present byte that are left, the next one highest, and how many.
  private var rest: UInt8 = 0
  private var rests = 0

  init(_ stream: ORCStream) { runs = ORCByteRuns(stream) }

  /// Appends the next `count` bits, a byte 0 or 1 each, to `flags`; how many are 1.
  mutating func read(_ count: Int, to flags: inout [UInt8]) throws(Failure) -> Int {
    let first = flags.count
    let early = min(count, rests)
    takeRest(early, &flags)
    bytes.removeAll(keepingCapacity: true)
    try runs.read((count - early + 7) / 8, to: &bytes)
    let whole = (count - early) / 8
    for byte in bytes[..<whole] {
      for shift in stride(from: 7, through: 0, by: -1) { flags.append(byte >> UInt8(shift) & 1) }
    }
    if whole < bytes.count {
      (rest, rests) = (bytes[whole], 8)
      takeRest(count - early - whole * 8, &flags)
    }
    var ones = 0
    for flag in flags[first...] { ones += Int(flag) }
    return ones
  }

  private mutating func takeRest(_ count: Int, _ flags: inout [UInt8]) {
    for _ in 0..<count {
      flags.append(rest >> 7)
      rest <<= 1
    }
    rests -= count
  }

  /// All bits have been read, but for those that fill the last byte, or this is a failure.
  func finish() throws(Failure) { try runs.finish() }
}
