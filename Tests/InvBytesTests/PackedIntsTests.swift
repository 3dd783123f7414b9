import InvBytes
import Testing

@Suite struct PackedIntsTests {
  private func packed(_ values: [UInt64], absent: Int64? = nil) -> (PackedInts, [UInt8]) {
    let packing =
      if let absent {
        Packing(signed: values.span, absent: absent)
      } else {
        Packing(unsigned: values.span)
      }
    // Bytes that are not zero show what is written where it should not be.
    var bytes = [UInt8](repeating: 0xaa, count: 3 + values.count * packing.width + 8)
    packing.write(values.span, absent: absent, to: &bytes, at: 3)
    #expect(Array(bytes[..<3]) == [0xaa, 0xaa, 0xaa])
    let ints = PackedInts(
      offset: 3, width: packing.width, count: values.count, base: packing.base)
    return (ints, bytes)
  }

  @Test(arguments: 0...8)
  func everyWidth(width: Int) {
    let range: UInt64 = width == 8 ? .max : (1 << (8 * UInt64(width))) - 1
    for base: UInt64 in [0, 1, 255, 1 << 40] where width < 8 || base == 0 {
      let values = [base, base &+ range, base &+ range / 2, base, base &+ range]
      let (ints, bytes) = packed(values)
      #expect(ints.width == (range == 0 ? 0 : width))
      #expect(ints.base == base)
      let read = values.indices.map { ints.value($0, in: bytes.raw) }
      #expect(read == values)
      let greatest = ints.greatest(in: bytes.raw)
      #expect(greatest == base &+ range)
    }
  }

  @Test func widthGrowsAtPowersOf256() {
    for power in 1..<8 {
      let limit = UInt64(1) << (8 * UInt64(power))
      #expect(packed([0, limit - 1]).0.width == power)
      #expect(packed([0, limit]).0.width == power + 1)
    }
  }

  @Test func noValues() {
    let (ints, bytes) = packed([])
    #expect(ints.width == 0)
    let greatest = ints.greatest(in: bytes.raw)
    #expect(greatest == 0)
  }

  @Test func signedExtremesAndAbsent() {
    let absent = Int64.min
    for values: [Int64] in [
      [absent], [absent, absent], [0, absent], [-1, 1, absent], [.max, absent],
      [.min + 1, absent, .max], [.min + 1, .max - 1], [5, 5, 5],
      [-62_135_596_800, 253_402_300_799],
    ] {
      let words = values.map { UInt64(bitPattern: $0) }
      let (ints, bytes) = packed(words, absent: absent)
      let read = values.indices.map { ints.signed($0, in: bytes.raw, absent: absent) }
      #expect(read == values)
    }
    #expect(packed([UInt64(bitPattern: absent)], absent: absent).0.width == 0)
    #expect(packed([7], absent: absent).0.width == 1)
  }

  @Test func greatestDoesNotWrap() {
    let bytes: [UInt8] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    let ints = PackedInts(offset: 0, width: 1, count: 2, base: .max)
    let greatest = ints.greatest(in: bytes.raw)
    #expect(greatest == .max)
    let wrapped = ints.value(1, in: bytes.raw)
    #expect(wrapped == 0)
  }
}
