import InvBytes
import InvFormat
import InvSystem
import TestSupport

@testable import InvSort

/// A row of a made-up scan of a filesystem.
struct ScanRow: Hashable {
  var key: [UInt8]
  var kind = ObjectKind.object
  var state = ObjectState.current
  var size: UInt64 = 0
  var allocated: UInt64 = 0
  var accessed = absentInt
  var owner = "0"
  var file: UInt64 = 0
  var fileHigh: UInt64 = 7
  var links: UInt64 = 1

  /// The numbers of the file.
  var identity: [UInt64] { [fileHigh, file] }

  /// Whether it is a name of a file that may have others.
  var isLinked: Bool {
    links > 1 && kind != .directory && state == .current && identity != [0, 0]
  }
}

/// Rows of a filesystem whose files have several names now and then, always the same for a seed.
func scanRows(_ count: Int, seed: UInt64) -> [ScanRow] {
  var generator = SeededGenerator(seed)
  func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  func path() -> String { (0..<number(0...6)).map { _ in "d\(number(0...9))/" }.joined() }
  var rows: [ScanRow] = []
  for index in 0..<count {
    var row = ScanRow(key: Array(path().utf8))
    row.owner = "\(number(0...9) * 100)"
    row.size = UInt64(number(0...1_000_000))
    row.allocated = (row.size + 4095) / 4096 * 4096
    row.accessed = number(0...9) == 0 ? absentInt : Int64(number(1_500_000_000...1_793_000_000))
    switch number(0...9) {
    case 0:
      (row.kind, row.state, row.links) = (.directory, .directory, 5)
    case 1...4:
      row.key += Array("f\(number(0...3))".utf8)
      row.links = UInt64(number(1...3))
      row.file = UInt64(number(0...count / 8))
      row.fileHigh = UInt64(number(0...1))
      if number(0...20) == 0 { row.kind = .symlink }
      if number(0...20) == 0 { row.state = .link }
    default:
      row.key += Array("g\(index)".utf8)
      row.file = UInt64(count + index)
    }
    rows.append(row)
    // The same row, or the same name with other figures, once more.
    if number(0...30) == 0 {
      if number(0...1) == 0 { row.owner = "77" }
      rows.append(row)
    }
  }
  return rows
}

/// The rows as they count: of each file with several names the smallest is current, the others are
/// links; and how many names are further names, and came again.
func resolved(_ rows: [ScanRow]) -> (rows: [ScanRow], further: Int, repeated: Int) {
  var files: [[UInt64]: [ScanRow]] = [:]
  var all = rows.filter { !$0.isLinked }
  for row in rows where row.isLinked { files[row.identity, default: []].append(row) }
  var (further, repeated) = (0, 0)
  for names in files.values {
    let names = names.sorted { a, b in
      if a.key != b.key { return a.key.lexicographicallyPrecedes(b.key) }
      let (first, second) = (values(a), values(b))
      if first != second { return first.lexicographicallyPrecedes(second) }
      return a.owner < b.owner
    }
    for (place, name) in names.enumerated() {
      var name = name
      if place > 0 { name.state = .link }
      all.append(name)
    }
    let keys = Set(names.map(\.key))
    further += keys.count - 1
    repeated += keys.count { key in names.count { $0.key == key } > 1 }
  }
  return (all, further, repeated)
}

/// What two rows of one name differ in, in the order of the columns.
private func values(_ row: ScanRow) -> [Int64] {
  [Int64(row.kind.rawValue), Int64(row.size), Int64(row.allocated), row.accessed]
}

let scanSchema = ObjectSchema([
  .kind, .state, .size, .allocated, .accessed, .owner, .file, .fileHigh, .links,
])

/// Writes rows as one stream, a source for each of `files`, all of one origin.
func writeScan(_ files: [[ScanRow]], to path: String) throws {
  let schema = scanSchema
  let writer = try ObjectWriter(try Descriptor.creating(path), schema: schema, tool: "test")
  var audit = Audit()
  for (number, rows) in files.enumerated() {
    let source = try writer.add(
      ObjectSource(
        file: Array("file \(number)".utf8),
        origin: Origin(bucket: Array("asp".utf8), snapshot: sampleSnapshot, columns: [])))
    var block = ObjectBlockBuilder(schema)
    var previous: [UInt8] = []
    for row in rows {
      block.set(1, UInt64(row.kind.rawValue))
      block.set(2, UInt64(row.state.rawValue))
      block.set(3, row.size)
      block.set(4, row.allocated)
      block.set(5, UInt64(bitPattern: row.accessed))
      block.set(6, UInt64(try writer.word(Array(row.owner.utf8), at: 6)))
      block.set(7, row.file)
      block.set(8, row.fileHigh)
      block.set(9, row.links)
      block.append(row.key.span, sharing: commonPrefix(previous.raw, row.key.raw))
      previous = row.key
      if block.rows == 100 || row == rows.last {
        let count = block.rows
        try writer.write(block.flush(source: source), rows: count)
        previous = []
      }
    }
    if block.rows > 0 {
      let count = block.rows
      try writer.write(block.flush(source: source), rows: count)
    }
    audit.read += UInt64(rows.count)
  }
  try writer.finish(audit)
}

/// The figures of every directory by a plain scan: state, owner, band of the allocated size.
func scan(_ rows: [ScanRow]) -> [[UInt8]: PrefixSum] {
  var sums: [[UInt8]: PrefixSum] = [:]
  guard case .band(let edges, _) = Dimension.size.axis else { return [:] }
  for row in rows {
    let prefix = row.key.lastIndex(of: 0x2f).map { Array(row.key[...$0]) } ?? []
    let band = edges.last { $0 <= row.allocated } ?? 0
    let point = [row.state.name, row.owner, "\(band)"]
    let cell = sums[prefix, default: PrefixSum()].cells[point] ?? [0, 0]
    sums[prefix, default: PrefixSum()].cells[point] = [cell[0] + 1, cell[1] + row.allocated]
  }
  return sums
}
