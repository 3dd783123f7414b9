import InvBytes

/// Packs blocks of up to 128 integers: inv-index(5), "Packed and rising".
struct BlockPacker {
  /// What a directory says of a block.
  struct Entry: Equatable {
    static let length = 16

    var base: UInt64 = 0
    /// In units of eight bytes.
    var offset: UInt64 = 0
    var width: UInt64 = 0
    var exceptions: UInt64 = 0
    var exceptionWidth: UInt64 = 0
    var hasAbsent = false

    var word: UInt64 {
      offset | width << 40 | exceptions << 47 | exceptionWidth << 55 | (hasAbsent ? 1 << 62 : 0)
    }
  }

  static let size = 128

  private var stored: [UInt64] = []
  private var bits = BitWriter()
  /// How many values need how many bits.
  private var histogram = [Int](repeating: 0, count: 65)

  /// The block that was packed last.
  var bytes: [UInt8] { bits.bytes }

  /// Packs `values`; `signed` values may be `absentInt`.
  mutating func pack(_ values: ArraySlice<UInt64>, rising: Bool, signed: Bool) -> Entry {
    var entry = Entry()
    entry.base = store(values, rising: rising, signed: signed, &entry.hasAbsent)
    choose(&entry)
    bits.removeAll()
    let (width, mark) = (entry.width, Self.mask(entry.width))
    if entry.exceptions == 0 {
      for value in stored { bits.append(value, width: width) }
      bits.align(to: 8)
      return entry
    }
    for value in stored {
      bits.append(value > mark ? mark : value, width: width)
    }
    bits.align(to: 8)
    for (place, value) in stored.enumerated() where value > mark {
      bits.append(UInt64(place), width: 8)
    }
    bits.align(to: 8)
    for value in stored where value > mark { bits.append(value, width: entry.exceptionWidth) }
    bits.align(to: 8)
    return entry
  }

  private static func mask(_ width: UInt64) -> UInt64 { width == 64 ? .max : (1 << width) &- 1 }

  /// Sets `stored` to the values less their base, which it answers.
  private mutating func store(
    _ values: ArraySlice<UInt64>, rising: Bool, signed: Bool, _ hasAbsent: inout Bool
  ) -> UInt64 {
    stored.removeAll(keepingCapacity: true)
    // Signed numbers sort as unsigned ones when their highest bit is turned round.
    let flip: UInt64 = signed ? 1 << 63 : 0
    var least = UInt64.max
    var step: UInt64 = 0
    for value in values {
      stored.append(value &- step)
      if rising { step &+= 1 }
      if signed && value == flip { hasAbsent = true } else { least = min(least, (value &- (rising ? step &- 1 : 0)) ^ flip) }
    }
    let base = least ^ flip
    if hasAbsent {
      let none = least == .max
      for index in stored.indices {
        stored[index] = stored[index] == flip ? 0 : stored[index] &- base &+ 1
      }
      return none ? 0 : base
    }
    for index in stored.indices { stored[index] &-= base }
    return values.isEmpty ? 0 : base
  }

  /// Chooses the widths that take the least room; the lesser width of two that take the same.
  private mutating func choose(_ entry: inout Entry) {
    for index in histogram.indices { histogram[index] = 0 }
    for value in stored { histogram[64 - value.leadingZeroBitCount] += 1 }
    let greatest = histogram.lastIndex { $0 > 0 } ?? 0
    let exceptionWidth = greatest > 56 ? 64 : greatest
    var best = Int.max
    var above = stored.count
    for width in 0...64 {
      above -= histogram[width]
      guard width <= 56 || width == 64 else { continue }
      func words(_ bits: Int) -> Int { (bits + 63) / 64 * 8 }
      let exceptions = above == 0 ? 0 : (above + 7) / 8 * 8 + words(above * exceptionWidth)
      let cost = words(stored.count * width) + exceptions
      if cost < best {
        best = cost
        entry.width = UInt64(width)
        entry.exceptions = UInt64(above)
        entry.exceptionWidth = above == 0 ? 0 : UInt64(exceptionWidth)
      }
      if above == 0 { break }
    }
  }
}
