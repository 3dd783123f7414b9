import InvBytes
import Testing

@testable import InvSource

@Suite struct ScanNumbersTests {
  /// Every count of digits before every byte, against the plain way.
  @Test func numbersAreThoseOfThePlainWay() {
    var wrong: [[UInt8]] = []
    for count in 0...22 {
      for digit in UInt8(0x30)...0x39 {
        for stop in UInt8.min...UInt8.max where !(0x30...0x39).contains(stop) {
          let digits = [UInt8](repeating: digit, count: count)
          let bytes = [0x20] + digits + [stop] + [UInt8](repeating: 0x39, count: 40)
          var value: UInt64 = 0
          let end = bytes.raw.number(1, &value)
          let plain = UInt64(String(decoding: digits, as: UTF8.self))
          let isRight = plain.map { end == count + 1 && value == $0 } ?? (end == -1)
          if !isRight { wrong.append(digits + [stop]) }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func eachDigitCounts() {
    for text in ["1", "12", "123", "1234567", "12345678", "123456789", "12345678901234567890"] {
      let bytes = Array(text.utf8) + [UInt8](repeating: 0x20, count: 40)
      var value: UInt64 = 0
      #expect(bytes.raw.number(0, &value) == text.utf8.count)
      #expect(String(value) == text)
    }
  }

  @Test func findsTheFirstByte() {
    var wrong: [[Int]] = []
    for length in 0...150 {
      for place in 0...length {
        for (byte, other) in [(UInt8(0x20), UInt8(0x21)), (0, 1), (0xff, 0x7f), (0x80, 0)] {
          var bytes = [UInt8](repeating: other, count: length + 65)
          bytes[place] = byte
          bytes[place + 1] = byte
          let first = min(place, length)
          if bytes.raw.place(of: byte, 0, length) != first
            || bytes.raw.end(of: byte, 0, length) != first
          {
            wrong.append([length, place, Int(byte)])
          }
        }
      }
    }
    #expect(wrong.isEmpty)
  }
}
