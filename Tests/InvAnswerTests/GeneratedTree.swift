import Foundation
import InvFormat
import InvSystem
import TestSupport

/// Prefixes with what each holds itself, and an index of them.
struct GeneratedTree {
  struct Row {
    var cells: [UInt64: Cell] = [:]
    var times: [Int64] = []
    var listed: UInt64 = 0
  }

  enum Kind: CaseIterable { case empty, root, awkward, deep, wide, hidden, bushy }

  let schema: PrefixSchema
  let code: PointCode
  private(set) var rows: [[UInt8]: Row] = [:]
  /// All prefixes, in order: those of rows and their ancestors.
  private(set) var prefixes: [[UInt8]] = []

  /// Of an inventory, or of a filesystem with owners and groups.
  init(_ kind: Kind, seed: UInt64, isScan: Bool = false) throws {
    schema = isScan ? Self.scan : Self.inventory
    code = try schema.pointCode()
    var generator = SeededGenerator(seed)
    for prefix in Self.prefixes(kind, &generator) {
      if isScan { rows[prefix, default: Row()].listed += 1 }
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        add(to: prefix, isHidden: kind == .hidden, &generator)
      }
    }
    var all: Set<[UInt8]> = [[]]
    for prefix in rows.keys {
      for end in prefix.indices where prefix[end] == 0x2f { all.insert(Array(prefix[...end])) }
    }
    prefixes = all.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static var inventory: PrefixSchema {
    var schema = PrefixSchema(
      dimensions: [.state, Dimension("class", .word), .size, .age], hasModified: true)
    schema.words[1] = ["", "GLACIER", "STANDARD"].map { Array($0.utf8) }
    return schema
  }

  private static var scan: PrefixSchema {
    var schema = PrefixSchema(
      dimensions: [.state, Dimension("owner", .word), Dimension("group", .word), .size, .age],
      hasListed: true, hasAccessed: true, ageOf: .accessed)
    schema.words[1] = (0..<40).map { "\(1000 + $0 * $0)" }.sorted().map { Array($0.utf8) }
    schema.words[2] = ["100", "4294967294", "wheel"].map { Array($0.utf8) }
    return schema
  }

  private static func prefixes(_ kind: Kind, _ generator: inout SeededGenerator) -> [[UInt8]] {
    func random(_ count: Int, _ names: [String], depth: Int) -> [[UInt8]] {
      (0..<count).map { _ in
        (0..<Int.random(in: 0...depth, using: &generator)).flatMap { _ in
          Array((names.randomElement(using: &generator) ?? "").utf8) + [0x2f]
        }
      }
    }
    switch kind {
    case .empty: return []
    case .root: return [[], [], []]
    case .awkward:
      return random(
        300, ["a", "a b", "a.b", "a!", "", "b", "\u{1}", "\u{e9}", "a\u{10ffff}"], depth: 5)
        + [[0xff, 0xc3, 0x2f], [0x2f], [0x2f, 0x2f, 0x2f]]
    case .deep: return (0..<150).map { Array(repeating: [0x64, 0x2f], count: $0).flatMap(\.self) }
    case .wide: return (0..<1000).map { Array("\($0 * 7919 % 1000)/".utf8) }
    case .hidden: return random(100, ["a", "b"], depth: 6)
    case .bushy: return random(1000, ["x", "y", "z", "0", "1", "2"], depth: 4)
    }
  }

  private mutating func add(
    to prefix: [UInt8], isHidden: Bool, _ generator: inout SeededGenerator
  ) {
    let hidden: [UInt64] = schema.hasListed ? [3, 4] : [1, 2]
    let state = (isHidden ? hidden : [0, 0, 0] + hidden).randomElement(using: &generator) ?? 0
    var point = code.part(0, state)
    for place in 1..<schema.dimensions.count {
      point |= code.part(
        place, UInt64.random(in: 0..<UInt64(schema.sizes[place]), using: &generator))
    }
    let bytes =
      UInt64.random(in: 0...(1 << 40), using: &generator)
      >> UInt64.random(in: 0...40, using: &generator)
    let objects = UInt64.random(in: 1...9, using: &generator)
    let old = rows[prefix]?.cells[point]
    rows[prefix, default: Row()].cells[point] = Cell(
      code: point, objects: objects + (old?.objects ?? 0), bytes: bytes + (old?.bytes ?? 0))
    if state == 0, Bool.random(using: &generator) {
      rows[prefix]?.times.append(Int64.random(in: -100...1_800_000_000, using: &generator))
    }
  }

  /// Makes an index, in a folder of its own, and hands it over.
  func withIndex(isRaw: Bool, _ body: (Index) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "inv-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let stream = folder.appending(path: "rows").path
    let writer = try PrefixWriter(
      try Descriptor.creating(stream), schema: schema, codec: .zstd, isFile: true, tool: "test")
    var previous: [UInt8] = []
    for (prefix, row) in rows.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      var times = RowTimes()
      let (oldest, newest) = (row.times.min() ?? absentInt, row.times.max() ?? absentInt)
      if schema.hasModified { (times.oldestModified, times.newestModified) = (oldest, newest) }
      if schema.hasAccessed { (times.oldestAccessed, times.newestAccessed) = (oldest, newest) }
      try writer.append(
        prefix, sharing: zip(previous, prefix).prefix { $0 == $1 }.count, listed: row.listed,
        times: times,
        cells: row.cells.values.sorted { $0.code < $1.code })
      previous = prefix
    }
    _ = try writer.finish(Audit())
    var building = IndexBuilding()
    building.memory = 64 << 20
    building.isRaw = isRaw
    let reader = try PrefixReader(try RowStream(try Descriptor.reading(stream)), wanting: "test")
    let path = folder.appending(path: "index").path
    try IndexBuilder(reader, building).run(into: path, isReplacing: false) { _, _ in }
    try body(try Index(path))
  }
}
