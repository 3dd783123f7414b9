import InvBytes
import InvSystem

/// Writes the prefixes of an index, front-coded in blocks: inv-index(5), "Prefixes".
final class PrefixStringWriter {
  static let blockSize = 32

  private let file: IndexFileWriter
  private let offsets: ColumnWriter
  private var count: UInt64 = 0
  /// Of the present block: what each shares with the one before, and the lengths and bytes of rests.
  private var shared: [UInt64] = []
  private var lengths: [UInt64] = []
  private var characters: [UInt8] = []
  private var bits = BitWriter()

  init(in place: IndexPlace) throws(Failure) {
    file = try IndexFileWriter("prefix_blob.bin", in: place)
    offsets = try ColumnWriter("prefix_offsets.u64", in: place)
  }

  /// Adds a prefix, `path[..<length]`, which shares `common` bytes with the one before.
  @inline(__always)
  func append(_ path: [UInt8], length: Int, sharing common: Int) throws(Failure) {
    let start = shared.isEmpty ? 0 : common
    // Every prefix but the root ends in a slash.
    let end = max(0, length - 1)
    shared.append(UInt64(start))
    lengths.append(UInt64(end - start))
    characters.append(contentsOf: path[start..<end])
    count += 1
    if shared.count == Self.blockSize { try flush() }
  }

  private func flush() throws(Failure) {
    try offsets.append(file.length)
    try file.append(block())
    shared.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    characters.removeAll(keepingCapacity: true)
  }

  private func block() -> [UInt8] {
    var occurs = [Bool](repeating: false, count: 256)
    for byte in characters { occurs[Int(byte)] = true }
    let alphabet = (0..<256).filter { occurs[$0] }
    let width = max(1, Int.bitWidth - max(0, alphabet.count - 1).leadingZeroBitCount)
    var block: [UInt8] = [UInt8(width)]
    let sharing = Reference(shared.dropFirst())
    let rest = Reference(lengths.dropFirst())
    block += [UInt8(sharing.width), UInt8(rest.width), width == 8 ? 0 : UInt8(alphabet.count)]
    for number in [sharing.base, rest.base, lengths.first ?? 0] {
      block.append(littleEndian: UInt16(number))
    }
    var numbers = [UInt64](0...255)
    if width < 8 {
      for (number, byte) in alphabet.enumerated() {
        block.append(UInt8(byte))
        numbers[byte] = UInt64(number)
      }
    }
    bits.removeAll()
    for value in shared.dropFirst() { bits.append(value - sharing.base, width: sharing.width) }
    for value in lengths.dropFirst() { bits.append(value - rest.base, width: rest.width) }
    for byte in characters { bits.append(numbers[Int(byte)], width: UInt64(width)) }
    bits.align(to: 1)
    return block + bits.bytes
  }

  /// The least of some numbers and the bits that their distance from it needs.
  private struct Reference {
    let base: UInt64
    let width: UInt64

    init(_ numbers: ArraySlice<UInt64>) {
      base = numbers.min() ?? 0
      width = UInt64(64 - ((numbers.max() ?? 0) - base).leadingZeroBitCount)
    }
  }

  /// Writes what is left.
  func end() throws(Failure) -> [IndexFileWriter] {
    if !shared.isEmpty { try flush() }
    try offsets.append(file.length)
    try file.append([UInt8](repeating: 0, count: 8))
    try file.end(IndexHeader(.strings, count: count))
    return [file, try offsets.end()]
  }
}
