/// What one unit of each thing that is billed costs: a byte at the price of a class, for a month, or the
/// monitoring of one object.
///
/// Money is counted in ticks: 10^-15 / 2^30 of the currency. In ticks the price of a byte and that of an
/// object are whole numbers, and the share of a stepped price is one fraction.
struct Rates: Equatable, Sendable {
  /// Ticks per unit.
  struct Rate: Equatable, Sendable {
    let numerator: Whole
    let denominator: Whole
    /// Both once more, where they fit: nearly always.
    let small: (numerator: UInt128, denominator: UInt128)?

    init(_ numerator: Whole, over denominator: Whole = Whole(1)) {
      (self.numerator, self.denominator) = (numerator, denominator)
      if let top = numerator.small, let bottom = denominator.small {
        small = (top, bottom)
      } else {
        small = nil
      }
    }

    static func == (one: Rate, other: Rate) -> Bool {
      one.numerator == other.numerator && one.denominator == other.denominator
    }

    /// The rate of a byte at `price` for a GiB.
    init(byte price: Price) { self.init(Whole(UInt128(price.units) * 1000)) }

    /// The rate of an object at `price` for a thousand.
    init(thousandth price: Price) { self.init(Whole(UInt128(price.units) << 30)) }

    /// The rate of each of `bytes` whose prices go by steps: an equal share of what all cost.
    init(_ steps: [PriceStep], bytes: UInt128) {
      var cost = Whole(0)
      var below: UInt128 = 0
      for step in steps {
        let end = min(bytes, step.end.map { UInt128($0) } ?? .max)
        guard end > below || below == 0 else { break }
        cost = cost + Whole(end - below) * Whole(UInt128(step.price.units) * 1000)
        below = end
        // One price for all needs no fraction.
        if below == bytes, step == steps.first {
          self.init(byte: step.price)
          return
        }
      }
      self.init(cost, over: Whole(bytes))
    }
  }

  var all: [Rate] = []

  /// Ticks in one unit of the last decimal place of an amount with `places` decimals, at most 15.
  static func unit(places: Int) -> UInt128 {
    (places..<15).reduce(UInt128(1) << 30) { unit, _ in unit * 10 }
  }
}
