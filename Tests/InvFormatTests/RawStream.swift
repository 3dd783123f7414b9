import InvBytes
import InvFormat

/// A stream taken apart into its frames, to be put together again with something wrong.
struct RawStream {
  struct RawFrame {
    var type: UInt8
    var codec: UInt8 = 0
    var reserved: UInt16 = 0
    var rows: UInt32 = 0
    var payload: [UInt8]
    /// In place of the payload's length.
    var decodedLength: UInt32?

    init(_ type: Character, rows: UInt32 = 0, _ payload: [UInt8]) {
      self.type = type.asciiValue ?? 0
      self.rows = rows
      self.payload = payload
    }

    init(_ type: Character, _ text: String) { self.init(type, Array(text.utf8)) }

    var sections: RawSections {
      get { RawSections(payload) }
      set { payload = newValue.bytes }
    }

    var text: String {
      get { String(decoding: payload, as: UTF8.self) }
      set { payload = Array(newValue.utf8) }
    }
  }

  var header: String
  var frames: [RawFrame] = []
  /// Changes the finished bytes.
  var finish: (inout [UInt8]) -> Void = { _ in }
  /// The last 16 bytes of the footer, where they are not to be right.
  var indexOffset: UInt64?
  var footerOffset: UInt64?
  var hasFooterOffsets = true

  init(_ bytes: [UInt8]) {
    let raw = bytes.raw
    let length = Int(raw.u32(at: 12))
    header = String(decoding: bytes[32..<32 + length], as: UTF8.self)
    var at = 32 + length
    while at < bytes.count {
      let stored = Int(raw.u32(at: at + 16))
      var frame = RawFrame(
        "B", rows: raw.u32(at: at + 12), Array(bytes[(at + 24)...].prefix(stored)))
      (frame.type, frame.codec) = (bytes[at + 8], bytes[at + 9])
      at += 24 + stored
      if frame.codec != 0 { frame.decodedLength = raw.u32(at: at - stored - 4) }
      frames.append(frame)
    }
  }

  /// The place of the first frame of that type.
  func place(_ type: Character) -> Int {
    frames.firstIndex { $0.type == type.asciiValue } ?? frames.count
  }

  subscript(type: Character) -> RawFrame {
    get { frames[place(type)] }
    set { frames[place(type)] = newValue }
  }

  /// Drops all frames but the footer.
  mutating func keepFooter() { frames = [self["E"]] }

  /// The lines of the footer.
  var footer: String {
    get { String(decoding: self["E"].payload.dropLast(16), as: UTF8.self) }
    set { self["E"].payload = Array(newValue.utf8) + self["E"].payload.suffix(16) }
  }

  /// The stream with its checksums right.
  var bytes: [UInt8] {
    var bytes = Container.magic
    bytes.append(littleEndian: UInt16(1))
    bytes.append(littleEndian: UInt16(0))
    bytes.append(littleEndian: UInt32(header.utf8.count))
    bytes.append(littleEndian: XXH64.hash(Array(header.utf8).raw))
    bytes.append(littleEndian: UInt64(0))
    bytes += header.utf8
    var index: UInt64 = 0
    let isIndexed = frames.contains { $0.type == 0x45 && $0.payload.suffix(16).first != 0 }
    for var frame in frames {
      let place = UInt64(bytes.count)
      if frame.type == 0x49, index == 0 { index = place }
      if frame.type == 0x45, hasFooterOffsets {
        let lines = frame.payload.dropLast(16)
        frame.payload = Array(lines)
        let empty = isIndexed ? place : 0
        frame.payload.append(littleEndian: indexOffset ?? (index > 0 ? index : empty))
        frame.payload.append(littleEndian: footerOffset ?? place)
      }
      bytes += Self.sealed(frame)
    }
    finish(&bytes)
    return bytes
  }

  private static func sealed(_ frame: RawFrame) -> [UInt8] {
    var rest = [frame.type, frame.codec]
    rest.append(littleEndian: frame.reserved)
    rest.append(littleEndian: frame.rows)
    rest.append(littleEndian: UInt32(frame.payload.count))
    rest.append(littleEndian: frame.decodedLength ?? UInt32(frame.payload.count))
    rest += frame.payload
    var bytes: [UInt8] = []
    bytes.append(littleEndian: XXH64.hash(rest.raw))
    return bytes + rest
  }
}

/// The sections of a payload, taken apart.
struct RawSections {
  struct Section {
    var sort: UInt8
    var width: UInt8
    var reserved: UInt16
    var count: UInt32
    var base: UInt64
    var bytes: [UInt8]

    /// A section of integers with the values given, eight bytes each.
    static func integers(_ values: [UInt64]) -> Section {
      var bytes: [UInt8] = []
      for value in values { bytes.append(littleEndian: value) }
      return Section(
        sort: 0, width: 8, reserved: 0, count: UInt32(values.count), base: 0, bytes: bytes)
    }

    var values: [UInt64] {
      let ints = PackedInts(offset: 0, width: Int(width), count: Int(count), base: base)
      let padded = bytes + [0, 0, 0, 0, 0, 0, 0, 0]
      return (0..<Int(count)).map { ints.value($0, in: padded.raw) }
    }
  }

  var number: UInt32
  var all: [Section] = []
  var tail: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
  /// In place of how many there are.
  var count: UInt32?

  init(_ payload: [UInt8]) {
    let raw = payload.raw
    number = raw.u32(at: 4)
    let count = Int(raw.u32(at: 0))
    var at = 8 + 16 * count
    for index in 0..<count {
      let place = 8 + 16 * index
      var section = Section(
        sort: payload[place], width: payload[place + 1], reserved: 0,
        count: raw.u32(at: place + 4), base: raw.u64(at: place + 8), bytes: [])
      let length = Int(section.width) * Int(section.count)
      section.bytes = Array(payload[at..<at + length])
      at += length
      all.append(section)
    }
  }

  /// Section `index` as integers.
  subscript(index: Int) -> [UInt64] {
    get { all[index].values }
    set { all[index] = .integers(newValue) }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: count ?? UInt32(all.count))
    bytes.append(littleEndian: number)
    for section in all {
      bytes += [section.sort, section.width]
      bytes.append(littleEndian: section.reserved)
      bytes.append(littleEndian: section.count)
      bytes.append(littleEndian: section.base)
    }
    for section in all { bytes += section.bytes }
    return bytes + tail
  }
}
