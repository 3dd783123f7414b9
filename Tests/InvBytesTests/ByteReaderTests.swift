import InvBytes
import Testing

@Suite struct ByteReaderTests {
  @Test func readsUpToTheEndAndNoFurther() throws {
    let bytes: [UInt8] = [1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9, 8]
    var reader = ByteReader(bytes.raw, start: 100)
    let (a, b) = (try reader.u8("x"), try reader.u16("x"))
    let (c, d) = (try reader.u32("x"), try reader.u64("x"))
    let rest = try reader.array(2, "x")
    let remaining = reader.remaining
    #expect((a, b, c) == (1, 2, 3))
    #expect(d == 4)
    #expect(rest == [9, 8])
    #expect(remaining == 0)
    var error: FormatError?
    do throws(FormatError) { _ = try reader.u8("the word") } catch let fault { error = fault }
    #expect(error == FormatError("the word ends too early", at: 117))
  }

  @Test func negativeAndHugeCountsAreRefused() {
    let bytes: [UInt8] = [1, 2]
    for count in [-1, 3, Int.max, Int.min] {
      var reader = ByteReader(bytes.raw)
      var isRefused = false
      do throws(FormatError) { _ = try reader.range(count, "x") } catch { isRefused = true }
      #expect(isRefused)
    }
  }

  private func common(_ a: [UInt8], _ b: [UInt8], from start: Int = 0) -> Int {
    commonPrefix(a.raw, b.raw, from: start)
  }

  private func isBefore(_ a: [UInt8], _ b: [UInt8]) -> Bool { precedes(a.raw, b.raw) }

  @Test func commonPrefixes() {
    for length in 0..<40 {
      let a = (0..<length).map { UInt8($0) }
      #expect(common(a, a) == length)
      #expect(!isBefore(a, a))
      for place in 0..<length {
        var b = a
        b[place] += 1
        #expect(common(a, b) == place)
        #expect(common(a, b, from: place / 2) == place)
        #expect(isBefore(a, b))
        #expect(!isBefore(b, a))
        let short = Array(a[..<place])
        #expect(common(a, short) == place)
        #expect(isBefore(short, a))
      }
    }
  }
}
