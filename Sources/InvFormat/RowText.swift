import InvBytes
import InvText

// What a field of a row looks like in the text twin of a stream; none of these allocates.

extension [UInt8] {
  /// Appends the digits of `number`.
  @inline(__always)
  mutating func write(_ number: UInt64) { append(decimal: number) }

  /// Appends the digits of `number` with its sign.
  mutating func write(signed number: Int64) {
    if number < 0 { append(0x2d) }
    write(number.magnitude)
  }

  /// Appends a time: in RFC 3339, or `@` and its seconds where the year has not four digits.
  mutating func write(time: Int64) {
    if !Timestamp.append(time, to: &self) {
      append(0x40)
      write(signed: time)
    }
  }

  /// Appends a key as the first field of a line, which must not begin like a line of another sort.
  @inline(__always)
  mutating func write(key: [UInt8]) {
    if key.first == 0x23 {
      self += [0x5c, 0x78, 0x32, 0x33]
      TextEscape.append(key.dropFirst(), to: &self)
    } else if isPlain(key.raw, marks: 0x5c7f) {
      self += key
    } else {
      TextEscape.append(key, to: &self)
    }
  }

  /// Appends a word, which is never the first field of a line.
  mutating func write(word: [UInt8]) { TextEscape.append(word, to: &self) }

  /// Appends `bytes` as a JSON string.
  @inline(__always)
  mutating func write(json bytes: [UInt8]) {
    if isPlain(bytes.raw, marks: 0x5c22), isASCII(bytes.raw) {
      append(0x22)
      self += bytes
      append(0x22)
    } else {
      JSON.appendString(bytes, to: &self)
    }
  }

  /// Appends a field that stands among others in a cell: also commas, semicolons and equals signs are
  /// escaped.
  mutating func write(value: [UInt8]) {
    for byte in value {
      switch byte {
      case 0x2c: self += [0x5c, 0x78, 0x32, 0x63]
      case 0x3b: self += [0x5c, 0x78, 0x33, 0x62]
      case 0x3d: self += [0x5c, 0x78, 0x33, 0x64]
      default: TextEscape.append(CollectionOfOne(byte), to: &self)
      }
    }
  }

  /// Appends a byte of a file: what is not ASCII is escaped too.
  mutating func write(chunkByte byte: UInt8) {
    if byte < 0x80 {
      TextEscape.append(CollectionOfOne(byte), to: &self)
    } else {
      let digits: [UInt8] = Array("0123456789abcdef".utf8)
      self += [0x5c, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
}

/// Whether no byte is below 0x20 or one of the two in `marks`; may say no where it is so.
@inline(__always)
private func isPlain(_ bytes: RawSpan, marks: UInt64) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let first = (marks & 0xff) &* ones
  let second = (marks >> 8) &* ones
  var found: UInt64 = 0
  var at = 0
  while at &+ 8 <= bytes.byteCount {
    let word = bytes.u64(at: at)
    let (a, b) = (word ^ first, word ^ second)
    found |= (word &- (0x20 &* ones)) & ~word | (a &- ones) & ~a | (b &- ones) & ~b
    at &+= 8
  }
  if found & (0x80 &* ones) != 0 { return false }
  while at < bytes.byteCount {
    let byte = UInt64(bytes.u8(at: at))
    if byte < 0x20 || byte == marks & 0xff || byte == marks >> 8 { return false }
    at &+= 1
  }
  return true
}

@inline(__always)
private func isASCII(_ bytes: RawSpan) -> Bool {
  var all: UInt64 = 0
  var at = 0
  while at &+ 8 <= bytes.byteCount {
    all |= bytes.u64(at: at)
    at &+= 8
  }
  while at < bytes.byteCount {
    // 0x7f is escaped too.
    let byte = UInt64(bytes.u8(at: at))
    all |= byte == 0x7f ? 0x80 : byte
    at &+= 1
  }
  return all & 0x8080_8080_8080_8080 == 0
}
