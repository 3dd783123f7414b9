import InvBytes
import TestSupport
import Testing

@testable import InvSource

/// What Parquet packs, of every width.
@Suite struct PackedRunsTests {
  private let slack = [UInt8](repeating: 0xff, count: 32)

  /// `values` of `width` bits, the lowest first, in whole bytes.
  private func packed(_ values: [UInt64], _ width: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (values.count * width + 7) / 8)
    for (place, value) in values.enumerated() {
      for bit in 0..<width where value >> UInt64(bit) & 1 != 0 {
        bytes[(place * width + bit) / 8] |= 1 << UInt8((place * width + bit) % 8)
      }
    }
    return bytes
  }

  private func random(_ width: Int, _ generator: inout SeededGenerator) -> UInt64 {
    width == 0 ? 0 : generator.next() >> UInt64(64 - width)
  }

  @Test(arguments: 0...32)
  func hybridRuns(_ width: Int) throws {
    var generator = SeededGenerator(UInt64(width))
    var (bytes, values) = ([UInt8](), [UInt32]())
    for round in 0..<20 {
      if round % 2 == 0 {
        let groups = Int.random(in: 1...9, using: &generator)
        let some = (0..<groups * 8).map { _ in random(width, &generator) }
        bytes += ThriftWriter.varint(UInt64(groups << 1 | 1)) + packed(some, width)
        values += some.map { UInt32($0) }
      } else {
        let (count, value) = (Int.random(in: 1...300, using: &generator), random(width, &generator))
        bytes += ThriftWriter.varint(UInt64(count << 1))
        bytes += (0..<(width + 7) / 8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        values += repeatElement(UInt32(value), count: count)
      }
    }
    let page = bytes + slack
    for piece in [1, 13, values.count] {
      var runs = HybridRuns(0..<bytes.count, width: width)
      var (read, greatest) = ([UInt32](), UInt32(0))
      while read.count < values.count {
        let count = min(piece, values.count - read.count)
        greatest = max(greatest, try runs.append(count, to: &read, page.raw))
      }
      #expect(read == values)
      #expect(greatest == values.max())
      if width > 0 {
        #expect(throws: FormatError.self) { _ = try runs.append(1, to: &read, page.raw) }
      }
    }
  }

  @Test(arguments: 0...64)
  func deltaInts(_ width: Int) throws {
    var generator = SeededGenerator(UInt64(width))
    let (first, count) = (Int64(bitPattern: generator.next()), 300)
    var values = [first]
    var bytes = ThriftWriter.varint(128) + [4] + ThriftWriter.varint(UInt64(count))
    bytes += ThriftWriter.zigzag(first)
    while values.count < count {
      let least = Int64(bitPattern: generator.next())
      let left = (count - values.count + 31) / 32
      // Widths of miniblocks that are not needed may be anything.
      bytes += ThriftWriter.zigzag(least) + (0..<4).map { $0 < left ? UInt8(width) : 99 }
      for _ in 0..<min(left, 4) {
        let deltas = (0..<32).map { _ in random(width, &generator) }
        bytes += packed(deltas, width)
        for delta in deltas where values.count < count {
          values.append(values[values.count - 1] &+ least &+ Int64(bitPattern: delta))
        }
      }
    }
    let page = bytes + slack
    for piece in [1, 29, count] {
      var integers = try DeltaInts(0..<page.count - slack.count, page.raw)
      #expect(try integers.following(page.raw) == bytes.count)
      var read: [Int64] = []
      while read.count < count {
        try integers.append(min(piece, count - read.count), to: &read, page.raw)
      }
      #expect(read == values)
      #expect(throws: FormatError.self) { try integers.append(1, to: &read, page.raw) }
    }
  }
}
