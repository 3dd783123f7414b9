import InvFormat
import TestSupport
import Testing

@testable import InvSort

@Suite struct PointTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func bandsEqualAPlainSearch(seed: UInt64) {
    var generator = SeededGenerator(seed)
    guard case .band(let sizes, unknown: false) = Dimension.size.axis,
      case .band(let days, unknown: true) = Dimension.age.axis
    else { return }
    let sizeBands = SizeBands(sizes)
    var values = sizes.flatMap { [$0, $0 &+ 1, $0 &- 1] } + [.max]
    for bits in 0..<64 {
      values.append(UInt64.random(in: 0...(.max >> UInt64(bits)), using: &generator))
    }
    for value in values {
      let expected = sizes.lastIndex { $0 <= value } ?? 0
      #expect(sizeBands.band(value) == UInt64(expected), "\(value)")
    }
    let ageBands = AgeBands(days)
    let unknown = UInt64(days.count)
    let snapshot = Int64.random(in: -1_000_000...2_000_000_000, using: &generator)
    #expect(ageBands.band(5, before: nil) == unknown)
    #expect(ageBands.band(absentInt, before: snapshot) == unknown)
    var ages: [Int64] = days.flatMap { day in
      let second = Int64(day) * 86_400
      return [second - 1, second, second + 1]
    }
    for _ in 0..<200 { ages.append(Int64.random(in: -9_000_000...400_000_000, using: &generator)) }
    for age in ages {
      let day = age < 0 ? 0 : UInt64(age / 86_400)
      let expected = days.lastIndex { $0 <= day } ?? 0
      #expect(ageBands.band(snapshot - age, before: snapshot) == UInt64(expected), "\(age)")
    }
    #expect(ageBands.band(.min + 1, before: snapshot) == unknown - 1)
    #expect(ageBands.band(.max, before: snapshot) == 0)
    #expect(ageBands.band(.max, before: .min + 1) == 0)
  }

  /// Words come a few at a time, and points keep their numbers while their codes grow.
  @Test func pointsOutliveAnyNumberOfWords() throws {
    let words = 66_000
    var rows: [SampleRow] = []
    var generator = SeededGenerator(11)
    for word in 0..<words {
      for row in sampleRows(1, seed: UInt64(word % 50)) {
        var row = row
        row.key = Array("d\(word % 5000)/f".utf8)
        row.storageClass = "w\(word)"
        rows.append(row)
        if word % 7 == 0 {
          row.storageClass = "w\(Int.random(in: 0...word, using: &generator))"
          rows.append(row)
        }
      }
    }
    let folder = try TestFolder()
    let path = try foldAndMerge([rows], in: folder).path
    #expect(try readPrefixes(path) == scan(rows))
  }

  @Test func manyDimensionsOfFewWords() throws {
    let schema = ObjectSchema([.state, .size], words: (0..<12).map { "w\($0)" })
    let dimensions = [Dimension.state, .size] + (0..<12).map { Dimension("w\($0)", .word) }
    var points = try RowPoints(dimensions, schema: schema, ageOf: .modified)
    for place in 3..<15 { try points.hold(9, wordsAt: place) }
    #expect(throws: (any Error).self) {
      for place in 3..<15 { try points.hold(60, wordsAt: place) }
    }
  }
}
