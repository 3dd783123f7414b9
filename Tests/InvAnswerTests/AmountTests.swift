import TestSupport
import Testing

@testable import InvAnswer

@Suite struct AmountTests {
  private func amount(_ units: [UInt128], _ rates: [Rates.Rate]) -> Amount {
    var all = Rates()
    all.all = rates
    var amount = Amount(all)
    for (place, count) in units.enumerated() { amount.bill(count, at: place) }
    return amount
  }

  /// One unit is a cent.
  private let cent = Rates.Rate(Whole(Rates.unit(places: 2)))

  @Test(
    arguments: [
      (0, "0.00", "0.00"), (1, "0.01", "0.01"), (100, "1.00", "1.00"),
      (123_456_789, "1234567.89", "1,234,567.89"), (99_999, "999.99", "999.99"),
      (100_000, "1000.00", "1,000.00"),
    ] as [(UInt128, String, String)])
  func writes(cents: UInt128, text: String, grouped: String) {
    #expect(amount([cents], [cent]).text() == text)
    #expect(amount([cents], [cent]).text(grouped: true) == grouped)
  }

  @Test func halvesGoUpAndAllLessGoesDown() {
    let half = Rates.Rate(Whole(Rates.unit(places: 2)), over: Whole(2))
    #expect(amount([1], [half]).text() == "0.01")
    // A tick's fraction less than half a cent.
    let less = Rates.Rate(Whole(Rates.unit(places: 2) * 500 - 1), over: Whole(1000))
    #expect(amount([1], [less]).text() == "0.00")
    #expect(amount([1], [half]).text(places: 0) == "0")
    #expect(amount([99], [half]).text(places: 0) == "0")
    #expect(amount([100], [half]).text(places: 0) == "1")
  }

  /// Thirds and sevenths that add up to a half exactly, which no rounding on the way would give.
  @Test func fractionsAddUpBeforeTheyAreRounded() {
    let unit = Rates.unit(places: 2)
    let third = Rates.Rate(Whole(unit), over: Whole(6))
    let seventh = Rates.Rate(Whole(unit), over: Whole(14))
    #expect(amount([1, 0], [third, seventh]).text() == "0.00")
    #expect(amount([2, 2], [third, seventh]).text() == "0.00")
    #expect(amount([1, 5], [third, seventh]).text() == "0.01")  // 11/21
    #expect(amount([2, 1], [third, seventh]).text() == "0.00")  // 17/42
    #expect(amount([3, 0], [third, seventh]).text() == "0.01")  // 1/2
    #expect(amount([0, 7], [third, seventh]).text() == "0.01")  // 1/2
  }

  /// The quick way must say what the exact one says.
  @Test func roundsAsTheExactFractionDoes() {
    var generator = SeededGenerator(11)
    for _ in 0..<300 {
      let rates = (0..<4).map { _ in
        Rates.Rate(
          Whole(UInt128.random(in: 0...(.max), using: &generator) >> 30),
          over: Whole(UInt128.random(in: 1...(1 << 60), using: &generator)))
      }
      let units = (0..<4).map { _ in
        UInt128(UInt64.random(in: 0...(.max), using: &generator) >> 20)
      }
      let amount = amount(units, rates)
      let (top, bottom) = amount.fraction
      for places in [0, 2, 6, 15] {
        let unit = Whole(Rates.unit(places: places)) * bottom
        let rounded = amount.rounded(places: places)
        // |2 rounded unit - 2 top| <= unit
        let (two, double) = (rounded * unit + rounded * unit, top + top)
        #expect(two + unit > double)
        #expect(two <= double + unit)
      }
    }
  }
}
