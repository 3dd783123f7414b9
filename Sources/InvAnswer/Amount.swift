/// An exact amount of money: what is billed, how much of each thing, at which rates.
///
/// Amounts add up exactly, since what is billed does; each is rounded once, when it is written, to the
/// nearest and half up.
public struct Amount: Equatable, Sendable {
  private let rates: Rates
  /// By rate.
  private(set) var units: [UInt128]

  init(_ rates: Rates) {
    self.rates = rates
    units = Array(repeating: 0, count: rates.all.count)
  }

  /// Bills `count` units of the thing with number `rate`.
  ///
  /// Figures are below 2^64 and what an object adds below 2^32 units, so 2^32 cells cannot overflow.
  @inline(__always)
  mutating func bill(_ count: UInt128, at rate: Int) { units[rate] &+= count }

  /// Adds what `other`, of the same bill, has.
  public static func += (amount: inout Amount, other: Amount) {
    precondition(amount.units.count == other.units.count)
    for place in amount.units.indices { amount.units[place] &+= other.units[place] }
  }

  /// Takes away what `other`, a part of it, has; of a damaged index it may be more.
  public static func -= (amount: inout Amount, other: Amount) {
    precondition(amount.units.count == other.units.count)
    for place in amount.units.indices { amount.units[place] &-= other.units[place] }
  }

  public static func + (one: Amount, other: Amount) -> Amount {
    var sum = one
    sum += other
    return sum
  }

  /// Nothing, at the same rates.
  var none: Amount { Amount(rates) }

  /// Whether nothing is billed.
  public var isZero: Bool { units.allSatisfy { $0 == 0 } }

  /// Whether it comes to exactly nothing.
  var isNothing: Bool { isZero || fraction.numerator.isZero }

  /// The amount in 10^-`places` of the currency, `places` being at most 15.
  func rounded(places: Int) -> Whole {
    let unit = Rates.unit(places: places)
    if let (ticks, doubt) = ticksAndDoubt {
      let (low, first) = ticks.addingReportingOverflow(unit / 2)
      let (high, second) = low.addingReportingOverflow(doubt)
      if !first, !second, low / unit == high / unit { return Whole(low / unit) }
    }
    let (top, bottom) = fraction
    let double = top + top + bottom * Whole(unit)
    return double.quotientAndRemainder(dividingBy: bottom * Whole(unit) * Whole(2)).quotient
  }

  /// Ticks without fractions, and how many too few that may be; nil when it does not fit.
  private var ticksAndDoubt: (ticks: UInt128, doubt: UInt128)? {
    var (ticks, doubt) = (UInt128(0), UInt128(0))
    for (place, count) in units.enumerated() where count > 0 {
      guard let (top, bottom) = rates.all[place].small else { return nil }
      let product = count.multipliedFullWidth(by: top)
      guard product.high < bottom else { return nil }
      let (whole, rest) = bottom.dividingFullWidth(product)
      let (sum, isTooMuch) = ticks.addingReportingOverflow(whole)
      if isTooMuch { return nil }
      ticks = sum
      if rest > 0 { doubt += 1 }
    }
    return (ticks, doubt)
  }

  /// Ticks exactly, as a fraction that need not be in lowest terms.
  var fraction: (numerator: Whole, denominator: Whole) {
    var (top, bottom) = (Whole(0), Whole(1))
    for (place, count) in units.enumerated() where count > 0 {
      let rate = rates.all[place]
      let part = Whole(count) * rate.numerator
      if rate.denominator == bottom {
        top = top + part
      } else {
        top = top * rate.denominator + part * bottom
        bottom = bottom * rate.denominator
      }
    }
    return (top, bottom)
  }

  /// Sorts as the amount does, to less than a thousandth of a millionth; the greatest where there is more.
  public var order: UInt128 { ticksAndDoubt?.ticks ?? .max }

  /// `1234.50`: that many decimals, at most 15; with `grouped`, `1,234.50`.
  public func text(places: Int = 2, grouped: Bool = false) -> String {
    String(decoding: bytes(places: places, grouped: grouped), as: UTF8.self)
  }

  func bytes(places: Int, grouped: Bool = false) -> [UInt8] {
    var digits = rounded(places: places).digits
    if digits.count <= places {
      digits = Array(repeating: 0x30, count: places + 1 - digits.count) + digits
    }
    let whole = digits.dropLast(places)
    var text: [UInt8] = []
    for (place, digit) in whole.enumerated() {
      if grouped, place > 0, (whole.count - place) % 3 == 0 { text.append(0x2c) }
      text.append(digit)
    }
    return places == 0 ? text : text + [0x2e] + digits.suffix(places)
  }
}
