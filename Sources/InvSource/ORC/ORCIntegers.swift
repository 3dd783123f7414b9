import InvSystem

/// The integers of one stream, in runs of version 1 or 2.
struct ORCIntegers {
  /// No run has more values.
  static let longestRun = 512
  /// No run takes more bytes: those of 512 values of eight bytes with 31 patches take the most.
  static let longestStored = 4400

  private let stream: ORCStream
  private let isSecond: Bool
  private let isSigned: Bool
  /// The rest of a run of which not all was wanted.
  private var spare = [Int64](repeating: 0, count: longestRun)
  private var spares = 0..<0

  init(_ stream: ORCStream, isSecond: Bool, isSigned: Bool) {
    self.stream = stream
    self.isSecond = isSecond
    self.isSigned = isSigned
  }

  /// Puts the next `count` values in the place of what `values` holds.
  mutating func read(_ count: Int, into values: inout [Int64]) throws(Failure) {
    if values.count > count { values.removeLast(values.count - count) }
    if values.count < count { values += repeatElement(0, count: count - values.count) }
    var done = takeSpare(&values, 0)
    while done < count {
      try stream.fill(Self.longestStored)
      guard stream.available > 0 else {
        throw stream.fault("it ends \(count - done) values too early")
      }
      if count - done >= Self.longestRun {
        try runs(into: &values, from: &done)
      } else {
        var filled = 0
        try runs(into: &spare, from: &filled)
        spares = 0..<filled
        done += takeSpare(&values, done)
      }
    }
  }

  /// Decodes runs while a whole one is sure to be there and to fit, at least one.
  private func runs(into values: inout [Int64], from filled: inout Int) throws(Failure) {
    var position = stream.position
    let fault = Self.decode(
      stream.buffer, &position, stream.filled, isLast: stream.isLast, isSecond: isSecond,
      isSigned: isSigned, into: &values, &filled)
    stream.position = position
    if let fault { throw stream.fault(fault) }
  }

  private mutating func takeSpare(_ values: inout [Int64], _ done: Int) -> Int {
    let count = min(spares.count, values.count - done)
    for place in 0..<count { values[done + place] = spare[spares.lowerBound + place] }
    spares = spares.lowerBound + count..<spares.upperBound
    return count
  }

  /// All values have been read and no byte is left, or this is a failure.
  func finish() throws(Failure) {
    if !spares.isEmpty { throw stream.fault("more values than there are rows") }
    try stream.finish()
  }
}
