import InvBytes
import InvSystem

/// Writes the prefixes of an index, front-coded in blocks, or in full: inv-index(5), "Prefixes".
@safe final class PrefixStringWriter {
  static let blockSize = 32

  private let file: IndexFileWriter
  private let offsets: ColumnWriter
  private let isRaw: Bool
  private var count: UInt64 = 0
  /// Where the prefixes are put together that are written in full.
  private let path: UnsafeMutablePointer<UInt8>
  /// What each byte is among those that occur.
  private let numbers = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)

  init(in place: IndexPlace) throws(Failure) {
    file = try IndexFileWriter("prefix_blob.bin", in: place)
    offsets = try ColumnWriter("prefix_offsets.u64", in: place)
    isRaw = place.isRaw
    unsafe path = .allocate(capacity: Container.keyLimit + 8)
  }

  deinit {
    unsafe path.deallocate()
    unsafe numbers.deallocate()
  }

  /// Adds the prefixes of a block; all blocks but the last are whole.
  func append(_ block: EntryBlock) throws(Failure) {
    if isRaw { return try appendWhole(block) }
    var first = 0
    var at = 0
    while first < block.count {
      let count = min(Self.blockSize, block.count - first)
      var length = 0
      for row in first..<first + count { unsafe length += Int(block.rests[row]) }
      try offsets.append(file.length)
      // The header, two lengths of at most 17 bits for each, a byte for each character, and more.
      let room = unsafe try file.room(for: 512 + count * 5 + length)
      let characters = unsafe block.characters.start + at
      let end = unsafe pack(block, first, count, characters, length, into: room)
      try file.advance(by: unsafe end - room)
      first += count
      at += length
    }
    count += UInt64(block.count)
  }

  private func appendWhole(_ block: EntryBlock) throws(Failure) {
    var at = 0
    for row in 0..<block.count {
      let (shared, rest) = unsafe (Int(block.shared[row]), Int(block.rests[row]))
      unsafe (path + shared).update(from: block.characters.start + at, count: rest)
      at += rest
      var length = shared + rest
      // Only the root does not end in a slash.
      if count > 0 {
        unsafe path[length] = 0x2f
        length += 1
      }
      try offsets.append(file.length)
      unsafe try file.append(UnsafeRawBufferPointer(start: path, count: length))
      count += 1
    }
  }

  /// Packs `count` prefixes from `first` on, whose `length` characters are given; answers the end.
  private func pack(
    _ block: EntryBlock, _ first: Int, _ count: Int, _ characters: UnsafePointer<UInt8>,
    _ length: Int, into room: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    var different = unsafe number(characters, length, room + 10)
    let width = UInt64(max(1, Int.bitWidth - max(0, different - 1).leadingZeroBitCount))
    if width == 8 {
      for byte in 0..<256 { unsafe numbers[byte] = UInt8(byte) }
      different = 0
    }
    let sharing = unsafe Reference(block.shared + first + 1, count - 1)
    let rest = unsafe Reference(block.rests + first + 1, count - 1)
    unsafe room[0] = UInt8(width)
    unsafe room[1] = UInt8(sharing.width)
    unsafe room[2] = UInt8(rest.width)
    unsafe room[3] = UInt8(different)
    let head = UnsafeMutableRawPointer(room)
    for (place, number) in unsafe [sharing.least, rest.least, block.rests[first]].enumerated() {
      unsafe head.storeBytes(
        of: UInt16(number).littleEndian, toByteOffset: 4 + 2 * place, as: UInt16.self)
    }
    var bits = unsafe BitRoom(room + 10 + different)
    for row in first + 1..<first + count {
      unsafe bits.add(UInt64(block.shared[row] &- sharing.least), sharing.width)
    }
    for row in first + 1..<first + count {
      unsafe bits.add(UInt64(block.rests[row] &- rest.least), rest.width)
    }
    var index = 0
    while index &+ 4 <= length {
      var four = unsafe UInt64(numbers[Int(characters[index])])
      unsafe four |= UInt64(numbers[Int(characters[index &+ 1])]) &<< width
      unsafe four |= UInt64(numbers[Int(characters[index &+ 2])]) &<< (2 &* width)
      unsafe four |= UInt64(numbers[Int(characters[index &+ 3])]) &<< (3 &* width)
      bits.add(four, 4 &* width)
      index &+= 4
    }
    while index < length {
      unsafe bits.add(UInt64(numbers[Int(characters[index])]), width)
      index &+= 1
    }
    return unsafe bits.end()
  }

  /// Numbers the bytes that occur, and lists them in `room`, rising; answers how many there are.
  private func number(
    _ characters: UnsafePointer<UInt8>, _ length: Int, _ room: UnsafeMutablePointer<UInt8>
  ) -> Int {
    unsafe numbers.update(repeating: 0, count: 256)
    for index in 0..<length { unsafe numbers[Int(characters[index])] = 1 }
    var different = 0
    for eight in 0..<32 {
      let place = unsafe UnsafeRawPointer(numbers + eight * 8)
      var marks = unsafe UInt64(littleEndian: place.load(as: UInt64.self))
      while marks != 0 {
        let byte = eight &* 8 &+ marks.trailingZeroBitCount / 8
        marks &= marks &- 1
        unsafe numbers[byte] = UInt8(truncatingIfNeeded: different)
        unsafe room[different] = UInt8(truncatingIfNeeded: byte)
        different &+= 1
      }
    }
    return different
  }

  /// The least of some numbers and the bits that their distance from it needs.
  private struct Reference {
    let least: UInt32
    let width: UInt64

    init(_ numbers: UnsafePointer<UInt32>, _ count: Int) {
      var (least, greatest) = (UInt32.max, UInt32.min)
      for index in 0..<count {
        unsafe least = min(least, numbers[index])
        unsafe greatest = max(greatest, numbers[index])
      }
      self.least = count > 0 ? least : 0
      width = count > 0 ? UInt64(32 - (greatest - least).leadingZeroBitCount) : 0
    }
  }

  /// Writes what is left.
  func end() throws(Failure) -> [IndexFileWriter] {
    try offsets.append(file.length)
    if isRaw {
      try file.end(IndexHeader(.rawStrings, count: count))
    } else {
      try file.append([UInt8](repeating: 0, count: 8))
      try file.end(IndexHeader(.strings, count: count))
    }
    return [file, try offsets.end()]
  }
}
