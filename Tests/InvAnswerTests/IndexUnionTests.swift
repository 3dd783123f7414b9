import InvBytes
import InvFormat
import InvSystem
import Testing

@testable import InvAnswer

/// Several indexes answer what one index of all their rows answers.
@Suite struct IndexUnionTests {
  private static let clauses: [(isScan: Bool, text: String?)] = [
    (false, nil), (true, nil), (false, "class=GLACIER"), (false, "state=noncurrent"),
    (false, "size=1MiB..,class=STANDARD,"), (true, "age=unknown"),
    (true, "owner=1000,1004,age=1y.."),
    (true, "state=directory"),
  ]

  private func withUnion(
    _ trees: [GeneratedTree], _ indexes: [Index] = [], isMixed: Bool = true,
    _ body: ([Index]) throws -> Void
  ) throws {
    guard let tree = trees.first else { return try body(indexes) }
    try tree.withIndex(isRaw: isMixed && indexes.count == 1) { index in
      try withUnion(Array(trees.dropFirst()), indexes + [index], isMixed: isMixed, body)
    }
  }

  @Test(arguments: GeneratedTree.Kind.allCases, [false, true])
  func equalsOneIndex(kind: GeneratedTree.Kind, isScan: Bool) throws {
    let tree = try GeneratedTree(kind, seed: 20_261_121, isScan: isScan)
    let count = isScan ? 2 : 3
    try withUnion([tree] + tree.parts(count, seed: 7)) { indexes in
      let parts = try IndexUnion(Array(indexes.dropFirst()))
      let whole = IndexUnion(indexes[0])
      #expect(parts.schema.words == tree.schema.words && parts.code == tree.code)
      for clause in Self.clauses where clause.isScan == isScan {
        let selection = try clause.text.map {
          try Selection(try WhereClause(Array($0.utf8)), in: tree.schema)
        }
        let one = Questions(whole, selection)
        let several = Questions(parts, selection)
        let wrong = try Self.some(of: tree.prefixes).filter {
          try one.entry($0) != several.entry($0)
        }
        #expect(wrong == [], "\(clause.text ?? "no clause")")
        for prefix in [[], tree.prefixes[tree.prefixes.count / 2], tree.prefixes.last ?? []] {
          for (name, listing) in Self.listings {
            let (these, those) = (
              try one.listed(listing, prefix, boundaries: 1),
              try several.listed(listing, prefix, boundaries: count)
            )
            #expect(these == those, "\(name), \(clause.text ?? "no clause")")
          }
          #expect(try one.outermost(prefix) == several.outermost(prefix))
        }
      }
      #expect(try parts.find(Array("nothing like it/".utf8)) == nil)
      #expect(
        try parts.nearest(Array("a/nothing/".utf8)) == whole.nearest(Array("a/nothing/".utf8)))
    }
  }

  /// All of a few, and a part of many.
  private static func some(of prefixes: [[UInt8]]) -> [[UInt8]] {
    let step = 1 + prefixes.count / 60
    return prefixes.enumerated().filter { $0.offset % step == 0 }.map(\.element)
  }

  private static let listings: [(String, Listing)] = {
    var listings: [(String, Listing)] = []
    func add(_ name: String, _ change: (inout Listing) -> Void) {
      var listing = Listing()
      change(&listing)
      listings.append((name, listing))
    }
    for key in Listing.Key.allCases where ![.prefixes, .cost].contains(key) {
      add("children by \(key)") { $0.key = key }
    }
    for scope in [Listing.Scope.children(2), .tree(3), .all] {
      for key in [Listing.Key.bytes, .name] {
        add("\(scope) by \(key)") { ($0.scope, $0.key) = (scope, key) }
      }
      add("\(scope), the last 5") {
        ($0.scope, $0.isReversed, $0.top, $0.limit) = (scope, true, 5, 8)
      }
    }
    add("leaves") { ($0.scope, $0.isLeavesOnly) = (.all, true) }
    add("large") { ($0.scope, $0.least.bytes, $0.most.objects) = (.all, 1 << 30, 20) }
    add("of one class") { ($0.scope, $0.single) = (.all, [1]) }
    add("deep") { ($0.scope, $0.leastDepth, $0.mostDepth) = (.all, 2, 3) }
    add("old") { ($0.scope, $0.isOlderThan) = (.all, [900_000_000]) }
    add("new") { ($0.scope, $0.isNewerThan, $0.key) = (.all, [900_000_000], .name) }
    return listings
  }()

  @Test func eachAgeIsOfItsOwnSnapshot() throws {
    let tree = try GeneratedTree(.bushy, seed: 5)
    try withUnion(tree.parts(2, seed: 8)) { indexes in
      let union = try IndexUnion(indexes)
      let questions = Questions(union, nil)
      var listing = Listing()
      (listing.scope, listing.key) = (.all, .name)
      let all = try questions.listed(listing, [], boundaries: 1).map(\.name)
      // What is in both is old where both say so, and new where one does.
      let bounds: [Int64] = [600_000_000, 1_200_000_000]
      func newest(_ name: [UInt8]) throws -> [Int64?] {
        try indexes.map { index in
          try index.find(name).flatMap {
            try EntryReader(index, nil, below: 0).figures($0).newest
          }
        }
      }
      listing.isOlderThan = bounds
      let old = try all.filter { name in
        let times = try newest(name)
        return times.contains { $0 != nil }
          && zip(times, bounds).allSatisfy { $0.map { [bound = $1] in $0 < bound } ?? true }
      }
      #expect(try questions.listed(listing, [], boundaries: nil).map(\.name) == old)
      (listing.isOlderThan, listing.isNewerThan) = (nil, bounds)
      let new = try all.filter { name in
        zip(try newest(name), bounds).contains { $0.map { [bound = $1] in $0 >= bound } ?? false }
      }
      #expect(try questions.listed(listing, [], boundaries: nil).map(\.name) == new)
      #expect(!old.isEmpty && !new.isEmpty)
    }
  }

  @Test func refusals() throws {
    let tree = try GeneratedTree(.bushy, seed: 5)
    let parts = try tree.parts(2, seed: 1)
    func refusal(_ trees: [GeneratedTree], _ dimension: String? = nil) throws -> String {
      var sentence = ""
      try withUnion(trees, isMixed: false) { indexes in
        do throws(Failure) {
          let union = try IndexUnion(indexes)
          if let dimension { try union.require(dimension) }
        } catch { sentence = error.sentence }
      }
      return sentence
    }
    #expect(try refusal([parts[0], parts[0]]).contains("are the same index"))
    #expect(try refusal(parts) == "")
    #expect(
      try refusal([parts[0], parts[1].changed { $0.ageOf = .accessed }]).contains("accessed"))
    let edges = (0..<12).map { UInt64($0 * 100) }
    let other = parts[1].changed {
      $0.dimensions[3] = Dimension("age", .band(edges, unknown: true))
    }
    #expect(try refusal([parts[0], other]) == "")
    #expect(try refusal([parts[0], other], "class") == "")
    #expect(try refusal([parts[0], other], "age").contains("dimension 'age' has other values"))
    let renamed = parts[1].changed { $0.dimensions[1] = Dimension("kind", .word) }
    #expect(try refusal([parts[0], renamed], "kind").contains("has none"))
    #expect(try refusal([parts[0], renamed], "class").contains("has none"))
  }
}

/// What can be asked of an index or of several, as something to compare.
private struct Questions {
  let union: IndexUnion
  let selection: Selection?

  init(_ union: IndexUnion, _ selection: Selection?) {
    (self.union, self.selection) = (union, selection)
  }

  struct Listed: Equatable {
    let name: [UInt8]
    let level: Int
  }

  struct Entry: Equatable {
    var figures: [Figures] = []
    var cells: [[Cell]] = []
    var single: [Int?] = []
    var parts: [[Breakdown.Entry]] = []
    var depth: UInt64 = 0
    var directPrefixes: UInt64 = 0
    var accessed: [Int64?] = []
    var isLeft = false
  }

  func entry(_ prefix: [UInt8]) throws -> Entry? {
    guard let position = try union.find(prefix) else { return nil }
    let reader = UnionReader(union, selection, below: position)
    var entry = Entry()
    entry.figures = [try reader.figures(position), try reader.ownFigures(position)]
    // Those of several indexes are added, whether they are the same or not.
    for place in 0..<2 { entry.figures[place].prefixes = 0 }
    entry.cells = [try reader.cells(position), try reader.cells(position, own: true)]
    entry.single = [
      try reader.single(position, in: 1), try reader.single(position, in: 1, own: true),
    ]
    let names = ValueNames(union.schema, nil)
    for by in [[union.schema.dimensions[1].name], ["state", "size"]] {
      let order = BreakdownOrder(key: .bytes, isReversed: false, top: 2, hasTotal: true)
      for order in [nil, order] {
        let breakdown = try Breakdown(by, in: union, selection, names, order: order)
        entry.parts.append(try breakdown.entries(reader, position))
      }
    }
    entry.depth = try reader.depth(position)
    entry.directPrefixes = try reader.directPrefixes(position)
    entry.accessed = [try reader.accessed(position), try reader.accessed(position, own: true)]
    entry.isLeft = try reader.isLeft(position)
    return entry
  }

  /// The names in the order of a listing, whose bounds hold for so many indexes, with their levels.
  func listed(_ listing: Listing, _ prefix: [UInt8], boundaries: Int?) throws -> [Listed] {
    var listing = listing
    if let boundaries {
      listing.isOlderThan = listing.isOlderThan.map { Array(repeating: $0[0], count: boundaries) }
      listing.isNewerThan = listing.isNewerThan.map { Array(repeating: $0[0], count: boundaries) }
    }
    let position = try #require(try union.find(prefix))
    let names = UnionNames(union)
    var listed: [Listed] = []
    let lister = Lister(listing, UnionReader(union, selection, below: position), isKeeping: false)
    try lister.forEach(below: position) { entry throws(Failure) in
      do throws(FormatError) { try names.move(to: entry.position) } catch {
        throw union.failure(error)
      }
      listed.append(Listed(name: names.prefix, level: entry.level))
    }
    return listed
  }

  /// The entries one and two levels below that are not below each other.
  func outermost(_ prefix: [UInt8]) throws -> [[UInt8]] {
    let position = try #require(try union.find(prefix))
    let reader = UnionReader(union, selection, below: position)
    var entries = OutermostEntries()
    for levels in [2, 1, 2] {
      var listing = Listing()
      listing.scope = .children(levels)
      try Lister(listing, reader).forEach(below: position) { entries.add($0.position) }
    }
    let names = UnionNames(union)
    return try entries.removeAll(reader).map {
      try names.move(to: $0)
      return names.prefix
    }
  }
}
