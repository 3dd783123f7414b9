import Foundation
import InvBytes
import InvSystem
import Testing

@testable import InvFormat

/// Reads numbers of any width bit by bit: inv-index(5), as simply as can be.
struct PlainBits {
  let bytes: [UInt8]
  var bit: Int

  init(_ bytes: [UInt8], at byte: Int = 0) {
    self.bytes = bytes
    bit = byte * 8
  }

  mutating func take(_ width: Int) -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<width {
      if bytes[bit / 8] >> UInt8(bit % 8) & 1 == 1 { value |= 1 << UInt64(place) }
      bit += 1
    }
    return value
  }

  /// Goes on at the next multiple of `unit` bytes; what is skipped must be zero.
  mutating func align(to unit: Int) {
    while bit % (unit * 8) != 0 { #expect(take(1) == 0) }
  }
}

/// The values of a packed block, nil for those that are absent: inv-index(5), "Packed and rising".
func unpacked(
  _ entry: BlockPacker.Entry, _ bytes: [UInt8], at start: Int = 0, count: Int, rising: Bool
) -> [UInt64?] {
  var bits = PlainBits(bytes, at: start)
  let mark = entry.width == 64 ? UInt64.max : 1 << entry.width - 1
  var values = (0..<count).map { _ in bits.take(Int(entry.width)) }
  bits.align(to: 8)
  let places = (0..<Int(entry.exceptions)).map { _ in Int(bits.take(8)) }
  #expect(places == Set(places).sorted())
  bits.align(to: 8)
  for place in places {
    #expect(values[place] == mark)
    values[place] = bits.take(Int(entry.exceptionWidth))
  }
  return values.enumerated().map { index, value in
    if entry.hasAbsent && value == 0 { return nil }
    let stored = entry.hasAbsent ? value - 1 : value
    return entry.base &+ stored &+ (rising ? UInt64(index) : 0)
  }
}

/// What the directory says in two words.
func entry(_ base: UInt64, _ word: UInt64) -> BlockPacker.Entry {
  #expect(word >> 63 == 0)
  return BlockPacker.Entry(
    base: base, offset: word & (1 << 40 - 1), width: word >> 40 & 127, exceptions: word >> 47 & 255,
    exceptionWidth: word >> 55 & 127, hasAbsent: word >> 62 & 1 == 1)
}

/// Runs `body` with a folder for the files of an index.
func withPlace<Result>(raw: Bool = false, _ body: (IndexPlace) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "inv-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(IndexPlace(folder: folder.path, temporary: nil, isRaw: raw))
}

/// The header and the payload of a file of an index, as they are once it is sealed.
func sealed(_ file: IndexFileWriter, _ place: IndexPlace) throws -> (IndexHeader, [UInt8]) {
  try file.seal(build: 7)
  let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(place.folder)/\(file.name)")))
  let header = try IndexHeader(bytes.raw)
  #expect(header.build == 7 && header.payloadChecksum == XXH64.hash([UInt8](bytes[64...]).raw))
  return (header, [UInt8](bytes[64...]))
}

/// The values of a column.
func column(_ file: IndexFileWriter, _ place: IndexPlace) throws -> [UInt64?] {
  let (header, bytes) = try sealed(file, place)
  let (count, directory) = (Int(header.count), Int(header.directory))
  #expect(header.encoding == .packed || header.encoding == .rising)
  #expect(bytes.count == directory + (count + 127) / 128 * 16)
  return (0..<(count + 127) / 128).flatMap { block in
    let (base, word) = (
      bytes.raw.u64(at: directory + block * 16), bytes.raw.u64(at: directory + block * 16 + 8)
    )
    let entry = entry(base, word)
    return unpacked(
      entry, bytes, at: Int(entry.offset) * 8, count: min(128, count - block * 128),
      rising: header.encoding == .rising)
  }
}
