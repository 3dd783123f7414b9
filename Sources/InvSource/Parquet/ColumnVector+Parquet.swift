import InvBytes

// What stored values mean, and where those go that are there.
extension ColumnVector {
  /// Makes of values as they are stored those of the column.
  mutating func interpret(_ column: ParquetColumn) throws(FormatError) {
    switch column.meaning {
    case .asStored: break
    case .unsigned32:
      for place in integers.indices { integers[place] &= 0xffff_ffff }
    case .unsigned64:
      for value in integers where value < 0 {
        throw FormatError("\(UInt64(bitPattern: value)) is more than 63 bits", at: 0)
      }
    case .times(let factor):
      for place in integers.indices {
        let (value, overflow) = integers[place].multipliedReportingOverflow(by: factor)
        guard !overflow else { throw FormatError("no time of day: \(integers[place])", at: 0) }
        integers[place] = value
      }
    case .days:
      for place in integers.indices { integers[place] *= 86_400 }
    case .time(let perSecond):
      switch perSecond {
      case 1000: splitSeconds(1000)
      case 1_000_000: splitSeconds(1_000_000)
      default: splitSeconds(1_000_000_000)
      }
    case .int96: readInt96()
    case .decimal(let scale):
      if column.storage == .text || column.storage == .fixed {
        try readDecimals(scale)
      } else if scale > 0 {
        for value in integers { reals.append(Double(value) / Self.power(scale)) }
        integers.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Splits integers, of which `perSecond` make a second, into seconds and nanoseconds.
  @inline(__always)
  private mutating func splitSeconds(_ perSecond: Int64) {
    nanoseconds.removeAll(keepingCapacity: true)
    nanoseconds.reserveCapacity(integers.count)
    let factor = UInt32(1_000_000_000 / perSecond)
    var all: UInt32 = 0
    for place in integers.indices {
      let value = integers[place]
      var seconds = value / perSecond
      var rest = value &- seconds &* perSecond
      if rest < 0 {
        seconds &-= 1
        rest &+= perSecond
      }
      integers[place] = seconds
      let nanos = UInt32(truncatingIfNeeded: rest) &* factor
      all |= nanos
      nanoseconds.append(nanos)
    }
    if all == 0 { nanoseconds.removeAll(keepingCapacity: true) }
  }

  /// Makes times of texts of 12 bytes: nanoseconds since midnight, and the Julian day.
  private mutating func readInt96() {
    let count = starts.count - 1
    var days: [Int64] = []
    for place in 0..<count {
      integers.append(Int64(bitPattern: text.raw.u64(at: 12 * place)))
      days.append(Int64(text.raw.u32(at: 12 * place + 8)) - 2_440_588)
    }
    splitSeconds(1_000_000_000)
    for place in 0..<count { integers[place] += days[place] * 86_400 }
    forgetText()
  }

  /// Makes numbers of texts that are integers in two's complement, the highest byte first.
  private mutating func readDecimals(_ scale: Int) throws(FormatError) {
    for place in 0..<starts.count - 1 {
      let bytes = text[Int(starts[place])..<Int(starts[place + 1])]
      guard bytes.count <= 16 else {
        throw FormatError("a decimal number of \(bytes.count) bytes", at: 0)
      }
      var value: Int128 = bytes.first ?? 0 >= 0x80 ? -1 : 0
      for byte in bytes { value = value << 8 | Int128(byte) }
      if scale > 0 {
        reals.append(Double(value) / Self.power(scale))
      } else if let value = Int64(exactly: value) {
        integers.append(value)
      } else {
        throw FormatError("\(value) is more than 63 bits", at: 0)
      }
    }
    forgetText()
  }

  private mutating func forgetText() {
    text.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
  }

  private static func power(_ scale: Int) -> Double {
    var power = 1.0
    for _ in 0..<scale { power *= 10 }
    return power
  }

  /// Appends what `words` has for each of `codes`, which are all among them.
  mutating func append(_ codes: [UInt32], of words: ColumnVector) {
    if !words.integers.isEmpty {
      integers.reserveCapacity(integers.count + codes.count)
      for code in codes { integers.append(words.integers[Int(code)]) }
    }
    if !words.nanoseconds.isEmpty {
      for code in codes { nanoseconds.append(words.nanoseconds[Int(code)]) }
      if nanoseconds.allSatisfy({ $0 == 0 }) { nanoseconds.removeAll(keepingCapacity: true) }
    }
    if !words.reals.isEmpty {
      for code in codes { reals.append(words.reals[Int(code)]) }
    }
  }

  /// Moves the values of `column`, of which there are fewer than rows, to the rows that have one.
  mutating func spread(_ column: ParquetColumn) {
    if dictionary != nil {
      Self.spread(&codes, present)
    } else if column.hasText {
      // What has no value ends where the text before it ends.
      let ends = starts
      var values = 0
      starts.removeAll(keepingCapacity: true)
      starts.append(0)
      for place in present.indices {
        values += Int(present[place])
        starts.append(ends[values])
      }
    } else if column.hasReals {
      Self.spread(&reals, present)
    } else {
      Self.spread(&integers, present)
      if !nanoseconds.isEmpty { Self.spread(&nanoseconds, present) }
    }
  }

  private static func spread<Value: ExpressibleByIntegerLiteral>(
    _ values: inout [Value], _ present: [UInt8]
  ) {
    var next = values.count
    values += repeatElement(0, count: present.count - values.count)
    for place in present.indices.reversed() {
      if present[place] != 0 {
        next -= 1
        values[place] = values[next]
      } else {
        values[place] = 0
      }
    }
  }
}
