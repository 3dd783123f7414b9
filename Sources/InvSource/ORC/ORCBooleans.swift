import InvSystem

/// The bytes of one stream, in runs.
struct ORCByteRuns {
  let stream: ORCStream
  /// What is left of the present run: how many bytes, and whether all are `repeated`.
  private var left = 0
  private var repeated: UInt8?

  init(_ stream: ORCStream) { self.stream = stream }

  /// Appends the next `count` bytes to `bytes`.
  mutating func read(_ count: Int, to bytes: inout [UInt8]) throws(Failure) {
    var wanted = count
    while wanted > 0 {
      if left == 0 { try open() }
      let part = min(wanted, left)
      if let repeated {
        bytes += repeatElement(repeated, count: part)
      } else {
        try stream.move(part, to: &bytes)
      }
      left -= part
      wanted -= part
    }
  }

  private mutating func open() throws(Failure) {
    try stream.fill(2)
    guard stream.available >= 2 else { throw stream.fault("it ends too early") }
    let control = stream.buffer[stream.position]
    if control < 0x80 {
      left = Int(control) + 3
      repeated = stream.buffer[stream.position + 1]
      stream.position += 2
    } else {
      left = 0x100 - Int(control)
      repeated = nil
      stream.position += 1
    }
  }

  /// All bytes have been read, or this is a failure.
  func finish() throws(Failure) {
    if left > 0 { throw stream.fault("more values than there are rows") }
    try stream.finish()
  }
}

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
