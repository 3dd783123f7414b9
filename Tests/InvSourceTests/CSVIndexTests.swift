import InvBytes
import TestSupport
import Testing

@testable import InvSource

@Suite struct CSVIndexTests {
  /// What the kernel finds in whole blocks of 64 bytes.
  func kernel(_ text: [UInt8]) -> (opens: [Int], newlines: Int)? {
    var opens = [UInt32](repeating: 0, count: text.count + 64)
    let found = unsafe opens.withUnsafeMutableBufferPointer { opens in
      unsafe text.withUnsafeBytes { unsafe CSVIndex.scan($0, into: opens) }
    }
    return found.map { (opens[..<$0.opens].map(Int.init), $0.newlines) }
  }

  func isSame(_ text: [UInt8]) -> Bool {
    let (a, b) = (kernel(text), CSVIndex.scanPlainly(text))
    return a?.opens == b?.opens && a?.newlines == b?.newlines
  }

  @Test func kernelIsItsTwin() {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    var regular = 0
    for _ in 0..<1000 {
      // Mostly regular rows, with bytes changed here and there.
      var text: [UInt8] = []
      while text.count < 400 {
        for field in 0..<3 {
          text.append(quote)
          for _ in 0..<Int.random(in: 0...12, using: &dice) {
            text.append(Array("abc,\n%".utf8).randomElement(using: &dice) ?? 0)
          }
          text += [quote, field == 2 ? newline : comma]
        }
      }
      text.removeLast(text.count % 64)
      for _ in 0..<Int.random(in: 0...2, using: &dice) {
        let place = Int.random(in: 0..<text.count, using: &dice)
        text[place] = [quote, comma, newline, 0x61].randomElement(using: &dice) ?? 0
      }
      #expect(isSame(text), "seed \(seed)")
      if kernel(text) != nil { regular += 1 }
    }
    #expect(regular > 100 && regular < 1000, "seed \(seed)")
  }

  @Test func kernelIsItsTwinOnNoise() {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    let choice = [quote, quote, comma, newline]
    for _ in 0..<2000 {
      let text = (0..<64).map { _ in choice[Int.random(in: 0..<4, using: &dice)] }
      #expect(isSame(text), "seed \(seed)")
    }
  }

  @Test func moreThanEightFieldsInABlock() {
    let text = Array(String(repeating: #""","#, count: 128).utf8)
    #expect(kernel(text)?.opens == (0..<128).map { $0 * 3 })
  }

  @Test func wholeRowsOnly() {
    let row = #""b","key","1""# + "\n"
    let text = Array(String(repeating: row, count: 12).utf8)
    var index = CSVIndex()
    let rows = index.rows(of: 3, in: text, 0..<text.count)
    #expect(rows == text.count / 64 * 64 / row.utf8.count)
    #expect(Int(index.opens[rows * 3]) == rows * row.utf8.count)
    // Rows of another width, a newline where a comma belongs, one within a field.
    #expect(index.rows(of: 2, in: text, 0..<text.count) == 0)
    var other = text
    other[3] = newline
    #expect(index.rows(of: 3, in: other, 0..<other.count) == 0)
    other = text
    other[6] = newline
    #expect(index.rows(of: 3, in: other, 0..<other.count) == 0)
    #expect(index.rows(of: 3, in: text, 0..<63) == 0)
    #expect(index.rows(of: 3, in: text, 1..<text.count) == 0)
  }

  @Test func bitsOfAMask() {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    for _ in 0..<1000 {
      var lanes = SIMD16<UInt8>()
      for place in lanes.indices { lanes[place] = UInt8.random(in: 0...3, using: &dice) }
      let mask = lanes .== SIMD16<UInt8>(repeating: 2)
      let plain = lanes.indices.reduce(UInt64(0)) { lanes[$1] == 2 ? $0 | 1 << UInt64($1) : $0 }
      #expect(bits(mask) == plain && bitsPlainly(mask) == plain, "seed \(seed)")
    }
  }
}
