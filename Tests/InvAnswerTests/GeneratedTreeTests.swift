import InvAnswer
import InvFormat
import InvSystem
import Testing

/// What an index answers is what a plain scan of the rows answers.
@Suite struct GeneratedTreeTests {
  private static let clauses: [String?] = [
    nil, "class=GLACIER", "state=noncurrent", "size=1MiB..,class=STANDARD,", "age=unknown",
    "state=current,delete-marker,age=90d..1y",
  ]

  @Test(arguments: GeneratedTree.Kind.allCases, [false, true])
  func equalsAScan(kind: GeneratedTree.Kind, isRaw: Bool) throws {
    let tree = try GeneratedTree(kind, seed: 20_261_121)
    let prefixes = tree.prefixes
    try tree.withIndex(isRaw: isRaw) { index in
      #expect(index.count == prefixes.count)
      for clause in Self.clauses {
        let selection = try clause.map {
          try Selection(try WhereClause(Array($0.utf8)), in: tree.schema)
        }
        let scan = Scan(tree, selection)
        let reader = UnionReader(IndexUnion(index), selection, below: 0)
        // One expectation for all: each costs more than what it is about.
        let wrong = try prefixes.enumerated().filter { position, prefix in
          try index.find(prefix) != position
            || reader.figures(position) != scan.figures[prefix]
            || reader.isLeft(position) != scan.isListed(prefix)
            || reader.cells(position) != scan.cells(prefix, own: false)
            || reader.cells(position, own: true) != scan.cells(prefix, own: true)
        }
        #expect(wrong.map(\.element) == [], "\(clause ?? "no clause")")
        try checkListings(prefixes, index, reader, scan)
      }
      #expect(try index.find(Array("nothing like it/".utf8)) == nil)
      #expect(try index.nearest([0x0d, 0x2f, 0x0d, 0x2f]).position == 0)
    }
  }

  private func checkListings(
    _ prefixes: [[UInt8]], _ index: Index, _ reader: UnionReader, _ scan: Scan
  ) throws {
    for name in [[], prefixes[prefixes.count / 2], prefixes[prefixes.count - 1]] {
      let position = try #require(try index.find(name))
      let below = prefixes.filter { $0 != name && $0.starts(with: name) && scan.isListed($0) }
      func levels(_ prefix: [UInt8]) -> Int {
        prefix.count { $0 == 0x2f } - name.count { $0 == 0x2f }
      }
      func byBytes(_ names: [[UInt8]]) -> [[UInt8]] {
        names.enumerated().sorted { one, other in
          let bytes = (
            scan.figures[one.element]?.bytes ?? 0, scan.figures[other.element]?.bytes ?? 0
          )
          return bytes.0 != bytes.1 ? bytes.0 > bytes.1 : one.offset < other.offset
        }.map(\.element)
      }
      var listing = Listing()
      #expect(
        try listed(listing, position, reader, prefixes) == byBytes(below.filter { levels($0) == 1 })
      )
      listing.scope = .children(2)
      #expect(
        try listed(listing, position, reader, prefixes) == byBytes(below.filter { levels($0) == 2 })
      )
      listing.scope = .all
      #expect(try listed(listing, position, reader, prefixes) == byBytes(below))
      listing.limit = 7
      #expect(try listed(listing, position, reader, prefixes) == Array(byBytes(below).prefix(7)))
      listing = Listing()
      listing.scope = .tree(3)
      listing.key = .name
      // In the order of names, a tree is what is below, in order.
      #expect(try listed(listing, position, reader, prefixes) == below.filter { levels($0) <= 3 })
      listing.scope = .all
      #expect(try listed(listing, position, reader, prefixes) == below)
    }
  }

  private func listed(
    _ listing: Listing, _ position: Int, _ reader: UnionReader, _ prefixes: [[UInt8]]
  ) throws -> [[UInt8]] {
    var names: [[UInt8]] = []
    try Lister(listing, reader).forEach(below: position) { entry in
      names.append(prefixes[entry.position])
    }
    return names
  }
}

/// All prefixes of a tree, added up row by row.
private struct Scan {
  var figures: [[UInt8]: Figures] = [:]
  /// Those that have something that counts.
  var left: Set<[UInt8]> = []
  private let selection: Selection?
  private var cells: [[UInt8]: [UInt64: Cell]] = [:]
  private let tree: GeneratedTree

  init(_ tree: GeneratedTree, _ selection: Selection?) {
    (self.tree, self.selection) = (tree, selection)
    let counted = (selection ?? Selection(tree.schema)).forTotals
    for prefix in tree.prefixes { figures[prefix] = Figures() }
    for (prefix, row) in tree.rows {
      let ancestors =
        [[]] + prefix.indices.filter { prefix[$0] == 0x2f }.map { Array(prefix[...$0]) }
      for ancestor in ancestors {
        for cell in row.cells.values {
          add(cell, to: ancestor)
          guard counted.matches(cell.code, tree.code) else { continue }
          left.insert(ancestor)
          figures[ancestor]?.objects += cell.objects
          figures[ancestor]?.bytes += cell.bytes
          guard ancestor == prefix else { continue }
          figures[ancestor]?.directObjects += cell.objects
          figures[ancestor]?.directBytes += cell.bytes
        }
        if selection == nil { add(row.times, to: ancestor) }
      }
    }
    for prefix in tree.prefixes where isListed(prefix) {
      for end in prefix.indices.dropLast() where prefix[end] == 0x2f {
        figures[Array(prefix[...end])]?.prefixes += 1
      }
      if !prefix.isEmpty { figures[[]]?.prefixes += 1 }
    }
  }

  func isListed(_ prefix: [UInt8]) -> Bool { selection == nil || left.contains(prefix) }

  func cells(_ prefix: [UInt8], own: Bool) -> [Cell] {
    let cells = (own ? tree.rows[prefix]?.cells : cells[prefix]) ?? [:]
    return cells.values.sorted { $0.code < $1.code }
      .filter { selection?.matches($0.code, tree.code) ?? true }
  }

  private mutating func add(_ cell: Cell, to prefix: [UInt8]) {
    let old = cells[prefix]?[cell.code]
    cells[prefix, default: [:]][cell.code] = Cell(
      code: cell.code, objects: cell.objects + (old?.objects ?? 0),
      bytes: cell.bytes + (old?.bytes ?? 0))
  }

  private mutating func add(_ times: [Int64], to prefix: [UInt8]) {
    guard let oldest = times.min(), let newest = times.max(), var sum = figures[prefix] else {
      return
    }
    sum.oldest = min(sum.oldest ?? oldest, oldest)
    sum.newest = max(sum.newest ?? newest, newest)
    figures[prefix] = sum
  }
}
