extension PackedInts {
  /// Value `index` of bytes that begin at `start`; the caller knows that both are right.
  @inlinable @inline(__always)
  public func value(_ index: Int, from start: UnsafeRawPointer) -> UInt64 {
    let word = unsafe start.loadUnaligned(
      fromByteOffset: offset &+ index &* width, as: UInt64.self)
    return base &+ (UInt64(littleEndian: word) & mask)
  }

  /// The same of a column in which 0 is stored for what is absent, and `absent` for that.
  @inlinable @inline(__always)
  public func signed(_ index: Int, from start: UnsafeRawPointer, absent: Int64) -> Int64 {
    let word = unsafe start.loadUnaligned(
      fromByteOffset: offset &+ index &* width, as: UInt64.self)
    let stored = UInt64(littleEndian: word) & mask
    return stored == 0 ? absent : Int64(bitPattern: base &+ stored &- 1)
  }
}

/// How a column of integers is going to be packed.
public struct Packing: Equatable, Sendable {
  public let width: Int
  public let base: UInt64

  /// The packing of unsigned values.
  public init(unsigned values: Span<UInt64>) {
    var least = UInt64.max
    var greatest: UInt64 = 0
    for index in values.indices {
      least = min(least, values[index])
      greatest = max(greatest, values[index])
    }
    self.init(least: values.isEmpty ? 0 : least, range: values.isEmpty ? 0 : greatest &- least)
  }

  /// The packing of signed values of which `absent` is stored as 0.
  public init(signed values: Span<UInt64>, absent: Int64) {
    var least = Int64.max
    var greatest = Int64.min
    for index in values.indices {
      let value = Int64(bitPattern: values[index])
      if value == absent { continue }
      least = min(least, value)
      greatest = max(greatest, value)
    }
    if least > greatest {
      self.init(least: 0, range: 0)
    } else {
      let least = UInt64(bitPattern: least)
      self.init(least: least, range: UInt64(bitPattern: greatest) &- least &+ 1)
    }
  }

  private init(least: UInt64, range: UInt64) {
    base = least
    width = (64 - range.leadingZeroBitCount + 7) / 8
  }

  /// Writes `values` at `offset` of `bytes`, which must have room for them and eight bytes more.
  ///
  /// Stores eight bytes for each value, upwards, so that each corrects what the one before spilt.
  public func write(
    _ values: Span<UInt64>, absent: Int64? = nil, to bytes: inout [UInt8], at offset: Int
  ) {
    guard width > 0 else { return }
    precondition(offset >= 0 && offset + values.count * width + 8 <= bytes.count)
    let (width, base) = (width, base)
    unsafe bytes.withUnsafeMutableBytes { room in
      guard var place = unsafe room.baseAddress.map({ unsafe $0 + offset }) else { return }
      if let absent {
        for index in values.indices {
          let value = values[index]
          let stored = Int64(bitPattern: value) == absent ? 0 : value &- base &+ 1
          unsafe place.storeBytes(of: stored.littleEndian, as: UInt64.self)
          unsafe place += width
        }
      } else {
        for index in values.indices {
          let stored = values[index] &- base
          unsafe place.storeBytes(of: stored.littleEndian, as: UInt64.self)
          unsafe place += width
        }
      }
      unsafe place.storeBytes(of: 0, as: UInt64.self)
    }
  }
}
