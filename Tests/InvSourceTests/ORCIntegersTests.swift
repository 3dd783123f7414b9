import InvSystem
import TestSupport
import Testing

@testable import InvSource

@Suite struct ORCIntegersTests {
  func stream(_ bytes: [UInt8]) throws -> ORCStream {
    try ORCStream(
      memoryFile(bytes), 0..<UInt64(bytes.count), ORCBlocks(decoder: nil, size: 0), name: "s")
  }

  /// What `bytes` hold, read in pieces of at most `piece`; nothing may be left.
  func read(
    _ bytes: [UInt8], _ count: Int, isSecond: Bool, isSigned: Bool = false, piece: Int = 1000
  ) throws -> [Int64] {
    var integers = ORCIntegers(try stream(bytes), isSecond: isSecond, isSigned: isSigned)
    var (all, values): ([Int64], [Int64]) = ([], [])
    while all.count < count {
      try integers.read(min(piece, count - all.count), into: &values)
      all += values
    }
    try integers.finish()
    return all
  }

  /// The examples of the specification.
  static let first: [([UInt8], [Int64])] = [
    ([0x61, 0x00, 0x07], [Int64](repeating: 7, count: 100)),
    ([0x61, 0xff, 0x64], (1...100).reversed()),
    ([0xfb, 0x02, 0x03, 0x06, 0x07, 0x0b], [2, 3, 6, 7, 11]),
  ]
  static let second: [([UInt8], [Int64])] = [
    ([0x0a, 0x27, 0x10], [Int64](repeating: 10000, count: 5)),
    (
      [0x5e, 0x03, 0x5c, 0xa1, 0xab, 0x1e, 0xde, 0xad, 0xbe, 0xef],
      [23713, 43806, 57005, 48879]
    ),
    (
      [
        0x8e, 0x13, 0x2b, 0x21, 0x07, 0xd0, 0x1e, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3c, 0x46, 0x50,
        0x5a, 0x64, 0x6e, 0x78, 0x82, 0x8c, 0x96, 0xa0, 0xaa, 0xb4, 0xbe, 0xfc, 0xe8,
      ],
      [2030, 2000, 2020, 1_000_000] + stride(from: 2040, through: 2190, by: 10)
    ),
    ([0xc6, 0x09, 0x02, 0x02, 0x22, 0x42, 0x42, 0x46], [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]),
  ]

  @Test(arguments: [1, 3, 1000]) func examples(piece: Int) throws {
    for (bytes, values) in Self.first {
      #expect(try read(bytes, values.count, isSecond: false, piece: piece) == values)
    }
    for (bytes, values) in Self.second {
      #expect(try read(bytes, values.count, isSecond: true, piece: piece) == values)
    }
  }

  @Test func signs() throws {
    #expect(try read([0x61, 0xff, 0x05], 2 + 98, isSecond: false, isSigned: true).first == -3)
    #expect(
      try read([0x08, 0x05, 0x0f], 3 + 0, isSecond: true, isSigned: true) == [-648, -648, -648])
    // A base below 0 has its sign in its highest bit.
    let patched: [UInt8] = [0x8e, 0x01, 0x00, 0x21, 0x85, 0x01, 0x02, 0x60]
    #expect(try read(patched, 2, isSecond: true, isSigned: true) == [-5 + 1, -5 + 2 + 256])
    // Differences go down when the first does.
    #expect(
      try read([0xc6, 0x03, 0x14, 0x03, 0x12], 4, isSecond: true, isSigned: true) == [10, 8, 7, 5])
  }

  /// Packs numbers of `width` bits, highest bit first.
  func packed(_ values: [UInt64], _ width: Int) -> [UInt8] {
    var bits = values.flatMap { value in
      (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0)) & 1 }
    }
    bits += repeatElement(0, count: (8 - bits.count % 8) % 8)
    return stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
    }
  }

  func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
  }

  func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

  static let widths = Array(1...24) + [26, 28, 30, 32, 40, 48, 56, 64]

  /// A run of version 2 of random values, and the values.
  func randomRun(_ dice: inout SeededGenerator, isSigned: Bool) -> ([UInt8], [Int64]) {
    let code = Int.random(in: 0..<32, using: &dice)
    let width = Self.widths[code]
    let count = Bool.random(using: &dice) ? 512 : Int.random(in: 2...40, using: &dice)
    let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
    func value(_ word: UInt64) -> Int64 {
      isSigned
        ? Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1) : Int64(bitPattern: word)
    }
    let head = [UInt8(code << 1 | (count - 1) >> 8), UInt8(truncatingIfNeeded: count - 1)]
    switch Int.random(in: 0..<4, using: &dice) {
    case 0:
      let (bytes, repeats) = (
        Int.random(in: 1...8, using: &dice), Int.random(in: 3...10, using: &dice)
      )
      let word = UInt64.random(in: 0 ... .max, using: &dice) >> UInt64(64 - 8 * bytes)
      let stored = (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
      return (
        [UInt8((bytes - 1) << 3 | (repeats - 3))] + stored,
        [Int64](repeating: value(word), count: repeats)
      )
    case 1:
      let words = (0..<count).map { _ in UInt64.random(in: 0 ... .max, using: &dice) & mask }
      return ([head[0] | 0x40, head[1]] + packed(words, width), words.map(value))
    case 2:
      let (patchCode, gapWidth) = (
        Int.random(in: 0..<24, using: &dice), Int.random(in: 3...8, using: &dice)
      )
      let patchWidth = patchCode + 1
      var words = (0..<count).map { _ in UInt64.random(in: 0 ... .max, using: &dice) & mask }
      let stored = words
      var (place, list): (Int, [UInt64]) = (0, [])
      for _ in 0..<Int.random(in: 1...31, using: &dice) {
        let gap = Int.random(in: 0..<(1 << gapWidth), using: &dice)
        guard place + gap < count, words[place + gap] == stored[place + gap] else { break }
        let patch = UInt64.random(in: 1..<(1 << UInt64(patchWidth)), using: &dice)
        place += gap
        words[place] |= patch << UInt64(width)
        list.append(UInt64(gap) << UInt64(patchWidth) | patch)
      }
      if list.isEmpty { list = [0] }
      let base = Int64.random(in: -1 << 22...1 << 22, using: &dice)
      let sized = UInt64(base.magnitude) | (base < 0 ? 1 << 23 : 0)
      let listWidth = Self.widths.first { $0 >= patchWidth + gapWidth } ?? 64
      return (
        [
          head[0] | 0x80, head[1], UInt8(2 << 5 | patchCode),
          UInt8((gapWidth - 1) << 5 | list.count),
        ] + (0..<3).reversed().map { UInt8(truncatingIfNeeded: sized >> UInt64(8 * $0)) }
          + packed(stored, width) + packed(list, listWidth),
        words.map { base &+ Int64(bitPattern: $0) }
      )
    default:
      let start = UInt64.random(in: 0 ... .max, using: &dice)
      let step = Int64.random(in: -1000...1000, using: &dice)
      var values = [value(start), value(start) &+ step]
      if code == 0 {
        while values.count < count { values.append(values[values.count - 1] &+ step) }
        return ([head[0] | 0xc0, head[1]] + varint(start) + varint(zigzag(step)), values)
      }
      let words = (2..<count).map { _ in UInt64.random(in: 0 ... .max, using: &dice) & mask }
      for word in words {
        let last = values[values.count - 1]
        values.append(step < 0 ? last &- Int64(bitPattern: word) : last &+ Int64(bitPattern: word))
      }
      return (
        [head[0] | 0xc0, head[1]] + varint(start) + varint(zigzag(step)) + packed(words, width),
        values
      )
    }
  }

  @Test(arguments: [false, true]) func randomRuns(isSigned: Bool) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var dice = SeededGenerator(seed)
    for _ in 0..<60 {
      var (bytes, values): ([UInt8], [Int64]) = ([], [])
      for _ in 0..<Int.random(in: 1...20, using: &dice) {
        let run = randomRun(&dice, isSigned: isSigned)
        bytes += run.0
        values += run.1
      }
      let piece = Int.random(in: 1...2000, using: &dice)
      let found = try read(
        bytes, values.count, isSecond: true, isSigned: isSigned, piece: piece)
      #expect(found == values, "seed \(seed)")
      // Cut anywhere, fewer values must not pass for all.
      let cut = Array(bytes[..<Int.random(in: 0..<bytes.count, using: &dice)])
      #expect(throws: Failure.self, "seed \(seed)") {
        _ = try read(cut, values.count, isSecond: true, isSigned: isSigned, piece: piece)
      }
    }
  }

  struct Fault {
    var bytes: [UInt8]
    var count = 2
    var isSecond = true
    var why: String
  }

  static let broken: [Fault] = [
    Fault(bytes: [], why: "byte 0: s: it ends 2 values too early"),
    Fault(bytes: [0x0a, 0x27], why: "byte 0: s: it ends in the middle of a run"),
    Fault(bytes: [0x0a, 0x27, 0x10], why: "byte 3: s: more values than there are rows"),
    Fault(
      bytes: [0x0a, 0x27, 0x10, 0], count: 5, why: "byte 3: s: more values than there are rows"),
    Fault(bytes: [0xc2, 0, 2, 2], why: "byte 0: s: a run of one value with differences"),
    Fault(
      bytes: [0x8e, 1, 0, 0x20, 0, 0, 0], why: "byte 0: s: a patched run without patches"),
    Fault(
      bytes: [0x8e, 1, 0x1f, 0x21, 0, 0, 0], why: "byte 0: s: patches of more than 64 bits"),
    Fault(
      bytes: [0x8e, 1, 0, 0x21, 0, 0, 0, 0xa0],
      why: "byte 0: s: a patch behind the end of its run"),
    Fault(
      bytes: [0x61, 0] + [UInt8](repeating: 0xff, count: 11), isSecond: false,
      why: "byte 0: s: a number of more than ten bytes"),
  ]

  @Test(arguments: broken.indices) func faults(place: Int) throws {
    let fault = Self.broken[place]
    #expect(throws: Failure.data("file: \(fault.why)")) {
      _ = try read(fault.bytes, fault.count, isSecond: fault.isSecond)
    }
  }

  @Test func bytesAndBits() throws {
    var runs = ORCByteRuns(try stream([0x61, 0x00, 0xfe, 0x44, 0x45]))
    var bytes: [UInt8] = []
    try runs.read(101, to: &bytes)
    #expect(bytes == [UInt8](repeating: 0, count: 100) + [0x44])
    #expect(throws: Failure.self) { try runs.finish() }
    try runs.read(1, to: &bytes)
    try runs.finish()
    #expect(throws: Failure.self) { try runs.read(1, to: &bytes) }

    var bits = ORCBooleans(try stream([0xff, 0x80]))
    var flags: [UInt8] = []
    #expect(try bits.read(8, to: &flags) == 1)
    #expect(flags == [1, 0, 0, 0, 0, 0, 0, 0])

    // 1011 0011 three times, then 0100: read 1, 2, 3 … at a time.
    bits = ORCBooleans(try stream([0x00, 0xb3, 0xff, 0x40]))
    var ones = 0
    flags = []
    for count in [1, 2, 3, 4, 5, 6, 7] { ones += try bits.read(count, to: &flags) }
    let plain: [UInt8] = [1, 0, 1, 1, 0, 0, 1, 1]
    #expect(flags == plain + plain + plain + [0, 1, 0, 0])
    #expect(ones == 16)
    try bits.finish()
  }
}
