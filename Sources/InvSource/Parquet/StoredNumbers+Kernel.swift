import InvBytes

// Numbers of fixed width as Parquet stores them, one after another or split into streams of bytes. Each
// function sees to it that the bytes are there.

extension [Int64] {
  /// Appends `count` little-endian integers of `width` bytes, 4 or 8, with sign.
  mutating func append(_ page: RawSpan, at start: Int, width: Int, count: Int) {
    guard count > 0 else { return }
    precondition(width == 4 || width == 8)
    precondition(start >= 0 && start + count * width <= page.byteCount)
    append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { target, filled in
        unsafe page.withUnsafeBytes { source in
          guard let first = unsafe source.baseAddress.map({ unsafe $0 + start }) else { return }
          if width == 8 {
            for index in 0..<count {
              unsafe target[index] = Int64(
                littleEndian: first.loadUnaligned(fromByteOffset: index &* 8, as: Int64.self))
            }
          } else {
            for index in 0..<count {
              unsafe target[index] = Int64(
                Int32(littleEndian: first.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self))
              )
            }
          }
          filled = count
        }
      }
    }
  }

  /// Appends `count` bits from bit `bit` on, the lowest of each byte first.
  mutating func appendBits(_ page: RawSpan, at bit: Int, count: Int) {
    for place in bit..<bit + count {
      append(Int64(page.u8(at: place >> 3) >> (place & 7) & 1))
    }
  }
}

extension [Double] {
  /// Appends `count` little-endian numbers of `width` bytes, 4 or 8.
  mutating func append(_ page: RawSpan, at start: Int, width: Int, count: Int) {
    precondition(width == 4 || width == 8)
    for index in 0..<count {
      let place = start + index * width
      append(
        width == 8
          ? Double(bitPattern: page.u64(at: place))
          : Double(Float(bitPattern: page.u32(at: place))))
    }
  }
}

extension [UInt8] {
  /// Appends values `first..<first + count` of `width` bytes each, of which byte i of all `total` stand
  /// together from `start + i * total` on.
  mutating func appendSplit(
    _ page: RawSpan, at start: Int, width: Int, total: Int, first: Int, count: Int
  ) {
    guard count > 0 else { return }
    precondition(start >= 0 && width > 0 && first >= 0 && first + count <= total)
    precondition(start + width * total <= page.byteCount)
    append(addingCapacity: count * width) { output in
      unsafe output.withUnsafeMutableBufferPointer { target, filled in
        unsafe page.withUnsafeBytes { source in
          for byte in 0..<width {
            let stream = start &+ byte &* total &+ first
            for index in 0..<count {
              unsafe target[index &* width &+ byte] = source[stream &+ index]
            }
          }
          filled = count * width
        }
      }
    }
  }
}
