import InvText
import TestSupport
import Testing

@Suite struct PercentCodingTests {
  typealias Decoded = PercentCoding.Decoded

  /// What the kernel makes of `text`, in other memory and in place.
  func kernel(_ text: [UInt8], plus: Bool) -> [Decoded] {
    [false, true].map { inPlace in
      var output = inPlace ? text : [UInt8](repeating: 0xee, count: text.count)
      var input = text
      let (count, malformed) = unsafe output.withUnsafeMutableBytes { output in
        unsafe input.withUnsafeMutableBytes { input in
          let source = unsafe UnsafeRawBufferPointer(inPlace ? output : input)
          return unsafe PercentCoding.decode(source, into: output, plus: plus)
        }
      }
      return Decoded(bytes: Array(output[..<count]), malformed: malformed)
    }
  }

  func check(_ text: String, _ bytes: String, _ malformed: Int = 0, plus: Bool = true) {
    let expected = Decoded(bytes: Array(bytes.utf8), malformed: malformed)
    #expect(PercentCoding.decoded(Array(text.utf8), plus: plus) == expected)
    #expect(kernel(Array(text.utf8), plus: plus) == [expected, expected])
  }

  @Test func decodes() {
    check("", "")
    check("plain/key.txt", "plain/key.txt")
    check("hive/dt%3D2024-05-07/a+b%2Bc", "hive/dt=2024-05-07/a b+c")
    check("a+b%2Bc", "a+b+c", plus: false)
    check("%e9%C3%A9".replacing("%e9", with: "%c3%a9"), "éé")
    check("%00%0a%22%2c%1e", "\0\n\",\u{1e}")
    check("%2525", "%25")
  }

  @Test func malformedIsKept() {
    check("%", "%", 1)
    check("%4", "%4", 1)
    check("%zz", "%zz", 1)
    check("%4g%%41", "%4g%A", 2)
    check("100%+sure%2", "100% sure%2", 2)
    check("0123456789%", "0123456789%", 1)
    check("%-1%+1% 1", "%-1% 1% 1", 3)
  }

  @Test func everyPairOfDigits() {
    for high in UInt8.min ... .max {
      for low in UInt8.min ... .max {
        let text = [0x25, high, low]
        let decoded = PercentCoding.decoded(text)
        #expect(kernel(text, plus: true) == [decoded, decoded])
      }
    }
  }

  @Test func kernelEqualsTwin() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let alphabet =
      Array("%%%++2B4fFg/ax\u{a5}".utf8) + [0x24, 0x26, 0x2a, 0x2c, 0xa5, 0xab, 0xff, 0]
    for _ in 0..<20_000 {
      let sparse = Bool.random(using: &generator)
      let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        sparse && Int.random(in: 0...5, using: &generator) > 0
          ? UInt8(0x61) : alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      for plus in [true, false] {
        let decoded = PercentCoding.decoded(text, plus: plus)
        #expect(kernel(text, plus: plus) == [decoded, decoded], "seed \(seed)")
      }
    }
  }

  @Test func encodesReversibly() {
    #expect(
      PercentCoding.encoded(Array("a/b-._~ +=é".utf8)) == Array("a/b-._~%20%2B%3D%C3%A9".utf8))
    let all = (UInt8.min ... .max).map { $0 }
    let text = PercentCoding.encoded(all)
    for plus in [true, false] {
      #expect(PercentCoding.decoded(text, plus: plus) == Decoded(bytes: all, malformed: 0))
    }
  }
}
