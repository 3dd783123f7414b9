import InvBytes
import TestSupport
import Testing

@testable import InvFormat

@Suite struct BlockPackerTests {
  static let seed = UInt64.random(in: 0...UInt64.max)

  /// Packs `values`, unpacks them again, and answers the length and what the directory says.
  @discardableResult
  func roundTrip(_ values: [UInt64], rising: Bool = false, signed: Bool = false)
    -> (length: Int, BlockPacker.Entry)
  {
    var room = [UInt8](repeating: 0xaa, count: BlockPacker.room)
    var entry = BlockPacker.Entry()
    let form = BlockPacker.Form(isRising: rising, isSigned: signed)
    let length = unsafe room.withUnsafeMutableBufferPointer { room in
      unsafe room.baseAddress.map {
        unsafe BlockPacker.pack(values, values.count, form, into: $0, &entry)
      }
        ?? 0
    }
    let packed = [UInt8](room[..<length])
    let absent = UInt64(bitPattern: absentInt)
    #expect(
      unpacked(entry, packed, count: values.count, rising: rising)
        == values.map { signed && $0 == absent ? nil : $0 }, "seed \(Self.seed)")
    #expect(entry.width <= 56 || entry.width == 64)
    #expect(entry.exceptionWidth <= 56 || entry.exceptionWidth == 64)
    #expect(length % 8 == 0)
    return (length, entry)
  }

  @Test func equalValuesTakeNoRoom() {
    for value: UInt64 in [0, 1, .max] {
      for count in [1, 2, 127, 128] {
        let (length, entry) = roundTrip(Array(repeating: value, count: count))
        #expect(length == 0 && entry.width == 0 && entry.exceptions == 0 && entry.base == value)
      }
    }
    #expect(roundTrip((0..<128).map { 5 + $0 }, rising: true).length == 0)
  }

  @Test func everyWidth() {
    var generator = SeededGenerator(Self.seed)
    for width in 0...64 {
      let greatest = width == 64 ? UInt64.max : 1 << UInt64(width) - 1
      for count in [1, 2, 63, 64, 65, 128] {
        var values = (0..<count).map { _ in UInt64.random(in: 0...greatest, using: &generator) }
        values[0] = greatest
        roundTrip(values)
        roundTrip(values, signed: true)
        roundTrip(values.map { $0 &+ (1 << 63) }, signed: true)
      }
    }
  }

  @Test func exceptions() {
    var generator = SeededGenerator(Self.seed)
    for number in 0...128 {
      for width: UInt64 in [1, 20, 56, 57, 63] {
        var values = (0..<128).map { _ in UInt64.random(in: 0..<16, using: &generator) }
        for place in (0..<128).shuffled(using: &generator).prefix(number) {
          values[place] = UInt64.random(in: 0..<1 << width, using: &generator)
        }
        values[0] = 0
        let (length, entry) = roundTrip(values)
        // No width without exceptions takes less.
        let bits = 64 - (values.max() ?? 0).leadingZeroBitCount
        #expect(length <= (128 * (bits > 56 ? 64 : bits) + 63) / 64 * 8)
        #expect(entry.exceptions <= 128)
      }
    }
  }

  @Test func absentValues() {
    var generator = SeededGenerator(Self.seed)
    let absent = UInt64(bitPattern: absentInt)
    #expect(roundTrip([absent]).1.hasAbsent == false)
    let (length, entry) = roundTrip([absent, absent], signed: true)
    #expect(length == 0 && entry.hasAbsent && entry.base == 0)
    for limit: Int64 in [1, 1000, 1 << 40, .max] {
      for _ in 0..<50 {
        let values = (0..<Int.random(in: 1...128, using: &generator)).map { _ in
          Bool.random(using: &generator)
            ? absent : UInt64(bitPattern: Int64.random(in: -limit...limit, using: &generator))
        }
        roundTrip(values, signed: true)
      }
    }
    roundTrip([UInt64(bitPattern: .max), UInt64(bitPattern: .min + 1), absent], signed: true)
  }

  @Test func risingValues() {
    var generator = SeededGenerator(Self.seed)
    for step in [1, 2, 100, 1 << 40] {
      var value: UInt64 = 1 << 50
      let values = (0..<128).map { _ in
        value += UInt64.random(in: 1...UInt64(step), using: &generator)
        return value
      }
      roundTrip(values, rising: true)
    }
  }
}
