import Foundation
import InvBytes
import InvFormat
import InvSystem
import TestSupport
import Testing

@testable import InvSort

/// A row of a made-up inventory.
struct SampleRow: Hashable {
  var key: [UInt8]
  var state: UInt8
  var size: UInt64
  var storageClass: String
  var modified: Int64
}

/// Rows with directories of every awkward kind, always the same for a seed.
func sampleRows(_ count: Int, seed: UInt64) -> [SampleRow] {
  var generator = SeededGenerator(seed)
  let names = ["a", "a b", "a.b", "a!", "", "b", "a-b", "\u{1}", "zz", "\u{e9}", "x%2F", "log"]
  return (0..<count).map { _ in
    var key = ""
    for _ in 0..<Int.random(in: 0...5, using: &generator) {
      key += (names.randomElement(using: &generator) ?? "") + "/"
    }
    let last = Int.random(in: 0...3, using: &generator)
    if last > 0 { key += "f\(Int.random(in: 0...99, using: &generator))" }
    if key.isEmpty { key = "root" }
    return SampleRow(
      key: Array(key.utf8), state: UInt8.random(in: 0...2, using: &generator),
      size: UInt64.random(in: 0...40, using: &generator).magnitude
        << UInt64.random(
          in: 0...30, using: &generator),
      storageClass: ["STANDARD", "GLACIER", "", "ODD"].randomElement(using: &generator) ?? "",
      modified: Int.random(in: 0...9, using: &generator) == 0
        ? absentInt : Int64.random(in: 1_400_000_000...1_800_000_000, using: &generator))
  }
}

let sampleSnapshot: Int64 = 1_793_491_200

/// Writes rows as one stream, a source for each of `files`.
func writeStream(_ files: [[SampleRow]], to path: String) throws {
  let schema = ObjectSchema([.state, .size, .storageClass, .modified])
  let writer = try ObjectWriter(try Descriptor.creating(path), schema: schema, tool: "test")
  var audit = Audit()
  for (number, rows) in files.enumerated() {
    let source = try writer.add(
      ObjectSource(
        file: Array("file \(number)".utf8),
        origin: Origin(
          bucket: Array("bucket".utf8), snapshot: sampleSnapshot,
          columns: schema.columns.map(\.name))))
    var block = ObjectBlockBuilder(schema)
    var previous: [UInt8] = []
    func flush() throws {
      let rows = block.rows
      if rows > 0 { try writer.write(block.flush(source: source), rows: rows) }
      previous = []
    }
    for row in rows {
      block.set(1, UInt64(row.state))
      block.set(2, row.size)
      block.set(3, UInt64(try writer.word(Array(row.storageClass.utf8), at: 3)))
      block.set(4, UInt64(bitPattern: row.modified))
      block.append(row.key.span, sharing: commonPrefix(previous.raw, row.key.raw))
      previous = row.key
      // Short blocks, so that rows of several sources interleave.
      if block.isFull || block.rows == 100 { try flush() }
    }
    try flush()
    audit.read += UInt64(rows.count)
  }
  try writer.finish(audit)
}

/// What is known of one prefix.
struct PrefixSum: Equatable {
  var cells: [[String]: [UInt64]] = [:]
  var oldest: Int64?
  var newest: Int64?
}

/// The same figures by a plain scan.
func scan(_ rows: [SampleRow], maxDepth: Int = .max) -> [[UInt8]: PrefixSum] {
  var sums: [[UInt8]: PrefixSum] = [:]
  for row in rows {
    var slashes = row.key.indices.filter { row.key[$0] == 0x2f }
    slashes = Array(slashes.prefix(maxDepth))
    let prefix = slashes.last.map { Array(row.key[...$0]) } ?? []
    let sizes: [UInt64] = [
      0, 1, 1 << 10, 10 << 10, 100 << 10, 128 << 10, 1 << 20, 10 << 20, 100 << 20, 1 << 30,
      10 << 30, 100 << 30,
    ]
    let ages: [Int64] = [0, 30, 60, 90, 180, 365, 730, 1095, 1460, 1825, 2190, 2555]
    let size = sizes.last { $0 <= row.size } ?? 0
    let days = (sampleSnapshot - max(row.modified, 0)) / 86_400
    let age =
      row.modified == absentInt ? "unknown" : "\(ages.last { $0 <= max(0, days) } ?? 0)"
    let state = ["current", "noncurrent", "delete-marker"][Int(row.state)]
    let point = [state, row.storageClass, "\(size)", age]
    var sum = sums[prefix] ?? PrefixSum()
    let cell = sum.cells[point] ?? [0, 0]
    sum.cells[point] = [cell[0] + 1, cell[1] + row.size]
    if row.state == 0, row.modified != absentInt {
      sum.oldest = min(sum.oldest ?? .max, row.modified)
      sum.newest = max(sum.newest ?? .min, row.modified)
    }
    sums[prefix] = sum
  }
  return sums
}

/// The rows of a stream of prefix rows, whose order is checked.
func readPrefixes(_ path: String) throws -> [[UInt8]: PrefixSum] {
  let reader = try PrefixReader(try RowStream(try Descriptor.reading(path)), wanting: "test")
  let (schema, code) = (reader.schema, reader.code)
  let run = RunSource(reader, ranks: schema.words.map { _ in [] }, code: code)
  var state = run.start()
  defer { state.free() }
  var sums: [[UInt8]: PrefixSum] = [:]
  while try run.advance(&state) {
    var sum = PrefixSum()
    var cells = CellList()
    let isRight = state.appendCells(to: &cells)
    #expect(isRight)
    for cell in unsafe Array(cells.buffer) {
      let point = schema.dimensions.indices.map { index -> String in
        let value = Int(code.value(index, of: cell.code))
        if case .word = schema.dimensions[index].axis {
          return String(decoding: schema.words[index][value], as: UTF8.self)
        }
        return schema.dimensions[index].label(value)
      }
      sum.cells[point] = [cell.objects, cell.bytes]
    }
    sum.oldest = state.times.oldestModified == absentInt ? nil : state.times.oldestModified
    sum.newest = state.times.newestModified == absentInt ? nil : state.times.newestModified
    sums[state.keyBytes] = sum
  }
  return sums
}

/// A folder that is gone when the test is.
final class TestFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "inv-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func files(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(name)).sorted()
      .filter { !$0.hasPrefix(".") }.map { file(name) + "/" + $0 }
  }
}
