// Times look-ups in an index: bench-lookup OUT. See ../README.md.

import Glibc
import InvBytes
import InvFormat
import InvSystem

/// Seconds that `body` takes for each of `count`, in nanoseconds.
func nanoseconds(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
  let start = Machine.clock
  try body()
  return (Machine.clock - start) * 1e9 / Double(count)
}

func row(_ what: String, _ values: [Double], _ beside: String = "") throws {
  let middle = values.sorted()[values.count / 2]
  let text = "| \(what) | \((middle * 10).rounded() / 10) | \(beside) |\n"
  try Descriptor.standardOutput.write(Array(text.utf8))
}

/// Keys of random entries, and keys like them that are not there.
struct Keys {
  var present = PrefixBatchKeys()
  var absent = PrefixBatchKeys()
  var wanted: [Int] = []

  mutating func add(_ prefix: [UInt8], at position: Int) {
    wanted.append(position)
    present.append(prefix)
    var other = prefix
    other[other.count / 2] ^= 0x80
    absent.append(other)
  }

  init() {}

  init(_ index: Index, count: Int) throws {
    var random = SystemRandomNumberGenerator()
    var prefix: [UInt8] = []
    for _ in 0..<count {
      let position = Int.random(in: 1..<index.count, using: &random)
      try index.strings.read(position, into: &prefix)
      add(prefix, at: position)
    }
  }

  /// Those that are present, sixteen in a batch.
  var parts: [PrefixBatchKeys] {
    stride(from: 0, to: wanted.count, by: 16).map { first in
      Keys(self, first..<min(first + 16, wanted.count)).present
    }
  }

  /// Some of `keys`; only these are touched, not the index.
  init(_ keys: Keys, _ range: Range<Int>) {
    for number in range {
      let start = number == 0 ? 0 : keys.present.ends[number - 1]
      add(Array(keys.present.bytes[start..<keys.present.ends[number]]), at: keys.wanted[number])
    }
  }
}

func single(_ index: Index, _ keys: PrefixBatchKeys) throws -> (Int, UInt64) {
  var (hits, sum) = (0, UInt64(0))
  var start = 0
  try keys.bytes.withUnsafeBytes { bytes in
    for end in keys.ends {
      let key = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      if let found = try index.find(key) {
        hits += 1
        sum &+= found.objects &+ found.bytes
      }
      start = end
    }
  }
  return (hits, sum)
}

/// Looks `keys` up with a call for each sixteen; answers how many are there.
func sixteens(
  _ index: Index, _ keys: [PrefixBatchKeys], _ found: inout [FoundPrefix]
) throws -> Int {
  var hits = 0
  for some in keys {
    try index.find(some, into: &found)
    for entry in found where entry.position != FoundPrefix.absent { hits += 1 }
  }
  return hits
}

/// Reads of single bytes of `file`, each at a place that the one before decides.
func chase(_ file: MappedFile, count: Int) -> Double {
  var place = Int.random(in: 0..<file.count)
  let salt = UInt64.random(in: 0...UInt64.max)
  var sum: UInt64 = 0
  let time = nanoseconds(count) {
    for step in 0..<count {
      let byte = file.start.load(fromByteOffset: place, as: UInt8.self)
      sum &+= UInt64(byte)
      let mixed = (salt &+ UInt64(byte) &+ UInt64(step)) &* 0x9E37_79B9_7F4A_7C15
      place = Int(mixed.multipliedFullWidth(by: UInt64(file.count)).high)
    }
  }
  return sum == 1 ? 0 : time
}

/// The middle of many short rounds, so that what else the machine does counts for little. The keys are
/// made long before, so that what was read for that is no longer at hand.
func measure(_ index: Index, _ file: MappedFile, rounds: Int, count: Int) throws {
  var times: [[Double]] = Array(repeating: [], count: 6)
  var found: [FoundPrefix] = []
  let all = try Keys(index, count: rounds * count * 3)
  for round in 0..<rounds {
    let first = round * count * 3
    let keys = Keys(all, first..<first + count)
    times[0].append(try nanoseconds(count) { try index.find(keys.present, into: &found) })
    guard found.map(\.position) == keys.wanted else { throw Wrong.answer }
    let others = Keys(all, first + count..<first + 2 * count)
    times[1].append(
      try nanoseconds(count) {
        guard try single(index, others.present).0 == count else { throw Wrong.answer }
      })
    times[2].append(try nanoseconds(count) { try index.find(keys.absent, into: &found) })
    guard found.allSatisfy({ $0.position == FoundPrefix.absent }) else { throw Wrong.answer }
    times[3].append(
      try nanoseconds(count) {
        guard try single(index, others.absent).0 == 0 else { throw Wrong.answer }
      })
    times[4].append(chase(file, count: count))
    let parts = Keys(all, first + 2 * count..<first + 3 * count).parts
    times[5].append(
      try nanoseconds(count) {
        guard try sixteens(index, parts, &found) == count else { throw Wrong.answer }
      })
  }
  try row("look-up, in batches of 16", times[0], "at most 120")
  try row("look-up, 16 in a call", times[5])
  try row("look-up, one at a time", times[1], "at most 400")
  try row("absent, in batches of 16", times[2], "no slower than present")
  try row("absent, one at a time", times[3], "no slower than present")
  try row("bare dependent random read of prefix_blob.bin", times[4])
}

enum Wrong: Error { case answer }

/// One kind of look-up and nothing else, for tools that count: the same keys each time. They are too
/// many for the processor to learn where their branches go.
func repeating(_ index: Index, _ what: String, rounds: Int) throws {
  let (count, sets) = (2000, 50)
  var keys = [Keys](repeating: Keys(), count: sets)
  var prefix: [UInt8] = []
  for number in 0..<sets * count {
    let position = 1 + number * 7919 % (index.count - 1)
    try index.strings.read(position, into: &prefix)
    keys[number / count].add(prefix, at: position)
  }
  var found: [FoundPrefix] = []
  var times: [Double] = []
  for round in 0..<rounds {
    let keys = keys[round % sets]
    times.append(
      try nanoseconds(count) {
        switch what {
        case "batch": try index.find(keys.present, into: &found)
        case "single": _ = try single(index, keys.present)
        case "absent": try index.find(keys.absent, into: &found)
        default: _ = try single(index, keys.absent)
        }
      })
  }
  try row(what, times, "least \(times.min() ?? 0)")
}

do {
  let path = CommandLine.arguments[1]
  let index = try Index(path)
  guard let file = try MappedFile("prefix_blob.bin", in: try Descriptor.reading(path)) else {
    exit(1)
  }
  if CommandLine.arguments.count > 3 {
    try repeating(index, CommandLine.arguments[2], rounds: Int(CommandLine.arguments[3]) ?? 0)
  } else {
    try measure(index, file, rounds: 100, count: 2000)
  }
} catch {
  try? Descriptor.standardError.write(Array("bench-lookup: \(error)\n".utf8))
  exit(1)
}
