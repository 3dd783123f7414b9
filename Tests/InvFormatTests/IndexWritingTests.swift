import Foundation
import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvFormat

@Suite struct IndexWritingTests {
  static let seed = UInt64.random(in: 0...UInt64.max)

  /// The strings of an index: inv-index(5), "Prefixes".
  func strings(_ bytes: [UInt8], _ offsets: [Int], count: Int) -> [[UInt8]] {
    var all: [[UInt8]] = []
    for block in 0..<(count + 31) / 32 {
      let size = min(32, count - block * 32)
      let at = offsets[block]
      let (c, s, r, a) = (
        Int(bytes[at]), Int(bytes[at + 1]), Int(bytes[at + 2]), Int(bytes[at + 3])
      )
      let (share, rest) = (bytes.raw.u16(at: at + 4), bytes.raw.u16(at: at + 6))
      let characters = c == 8 ? [UInt8](0...255) : [UInt8](bytes[at + 10..<at + 10 + a])
      var bits = PlainBits(bytes, at: at + 10 + a)
      let shared = [0] + (1..<max(1, size)).map { _ in Int(share) + Int(bits.take(s)) }
      let first = Int(bytes.raw.u16(at: at + 8))
      let rests = [first] + (1..<max(1, size)).map { _ in Int(rest) + Int(bits.take(r)) }
      for row in 0..<size {
        let more = (0..<rests[row]).map { _ in characters[Int(bits.take(c))] }
        all.append((all.last?.prefix(shared[row]) ?? []) + more + (all.isEmpty ? [] : [0x2f]))
      }
      bits.align(to: 1)
      #expect(bits.bit / 8 == offsets[block + 1])
    }
    #expect(bytes[offsets[offsets.count - 1]...] == [UInt8](repeating: 0, count: 8)[...])
    return all
  }

  @Test func prefixes() throws {
    var generator = SeededGenerator(Self.seed)
    for alphabet in [[UInt8](97...97), [97, 0x2f], [UInt8](1...200), [UInt8](1...255)] {
      for count in [1, 2, 31, 32, 33, 127, 128, 129, 300] {
        var names: Set<[UInt8]> = [[]]
        while names.count < count {
          let length = Int.random(
            in: 0...(Bool.random(using: &generator) ? 400 : 5), using: &generator)
          let name = (0..<length).map { _ in alphabet.randomElement(using: &generator)! }
          names.insert(name + [0x2f])
          if alphabet.count == 1, names.count > 300 { break }
        }
        let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
        try withPlace { place in
          let writer = try PrefixStringWriter(in: place)
          for block in blocks(of: sorted) {
            try writer.append(block)
            block.free()
          }
          let files = try writer.end()
          let (header, bytes) = try sealed(files[0], place)
          #expect(header.count == UInt64(sorted.count))
          #expect(
            strings(
              bytes, try column(files[1], place).compactMap { $0.map { Int($0) } },
              count: sorted.count) == sorted,
            "seed \(Self.seed)")
        }
      }
    }
  }

  /// The blocks of entries that have these prefixes and nothing else.
  func blocks(of names: [[UInt8]]) -> [EntryBlock] {
    var blocks: [EntryBlock] = []
    for (number, name) in names.enumerated() {
      if number % 128 == 0 { blocks.append(EntryBlock()) }
      let before = number % 32 == 0 ? [] : names[number - 1]
      let last = zip(before, name).prefix { $0 == $1 }.count
      let rest = [UInt8](name[last...].dropLast())
      unsafe blocks[blocks.count - 1].shared[number % 128] = UInt32(last)
      unsafe blocks[blocks.count - 1].rests[number % 128] = UInt32(rest.count)
      unsafe blocks[blocks.count - 1].characters.append(rest, count: rest.count)
      blocks[blocks.count - 1].own.counts.append(0)
    }
    return blocks
  }

  /// The rows of a block of cells: inv-index(5), "Cells".
  func rows(_ bytes: [UInt8], count: Int, stateShift: UInt64, totals: [(UInt64, UInt64)])
    -> [[Cell]]
  {
    let (points, cells) = (Int(bytes.raw.u32(at: 0)), Int(bytes.raw.u32(at: 4)))
    var bits = PlainBits(bytes, at: 12)
    var code: UInt64 = 0
    let all = (0..<points).map { _ in
      code += bits.take(Int(bytes[10]))
      let widths = [Int(bits.take(6)), Int(bits.take(6))].map { $0 == 63 ? 64 : $0 }
      return (code: code, objects: widths[0], bytes: widths[1])
    }
    let counts = (0..<count).map { _ in Int(bits.take(Int(bytes[8]))) }
    #expect(counts.reduce(0, +) == cells)
    var numbers = (0..<cells).map { _ in Int(bits.take(Int(bytes[9]))) }[...]
    return counts.enumerated().map { row, count in
      let mine = numbers.prefix(count)
      numbers = numbers.dropFirst(count)
      let current = mine.filter { all[$0].code >> stateShift == 0 }
      let widest = current.max { one, other in
        let (a, b) = (all[one].objects + all[one].bytes, all[other].objects + all[other].bytes)
        return a < b || (a == b && one > other)
      }
      var rest = totals[row]
      var read: [Cell] = []
      for number in mine where number != widest {
        let cell = Cell(
          code: all[number].code, objects: bits.take(all[number].objects) + 1,
          bytes: bits.take(all[number].bytes))
        if current.contains(number) { rest = (rest.0 - cell.objects, rest.1 - cell.bytes) }
        read.append(cell)
      }
      if let widest { read.append(Cell(code: all[widest].code, objects: rest.0, bytes: rest.1)) }
      return read.sorted { $0.code < $1.code }
    }
  }

  @Test(arguments: [true, false]) func cells(sorted: Bool) {
    var generator = SeededGenerator(Self.seed)
    for round in 0..<60 {
      let (stateShift, codes): (UInt64, UInt64) = round % 3 == 0 ? (61, .max) : (5, 255)
      let greatest: UInt64 = [1, 100, 1 << 40, 1 << 60, 1 << 56][round % 5]
      var block = CellRows(rows: 128)
      defer { block.free() }
      var expected: [[Cell]] = []
      for _ in 0..<Int.random(in: 1...128, using: &generator) {
        var row: [UInt64: Cell] = [:]
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
          let code = UInt64.random(in: 0...codes, using: &generator)
          row[code] = Cell(
            code: code, objects: .random(in: 1...greatest, using: &generator),
            bytes: .random(in: 0...greatest, using: &generator))
        }
        let cells = row.values.sorted { $0.code < $1.code }
        expected.append(cells)
        block.counts.append(cells.count)
        for cell in sorted ? cells : cells.shuffled(using: &generator) { block.cells.append(cell) }
      }
      var packer = CellPacker(stateShift: stateShift, sorted: sorted)
      var room = [UInt8](repeating: 0xaa, count: packer.take(block))
      let length = unsafe room.withUnsafeMutableBufferPointer { room in
        unsafe room.baseAddress.map { unsafe packer.write(block, into: $0) } ?? 0
      }
      let totals = expected.map { row in
        row.filter { $0.code >> stateShift == 0 }.reduce(into: (UInt64(0), UInt64(0))) {
          $0 = ($0.0 + $1.objects, $0.1 + $1.bytes)
        }
      }
      let found = rows(
        [UInt8](room[..<length]), count: expected.count, stateShift: stateShift, totals: totals)
      #expect(found == expected, "seed \(Self.seed)")
    }
  }

  @Test(arguments: [1 << 30, 0]) func depths(memory: Int) throws {
    var generator = SeededGenerator(Self.seed)
    let depths = (0..<30_000).map { _ in
      UInt64.random(in: 0..<(Bool.random(using: &generator) ? 1000 : 4), using: &generator)
    }
    try withPlace { place in
      var sorter = DepthSorter(in: place, memory: memory)
      for start in stride(from: 0, to: depths.count, by: 128) {
        let part = [UInt64](depths[start..<min(start + 128, depths.count)])
        unsafe try sorter.append(part, part.count)
      }
      let files = try sorter.write()
      let positions = depths.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }
      #expect(try column(files[0], place) == positions.map { UInt64($0) }, "seed \(Self.seed)")
      let greatest = depths.max() ?? 0
      let starts = (0...greatest + 1).map { depth in UInt64(depths.count { $0 < depth }) }
      #expect(try column(files[1], place) == starts)
    }
  }
}
