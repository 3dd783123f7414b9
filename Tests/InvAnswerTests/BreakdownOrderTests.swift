import InvFormat
import InvSystem
import Testing

@testable import InvAnswer

@Suite struct BreakdownOrderTests {
  /// The rows of the root of a made tree, each as "what:value,value".
  private func rows(
    _ names: [String], key: BreakdownOrder.Key? = nil, isReversed: Bool = false, top: Int? = nil,
    hasTotal: Bool = false
  ) throws -> [Breakdown.Entry] {
    var rows: [Breakdown.Entry] = []
    let tree = try GeneratedTree(.bushy, seed: 20_261_125, isScan: true)
    try tree.withIndex(isRaw: false) { index in
      rows = try Breakdown(
        names, in: IndexUnion(index), nil, ValueNames(tree.schema, nil),
        order: BreakdownOrder(key: key, isReversed: isReversed, top: top, hasTotal: hasTotal)
      ).entries(UnionReader(IndexUnion(index), nil, below: 0), 0)
    }
    return rows
  }

  @Test func topAndOthersAreTheTotal() throws {
    let all = try rows(["owner"], key: .bytes)
    #expect(all.map(\.bytes) == all.map(\.bytes).sorted(by: >))
    #expect(all.allSatisfy { $0.row == .value })
    let top = try rows(["owner"], top: 3)
    #expect(top.map(\.row) == [.value, .value, .value, .others, .total])
    #expect(Array(top.prefix(3)) == Array(all.prefix(3)))
    #expect(top[3].objects == all.dropFirst(3).reduce(0) { $0 + $1.objects })
    #expect(top[3].bytes == all.dropFirst(3).reduce(0) { $0 + $1.bytes })
    #expect(top[4].bytes == all.reduce(0) { $0 + $1.bytes })
    #expect(top[3].values == [nil] && top[4].values == [nil])
    // Nothing is left: no others.
    #expect(try rows(["owner"], top: 100).map(\.row) == all.map(\.row) + [.total])
  }

  @Test func topOfEachOfTwo() throws {
    let plain = try rows(["age", "owner"])
    let top = try rows(["age", "owner"], top: 2)
    #expect(top.last?.row == .total && top.last?.values == [nil, nil])
    let ages = plain.map { $0.values[0] }
    for age in Set(ages) {
      let part = plain.filter { $0.values[0] == age }.sorted { $0.bytes > $1.bytes }
      let rows = top.filter { $0.row != .total && $0.values[0] == age }
      #expect(Array(rows.prefix(2)) == Array(part.prefix(2)))
      let others = rows.filter { $0.row == .others }
      #expect(others.map(\.values) == [[age, nil]])
      #expect(others.first?.bytes == part.dropFirst(2).reduce(0) { $0 + $1.bytes })
    }
    #expect(
      top.filter { $0.row == .others }.map { $0.values[0] } == Set(ages.compactMap(\.self)).sorted()
    )
  }

  @Test func orders() throws {
    let byName = try rows(["group"], key: .name).map { $0.values[0] }
    #expect(byName == [0, 1, 2])
    #expect(try rows(["group"], key: .name, isReversed: true).map { $0.values[0] } == [2, 1, 0])
    #expect(try rows(["group"], isReversed: true).map { $0.values[0] } == [2, 1, 0])
    let objects = try rows(["size"], key: .objects).map(\.objects)
    #expect(objects == objects.sorted(by: >))
    let least = try rows(["size"], key: .bytes, isReversed: true).map(\.bytes)
    #expect(least == least.sorted())
    let total = try rows(["size"], hasTotal: true)
    #expect(total.last?.row == .total && total.dropLast().allSatisfy { $0.row == .value })
    #expect(
      total.dropLast().map { $0.values[0] }
        == total.dropLast().map { $0.values[0] }.sorted { $0 ?? 0 < $1 ?? 0 })
  }

  @Test func whatIsBelowAnotherIsInThatOne() throws {
    // Entries 0 to 9: 1 holds 2 and 3, 4 holds 5 to 7 and 5 holds 6.
    let ends = [10, 4, 3, 4, 8, 7, 7, 8, 9, 10]
    func outermost(_ positions: [Int]) throws -> [Int] {
      var entries = OutermostEntries()
      for position in positions { entries.add(position) }
      let found = try entries.removeAll { ends[$0] }
      #expect(try entries.removeAll { ends[$0] } == [])
      return found
    }
    #expect(try outermost([]) == [])
    #expect(try outermost([6, 3, 1, 9, 2, 5]) == [1, 5, 9])
    #expect(try outermost([8, 8, 4, 7]) == [4, 8])
    #expect(try outermost([3, 0, 9]) == [0])
  }
}
