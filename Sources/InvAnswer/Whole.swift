import InvText

/// A whole number of 0 or more without a limit, so that money never overflows.
struct Whole: Equatable, Sendable {
  /// Little-endian; the last is not 0.
  private(set) var limbs: [UInt64]

  init(_ number: UInt128) {
    limbs = [UInt64(truncatingIfNeeded: number), UInt64(truncatingIfNeeded: number >> 64)]
    trim()
  }

  private init(limbs: [UInt64]) {
    self.limbs = limbs
    trim()
  }

  private mutating func trim() {
    while limbs.last == 0 { limbs.removeLast() }
  }

  var isZero: Bool { limbs.isEmpty }

  /// The same number; nil when it is 2^128 or more.
  var small: UInt128? {
    guard limbs.count <= 2 else { return nil }
    return limbs.reversed().reduce(0) { $0 << 64 | UInt128($1) }
  }

  static func + (one: Whole, other: Whole) -> Whole {
    var sum: [UInt64] = []
    var carry: UInt128 = 0
    for place in 0..<max(one.limbs.count, other.limbs.count) {
      carry += UInt128(one.limb(place)) + UInt128(other.limb(place))
      sum.append(UInt64(truncatingIfNeeded: carry))
      carry >>= 64
    }
    return Whole(limbs: sum + [UInt64(carry)])
  }

  /// `other` must not be greater.
  static func - (one: Whole, other: Whole) -> Whole {
    var difference: [UInt64] = []
    var borrow = false
    for place in one.limbs.indices {
      let (part, first) = one.limbs[place].subtractingReportingOverflow(other.limb(place))
      let (rest, second) = part.subtractingReportingOverflow(borrow ? 1 : 0)
      difference.append(rest)
      borrow = first || second
    }
    precondition(!borrow && other.limbs.count <= one.limbs.count)
    return Whole(limbs: difference)
  }

  static func * (one: Whole, other: Whole) -> Whole {
    var product = [UInt64](repeating: 0, count: one.limbs.count + other.limbs.count)
    for (i, limb) in one.limbs.enumerated() {
      var carry: UInt128 = 0
      for (j, factor) in other.limbs.enumerated() {
        // At most (2^64 - 1)^2 + 2 (2^64 - 1), which is 2^128 - 1.
        carry += UInt128(limb) * UInt128(factor) + UInt128(product[i + j])
        product[i + j] = UInt64(truncatingIfNeeded: carry)
        carry >>= 64
      }
      product[i + other.limbs.count] = UInt64(carry)
    }
    return Whole(limbs: product)
  }

  /// Both by long division, bit after bit; `divisor` must not be 0.
  func quotientAndRemainder(dividingBy divisor: Whole) -> (quotient: Whole, remainder: Whole) {
    precondition(!divisor.isZero)
    var quotient = [UInt64](repeating: 0, count: limbs.count)
    var rest = Whole(0)
    for place in limbs.indices.reversed() {
      for bit in (0..<UInt64(64)).reversed() {
        rest.shiftIn(limbs[place] >> bit & 1)
        if rest >= divisor {
          rest = rest - divisor
          quotient[place] |= 1 << bit
        }
      }
    }
    return (Whole(limbs: quotient), rest)
  }

  private mutating func shiftIn(_ bit: UInt64) {
    var carry = bit
    for place in limbs.indices {
      (limbs[place], carry) = (limbs[place] << 1 | carry, limbs[place] >> 63)
    }
    if carry > 0 { limbs.append(carry) }
  }

  private func limb(_ place: Int) -> UInt64 { place < limbs.count ? limbs[place] : 0 }

  /// Its decimal digits.
  var digits: [UInt8] {
    if limbs.count <= 1 {
      var text: [UInt8] = []
      text.append(decimal: limb(0))
      return text
    }
    let group = Whole(10_000_000_000_000_000_000)
    var (rest, groups) = (self, [String]())
    repeat {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: group)
      groups.append(String(remainder.limbs.first ?? 0))
      rest = quotient
    } while !rest.isZero
    var text = groups.last ?? "0"
    for group in groups.dropLast().reversed() {
      text += String(repeating: "0", count: 19 - group.utf8.count) + group
    }
    return Array(text.utf8)
  }
}

extension Whole: Comparable {
  static func < (one: Whole, other: Whole) -> Bool {
    guard one.limbs.count == other.limbs.count else { return one.limbs.count < other.limbs.count }
    return one.limbs.reversed().lexicographicallyPrecedes(other.limbs.reversed())
  }
}
