import InvAnswer
import InvFormat
import InvSystem
import InvText
import Testing

/// What an index of a filesystem answers of owners, groups, directories and ages is what a plain scan of
/// the rows answers.
@Suite struct GeneratedScanTests {
  private static let kinds = GeneratedTree.Kind.allCases.filter { $0 != .empty }

  @Test(arguments: kinds)
  func equalsAScan(kind: GeneratedTree.Kind) throws {
    let tree = try GeneratedTree(kind, seed: 20_261_122, isScan: true)
    try tree.withIndex(isRaw: false) { index in
      let reader = UnionReader(IndexUnion(index), nil, below: 0)
      let wrong = try tree.prefixes.enumerated().filter { position, prefix in
        let scan = PlainScan(tree, prefix)
        return try reader.directPrefixes(position) != scan.directPrefixes
          || reader.accessed(position) != scan.times.max()
          || reader.accessed(position, own: true) != scan.ownTimes.max()
          || reader.single(position, in: 1) != scan.single(1, scan.cells)
          || reader.single(position, in: 2) != scan.single(2, scan.cells)
          || reader.single(position, in: 1, own: true) != scan.single(1, scan.own)
          || parts(reader, position, own: false) != scan.sums(scan.cells)
          || parts(reader, position, own: true) != scan.sums(scan.own)
      }
      #expect(wrong.map(\.element) == [])
    }
  }

  /// The cells that come in parts, each once.
  private func parts(_ reader: UnionReader, _ position: Int, own: Bool) throws -> [UInt64: Cell] {
    var sums: [UInt64: Cell] = [:]
    var isOnce = true
    try reader.readParts(position, own: own) { cells in
      for index in cells.indices {
        isOnce = sums.updateValue(cells[index], forKey: cells[index].code) == nil && isOnce
      }
    }
    #expect(isOnce)
    return sums
  }

  @Test(
    arguments: [
      ["owner"], ["group"], ["age"], ["size"], ["state"], ["age", "owner"], ["owner", "age"],
      ["group", "state"],
    ])
  func breakdownsAreSums(names: [String]) throws {
    let tree = try GeneratedTree(.bushy, seed: 20_261_123, isScan: true)
    try tree.withIndex(isRaw: false) { index in
      let places = names.map { name in tree.schema.dimensions.firstIndex { $0.name == name } ?? 0 }
      for text in [nil, "owner=1000,1004,1400", "age=1y..", "group=wheel,size=1MiB.."] {
        let selection = try text.map {
          try Selection(try WhereClause(Array($0.utf8)), in: tree.schema)
        }
        let breakdown = try Breakdown(
          names, in: IndexUnion(index), selection, ValueNames(tree.schema, nil))
        let reader = UnionReader(IndexUnion(index), selection, below: 0)
        for position in [0, tree.prefixes.count / 2, tree.prefixes.count - 1] {
          let scan = PlainScan(tree, tree.prefixes[position])
          var sums: [[Int]: (objects: UInt64, bytes: UInt64)] = [:]
          for cell in scan.cells where selection?.matches(cell.code, tree.code) ?? true {
            if tree.code.value(0, of: cell.code) != 0, !names.contains("state") { continue }
            let key = places.map { Int(tree.code.value($0, of: cell.code)) }
            sums[key, default: (0, 0)].objects += cell.objects
            sums[key, default: (0, 0)].bytes += cell.bytes
          }
          let entries = try breakdown.entries(reader, position)
          #expect(entries.map { $0.values.compactMap(\.self) } == sums.keys.sorted(by: precedes))
          #expect(
            entries.allSatisfy { entry in
              let sum = sums[entry.values.compactMap(\.self)]
              return sum?.objects == entry.objects && sum?.bytes == entry.bytes
            })
        }
      }
    }
  }

  private func precedes(_ one: [Int], _ other: [Int]) -> Bool {
    one.lexicographicallyPrecedes(other)
  }

  @Test func filtersAreThoseOfAScan() throws {
    let tree = try GeneratedTree(.bushy, seed: 20_261_124, isScan: true)
    try tree.withIndex(isRaw: false) { index in
      let scans = tree.prefixes.dropFirst().map { (prefix: $0, scan: PlainScan(tree, $0)) }
      func check(
        _ selection: Selection?, _ change: (inout Listing) -> Void,
        _ isWanted: ([UInt8], PlainScan) -> Bool
      ) throws {
        var listing = Listing()
        (listing.scope, listing.key) = (.all, .name)
        change(&listing)
        var found: [[UInt8]] = []
        try Lister(listing, UnionReader(IndexUnion(index), selection, below: 0)).forEach(below: 0) {
          found.append(tree.prefixes[$0.position])
        }
        let wanted = scans.filter { isWanted($0.prefix, $0.scan) }.map(\.prefix)
        #expect(found == wanted)
        #expect(!wanted.isEmpty && wanted.count < scans.count)
      }
      try check(nil) {
        $0.single = [1]
      } _: {
        $1.single(1, $1.cells) != nil
      }
      try check(nil) {
        ($0.leastDepth, $0.mostDepth) = (2, 3)
      } _: { name, _ in
        (2...3).contains(name.count { $0 == 0x2f })
      }
      try check(nil) {
        ($0.leastAverage, $0.mostAverage) = (1000, 1 << 30)
      } _: { _, scan in
        let (objects, bytes) = scan.current
        return objects > 0 && bytes >= 1000 * objects && bytes <= objects << 30
      }
      try check(nil) {
        $0.isAccessedBefore = [1_500_000_000]
      } _: { _, scan in
        scan.times.max().map { $0 < 1_500_000_000 } ?? false
      }
      try check(nil) {
        $0.isAccessedAfter = [1_700_000_000]
      } _: { _, scan in
        scan.times.max().map { $0 >= 1_700_000_000 } ?? false
      }
      let mine = try Selection(try WhereClause(Array("owner=1000,1004,1400".utf8)), in: tree.schema)
      let ages = try #require(AgeBands(tree.schema, of: .accessed))
      let band = try ages.band(.days(365), "--accessed-before", "--owner")
      #expect(AgeBands(tree.schema, of: .modified) == nil)
      func youngest(_ scan: PlainScan) -> UInt64? {
        scan.cells.filter { tree.code.value(0, of: $0.code) == 0 }
          .filter { mine.matches($0.code, tree.code) }
          .map { tree.code.value(4, of: $0.code) }.filter { $0 < 12 }.min()
      }
      try check(mine) {
        $0.leastAge = (ages, band)
      } _: { _, scan in
        youngest(scan).map { $0 >= 5 } ?? false
      }
      try check(mine) {
        $0.ageBelow = (ages, band)
      } _: { _, scan in
        youngest(scan).map { $0 < 5 } ?? false
      }
    }
  }
}

/// What rows at and below a prefix have.
private struct PlainScan {
  let tree: GeneratedTree
  var cells: [Cell] = []
  var own: [Cell] = []
  var times: [Int64] = []
  var ownTimes: [Int64] = []
  var directPrefixes: UInt64 = 0

  init(_ tree: GeneratedTree, _ prefix: [UInt8]) {
    self.tree = tree
    for (name, row) in tree.rows where name.starts(with: prefix) {
      cells += row.cells.values
      times += row.times
    }
    own = (tree.rows[prefix]?.cells.values).map(Array.init) ?? []
    ownTimes = tree.rows[prefix]?.times ?? []
    directPrefixes = UInt64(
      tree.prefixes.count { name in
        name.count > prefix.count && name.starts(with: prefix)
          && name[prefix.count...].firstIndex(of: 0x2f) == name.count - 1
      })
  }

  /// Objects and bytes of current objects.
  var current: (objects: UInt64, bytes: UInt64) {
    cells.filter { tree.code.value(0, of: $0.code) == 0 }
      .reduce((0, 0)) { ($0.0 + $1.objects, $0.1 + $1.bytes) }
  }

  func single(_ place: Int, _ cells: [Cell]) -> Int? {
    let values = Set(
      cells.filter { tree.code.value(0, of: $0.code) == 0 }
        .map { tree.code.value(place, of: $0.code) })
    return values.count == 1 ? values.first.map { Int($0) } : nil
  }

  func sums(_ cells: [Cell]) -> [UInt64: Cell] {
    var sums: [UInt64: Cell] = [:]
    for cell in cells {
      let old = sums[cell.code]
      sums[cell.code] = Cell(
        code: cell.code, objects: cell.objects + (old?.objects ?? 0),
        bytes: cell.bytes + (old?.bytes ?? 0))
    }
    return sums
  }
}
