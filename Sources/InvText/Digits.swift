extension [UInt8] {
  /// Appends the digits of `number`, two at a time.
  @inline(__always)
  public mutating func append(decimal number: UInt64) {
    if number < 10 {
      append(0x30 &+ UInt8(truncatingIfNeeded: number))
      return
    }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var (rest, at) = (number, 20)
    while rest >= 10 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      at &-= 2
      digits[at] = 0x30 &+ UInt8(truncatingIfNeeded: pair / 10)
      digits[at &+ 1] = 0x30 &+ UInt8(truncatingIfNeeded: pair % 10)
    }
    if rest > 0 {
      at &-= 1
      digits[at] = 0x30 &+ UInt8(truncatingIfNeeded: rest)
    }
    append(addingCapacity: 20 &- at) { span in
      while at < 20 {
        span.append(digits[at])
        at &+= 1
      }
    }
  }
}
