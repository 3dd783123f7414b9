import InvBytes

/// Packs blocks of up to 128 integers: inv-index(5), "Packed and rising".
enum BlockPacker {
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

  /// How the values of a column are to be taken.
  struct Form {
    var isRising = false
    /// Signed values may be `absentInt`.
    var isSigned = false
  }

  static let size = 128
  /// More bytes than any block takes, with those that may be written behind it.
  static let room = 4096

  /// Packs `count` values into `room`; answers how many bytes that took.
  static func pack(
    _ values: UnsafePointer<UInt64>, _ count: Int, _ form: Form,
    into room: UnsafeMutablePointer<UInt8>, _ entry: inout Entry
  ) -> Int {
    unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size) { stored in
      guard let start = stored.baseAddress, count > 0 else { return 0 }
      let mixed = unsafe store(values, count, form, in: start, &entry)
      if mixed == 0 { return 0 }
      unsafe choose(start, count, mixed, &entry)
      return unsafe write(start, count, entry, into: room)
    }
  }

  /// Sets `stored` to what is stored for the values, and the base; answers all their bits together.
  @inline(__always)
  private static func store(
    _ values: UnsafePointer<UInt64>, _ count: Int, _ form: Form,
    in stored: UnsafeMutablePointer<UInt64>, _ entry: inout Entry
  ) -> UInt64 {
    var mixed: UInt64 = 0
    if form.isSigned { return unsafe storeSigned(values, count, in: stored, &entry) }
    if form.isRising {
      for index in 0..<count {
        unsafe stored[index] = values[index] &- UInt64(truncatingIfNeeded: index)
      }
    } else {
      unsafe stored.update(from: values, count: count)
    }
    var least = UInt64.max
    for index in 0..<count { unsafe least = min(least, stored[index]) }
    for index in 0..<count {
      unsafe stored[index] &-= least
      unsafe mixed |= stored[index]
    }
    entry.base = least
    return mixed
  }

  @inline(__always)
  private static func storeSigned(
    _ values: UnsafePointer<UInt64>, _ count: Int, in stored: UnsafeMutablePointer<UInt64>,
    _ entry: inout Entry
  ) -> UInt64 {
    let absent = UInt64(bitPattern: absentInt)
    var least = Int64.max
    for index in 0..<count {
      let value = unsafe Int64(bitPattern: values[index])
      if value == absentInt { entry.hasAbsent = true } else { least = min(least, value) }
    }
    let base = UInt64(bitPattern: least)
    var mixed: UInt64 = 0
    var isAllAbsent = true
    for index in 0..<count {
      let value = unsafe values[index]
      var rest = value &- base &+ (entry.hasAbsent ? 1 : 0)
      if value == absent { rest = 0 } else { isAllAbsent = false }
      unsafe stored[index] = rest
      mixed |= rest
    }
    entry.base = isAllAbsent ? 0 : base
    return mixed
  }

  /// The width that a value is stored in: 57 to 63 are taken as 64.
  @inline(__always)
  private static func width(_ value: UInt64) -> Int {
    let width = 64 &- value.leadingZeroBitCount
    return width > 56 ? 64 : width
  }

  /// Chooses the widths that take the least room; the lesser width of two that take the same.
  private static func choose(
    _ stored: UnsafePointer<UInt64>, _ count: Int, _ mixed: UInt64, _ entry: inout Entry
  ) {
    let greatest = width(mixed)
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 72) { counts in
      unsafe counts.update(repeating: 0)
      for index in 0..<count { unsafe counts[width(stored[index])] &+= 1 }
      var best = Int.max
      var above = count
      for width in 0...greatest {
        let here = unsafe Int(counts[width])
        // Where no value has just this width, a lesser one does as well.
        if here == 0 && width > 0 { continue }
        above &-= here
        var cost = words(count &* width)
        if above > 0 { cost &+= (above &+ 7) / 8 &* 8 &+ words(above &* greatest) }
        if cost < best {
          best = cost
          entry.width = UInt64(truncatingIfNeeded: width)
          entry.exceptions = UInt64(truncatingIfNeeded: above)
        }
      }
    }
    entry.exceptionWidth = entry.exceptions == 0 ? 0 : UInt64(greatest)
  }

  @inline(__always)
  private static func words(_ bits: Int) -> Int { (bits &+ 63) / 64 &* 8 }

  @inline(__always)
  private static func write(
    _ stored: UnsafePointer<UInt64>, _ count: Int, _ entry: Entry,
    into room: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var bits = unsafe BitRoom(room)
    let width = entry.width
    if entry.exceptions == 0 {
      for index in 0..<count { unsafe bits.add(stored[index], width) }
    } else {
      let mark = width == 64 ? UInt64.max : (1 &<< width) &- 1
      for index in 0..<count { unsafe bits.add(min(stored[index], mark), width) }
      bits.alignToWords()
      for index in 0..<count where unsafe stored[index] > mark {
        bits.add(UInt64(truncatingIfNeeded: index), 8)
      }
      bits.alignToWords()
      for index in 0..<count where unsafe stored[index] > mark {
        unsafe bits.add(stored[index], entry.exceptionWidth)
      }
    }
    bits.alignToWords()
    return unsafe bits.end() - room
  }
}
