import TestSupport
import Testing

@testable import InvAnswer

@Suite struct WholeTests {
  /// By two ways of the standard library.
  @Test func agreesWithFullWidthArithmetic() {
    var generator = SeededGenerator(7)
    for _ in 0..<500 {
      let shift = UInt128.random(in: 0..<128, using: &generator)
      let one = UInt128.random(in: 0...(.max), using: &generator) >> shift
      let other = UInt128.random(in: 1...(.max), using: &generator) >> (shift / 2) | 1
      let product = Whole(one) * Whole(other)
      let (high, low) = one.multipliedFullWidth(by: other)
      let back = Whole(high) * Whole(1 << 64) * Whole(1 << 64) + Whole(low)
      #expect(product == back)
      let (quotient, remainder) = (product + Whole(other - 1))
        .quotientAndRemainder(dividingBy: Whole(other))
      #expect(quotient == Whole(one) && remainder == Whole(other - 1))
      #expect((product + Whole(one)) - product == Whole(one))
      #expect(String(decoding: Whole(one).digits, as: UTF8.self) == "\(one)")
      #expect(Whole(one).small == one)
      #expect((Whole(one) < Whole(other)) == (one < other))
    }
  }

  @Test func writesLongNumbers() {
    let big = Whole(.max) * Whole(.max)
    #expect(
      String(decoding: big.digits, as: UTF8.self)
        == "115792089237316195423570985008687907852589419931798687112530834793049593217025")
    #expect(big.small == nil)
    #expect(Whole(0).digits == [0x30])
    #expect(
      String(decoding: Whole(10_000_000_000_000_000_000).digits, as: UTF8.self)
        == "10000000000000000000")
  }
}

@Suite struct PriceTests {
  @Test(
    arguments: [
      ("0.023", 23_000_000_000), ("1", 1_000_000_000_000), ("0.000000000001", 1), ("0", 0),
      ("00.50", 500_000_000_000), ("18446744.073709551615", .max),
    ] as [(String, UInt64)])
  func reads(_ text: String, _ units: UInt64) {
    #expect(Price(Array(text.utf8))?.units == units)
  }

  @Test(arguments: [
    "", ".", "1.", ".5", "-1", "+1", "1e3", "0.0000000000001", "18446744.073709551616", " 1", "1,5",
    "1.2.3", "0x1", "999999999999999999999",
  ])
  func refuses(_ text: String) { #expect(Price(Array(text.utf8)) == nil) }

  @Test(arguments: ["0.023", "1", "0.000000000001", "18446744.073709551615", "0", "20.5"])
  func writes(_ text: String) { #expect(Price(Array(text.utf8))?.text == text) }
}
