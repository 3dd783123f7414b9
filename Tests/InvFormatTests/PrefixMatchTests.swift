import Foundation
import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvFormat

/// The prefixes of an index, as they are written and read.
private func withStrings(
  _ prefixes: [[UInt8]], isRaw: Bool = false, damage: (inout [UInt8]) -> Void = { _ in },
  _ body: (PrefixStrings) throws -> Void
) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "inv-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let index = IndexPlace(folder: folder.path, temporary: nil, isRaw: isRaw)
  let writer = try PrefixStringWriter(in: index)
  var block = EntryBlock()
  defer { block.free() }
  for (position, prefix) in prefixes.enumerated() {
    let row = position % BlockPacker.size
    let last = position % PrefixStrings.blockSize == 0 ? [] : prefixes[position - 1]
    let shared = zip(prefix, last).prefix { $0 == $1 }.count
    let rest = prefix.dropLast().dropFirst(shared)
    unsafe block.shared[row] = UInt32(shared)
    unsafe block.rests[row] = UInt32(rest.count)
    for byte in rest { block.characters.append(byte) }
    block.own.counts.append(0)
    if row == BlockPacker.size - 1 || position == prefixes.count - 1 {
      try writer.append(block)
      block.removeAll()
    }
  }
  for file in try writer.end() { try file.seal(build: 0) }
  let blob = folder.appending(path: "prefix_blob.bin")
  var bytes = [UInt8](try Data(contentsOf: blob))
  damage(&bytes)
  try Data(bytes).write(to: blob)
  let place = try Descriptor.reading(folder.path)
  guard let offsets = try MappedFile("prefix_offsets.u64", in: place),
    let strings = try MappedFile("prefix_blob.bin", in: place)
  else { return }
  let column = try IndexColumn(
    "prefix_offsets.u64", offsets, try offsets.withBytes { try IndexHeader($0) })
  let header = try strings.withBytes { try IndexHeader($0) }
  try withExtendedLifetime((offsets, strings)) {
    try body(try PrefixStrings(strings, header, offsets: column))
  }
}

/// Which of `keys` are at their positions, looked at together.
private func verified(_ strings: PrefixStrings, _ keys: [(Int, [UInt8])]) throws -> [Bool] {
  var answers = [Bool](repeating: false, count: keys.count)
  let bytes = keys.flatMap(\.1) + [0]
  try unsafe bytes.withUnsafeBytes { bytes in
    try LookupRoom.with(keys.count) { (room) throws(FormatError) in
      var from = 0
      for (number, key) in keys.enumerated() {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[from...])
        guard let start = rest.baseAddress else { return }
        unsafe room.keys[number].key = start
        unsafe room.keys[number].length = key.1.count
        unsafe room.keys[number].place = UInt64(key.0)
        unsafe room.keys[number].range = try strings.range(key.0)
        unsafe room.present[number] = number
        from += key.1.count
      }
      let open = try strings.unfold(room, keys.count)
      strings.compare(room, try strings.goBack(room, open))
      for number in keys.indices {
        unsafe answers[number] = room.keys[number].match.differs == 0
      }
    }
  }
  return answers
}

/// What comparing with one key after the other says.
private func plainly(_ strings: PrefixStrings, _ position: Int, _ key: [UInt8]) throws -> Bool {
  try unsafe key.withUnsafeBytes { try unsafe strings.equals(position, $0) }
}

/// Sorted prefixes of a tree of names: each is a parent of the next, or a relative.
private func tree(
  _ count: Int, alphabet: [UInt8], names: ClosedRange<Int>, _ random: inout SeededGenerator
) -> [[UInt8]] {
  var all: Set<[UInt8]> = [[]]
  var parents: [[UInt8]] = [[]]
  while all.count < count {
    let parent = parents[Int.random(in: 0..<parents.count, using: &random)]
    var name: [UInt8] = []
    for _ in 0..<Int.random(in: names, using: &random) {
      name.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
    }
    // Half of the names begin as another does.
    if Bool.random(using: &random), let other = all.randomElement(using: &random),
      other.count > 2
    {
      name = Array(other.dropLast().suffix(Int.random(in: 1..<other.count, using: &random))) + name
    }
    let child = parent + name + [0x2f]
    guard child.count <= 65_000 else { continue }
    all.insert(child)
    if child.count < 400 { parents.append(child) }
  }
  return all.sorted { $0.lexicographicallyPrecedes($1) }
}

@Suite struct PrefixMatchTests {
  static let seed = UInt64.random(in: 0...UInt64.max)
  var random = SeededGenerator(Self.seed)

  /// Prefixes are found equal to themselves and to nothing like them, whichever way is taken.
  private mutating func check(_ prefixes: [[UInt8]], changes: Int, _ what: String) throws {
    var cases: [(Int, [UInt8], Bool)] = []
    for (position, prefix) in prefixes.enumerated() {
      cases.append((position, prefix, true))
      cases.append((position, prefix + [0x2f], false))
      cases.append((position, prefix + [0x61, 0x2f], false))
      if !prefix.isEmpty {
        cases.append((position, prefix.dropLast(), false))
        cases.append((position, Array(prefix.dropFirst()), false))
      }
      if position > 0 { cases.append((position - 1, prefix, false)) }
      let places =
        prefix.count <= changes
        ? Array(prefix.indices)
        : (0..<changes).map { _ in Int.random(in: prefix.indices, using: &random) }
      for place in places {
        var other = prefix
        other[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
        cases.append((position, other, false))
      }
    }
    try withStrings(prefixes, isRaw: Int.random(in: 0..<8, using: &random) == 0) { strings in
      var from = 0
      while from < cases.count {
        let part = cases[from..<min(cases.count, from + Int.random(in: 1...16, using: &random))]
        from = part.endIndex
        let answers = try verified(strings, part.map { ($0.0, $0.1) })
        for (answer, test) in zip(answers, part) {
          let plain = try plainly(strings, test.0, test.1)
          guard answer == test.2, plain == test.2 else {
            let key = test.1.prefix(80)
            Issue.record("\(what), seed \(Self.seed): \(test.0) \(key): \(answer), \(plain)")
            return
          }
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 9, 16, 17, 33, 64, 65, 127, 128, 129, 254])
  mutating func alphabets(_ size: Int) throws {
    let alphabet = (1...255).filter { $0 != 0x2f }.map { UInt8($0) }.prefix(size)
    for names in [1...1, 1...3, 2...24] where size > 1 || names.upperBound > 3 {
      let prefixes = tree(
        size == 1 ? 20 : 100, alphabet: Array(alphabet), names: names, &random)
      try check(prefixes, changes: 400, "\(size) characters, names of \(names)")
    }
  }

  @Test mutating func longNames() throws {
    let letters = Array("abcdefghijklmnopqrstuvwxyz-_0123456789".utf8)
    for names in [100...300, 1...300, 120...140] {
      try check(
        tree(200, alphabet: letters, names: names, &random), changes: 60, "names of \(names)")
    }
    try check(
      tree(70, alphabet: letters, names: 30_000...64_000, &random), changes: 5, "longest names")
  }

  /// A chain of 32 prefixes leads back through the whole block, and slashes are characters too.
  @Test mutating func chains() throws {
    var prefixes: [[UInt8]] = [[]]
    for _ in 0..<140 { prefixes.append((prefixes.last ?? []) + [0x61, 0x2f]) }
    try check(prefixes, changes: 400, "chain")
    prefixes = [[]]
    for _ in 0..<140 { prefixes.append((prefixes.last ?? []) + [0x2f]) }
    try check(prefixes, changes: 400, "slashes")
  }

  /// Whatever the bytes of a block are, an answer or a fault comes of them. What is found equal one way
  /// is so the other way; what differs before the damage is reached may be either.
  @Test mutating func damage() throws {
    let letters = Array("abcdefghijklmnopqrstuvwxyz/".utf8)
    let prefixes = tree(100, alphabet: letters, names: 1...12, &random)
    for _ in 0..<150 {
      var random = random
      let damage = { (bytes: inout [UInt8]) in
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: IndexHeader.length..<bytes.count, using: &random)
          bytes[place] = UInt8.random(in: 0...255, using: &random)
        }
      }
      try withStrings(prefixes, damage: damage) { strings in
        for (position, prefix) in prefixes.enumerated() {
          let plain = try? plainly(strings, position, prefix)
          let fast = try? verified(strings, [(position, prefix)])[0]
          #expect((plain ?? false) == (fast ?? false), "seed \(Self.seed), position \(position)")
        }
      }
      self.random = random
    }
  }
}
