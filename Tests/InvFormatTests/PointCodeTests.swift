import InvFormat
import Testing

@Suite struct PointCodeTests {
  /// A code is that of a point when taking it apart and putting the values together gives it back, and
  /// each value is one of its dimension.
  @Test(
    arguments: [
      [1], [2], [3], [5, 13], [5, 1, 3], [1, 1], [4, 4], [5, 3, 4, 2], [1, 7], [7, 1], [3, 0, 2],
      [0], [8, 8, 8], [9, 5, 9],
    ])
  func containsPoints(sizes: [Int]) throws {
    let code = try PointCode(sizes: sizes)
    let wrong = (0..<UInt64(1 << 13)).filter { number in
      let values = sizes.indices.map { code.value($0, of: number) }
      let same = sizes.indices.reduce(0) { $0 | code.part($1, values[$1]) }
      let isPoint = same == number && zip(values, sizes).allSatisfy { $0 < UInt64($1) }
      return code.contains(number) != isPoint
    }
    #expect(wrong == [])
    #expect(!code.contains(.max) && !code.contains(1 << 63))
  }

  /// Where the dimensions take all 64 bits nothing is above them.
  @Test func containsPointsOfAllBits() throws {
    let half = try PointCode(sizes: [1 << 32, 1 << 32])
    #expect(half.contains(.max) && half.contains(0) && half.contains(1 << 63))
    let odd = try PointCode(sizes: [5, 1 << 61])
    #expect(odd.contains(4 << 61 | (1 << 61) - 1) && !odd.contains(5 << 61))
    #expect(!odd.contains(.max))
    let low = try PointCode(sizes: [1 << 61, 5])
    #expect(low.contains(4) && !low.contains(5) && low.contains(.max << 3 | 4))
    #expect(!low.contains(.max << 3 | 5) && !low.contains(.max))
  }
}
