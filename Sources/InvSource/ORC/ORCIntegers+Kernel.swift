extension ORCIntegers {
  /// Decodes runs from `bytes[position..<end]` to behind the first `filled` of `values`: at least one,
  /// and more while a whole run is sure to be there and to fit. What is wrong, if anything is.
  ///
  /// At least 64 bytes follow `end`, and at least `longestRun` values the first `filled`.
  static func decode(
    _ bytes: [UInt8], _ position: inout Int, _ end: Int, isLast: Bool, isSecond: Bool,
    isSigned: Bool, into values: inout [Int64], _ filled: inout Int
  ) -> String? {
    precondition(position >= 0 && position < end && bytes.count - end >= 64)
    precondition(filled >= 0 && values.count - filled >= longestRun)
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe values.withUnsafeMutableBufferPointer { values in
        guard let start = bytes.baseAddress, let target = values.baseAddress else { return nil }
        var cursor = unsafe Cursor(start + position, end &- position)
        repeat {
          let room = unsafe target + filled
          let count: Int
          if isSecond {
            count =
              unsafe isSigned
              ? cursor.run2(isSigned: true, room) : cursor.run2(isSigned: false, room)
          } else {
            count =
              unsafe isSigned
              ? cursor.run1(isSigned: true, room) : cursor.run1(isSigned: false, room)
          }
          if cursor.fault != nil { break }
          filled &+= count
          position = end &- cursor.left
        } while cursor.left > (isLast ? 0 : longestStored)
          && values.count &- filled >= longestRun
        return cursor.fault
      }
    }
  }

  /// Where decoding has come to. Each run is compared with what is left before it is decoded.
  @safe private struct Cursor {
    private var at: UnsafeRawPointer
    private(set) var left: Int
    private(set) var fault: String?

    init(_ start: UnsafeRawPointer, _ count: Int) {
      unsafe at = start
      left = count
    }

    private mutating func fail(_ what: String) -> Int {
      fault = what
      return 0
    }

    /// The next `count` bytes; nil, and a fault, when there are not so many.
    private mutating func take(_ count: Int) -> UnsafeRawPointer? {
      guard count <= left else {
        fault = "it ends in the middle of a run"
        return nil
      }
      defer {
        unsafe at += count
        left &-= count
      }
      return unsafe at
    }

    private mutating func byte() -> Int {
      guard let place = unsafe take(1) else { return 0 }
      return unsafe Int(place.load(as: UInt8.self))
    }

    /// A number in pieces of seven bits, lowest first.
    @inline(__always) private mutating func varint() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while shift < 64 {
        let byte = byte()
        value |= UInt64(truncatingIfNeeded: byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift &+= 7
      }
      fault = fault ?? "a number of more than ten bytes"
      return 0
    }

    @inline(__always) private mutating func number(isSigned: Bool) -> Int64 {
      let word = varint()
      return isSigned ? Self.signed(word) : Int64(bitPattern: word)
    }

    /// The number whose sign is in the lowest bit.
    @inline(__always) private static func signed(_ word: UInt64) -> Int64 {
      Int64(bitPattern: (word >> 1) ^ (0 &- (word & 1)))
    }

    /// A run of version 1; how many values it has.
    @inline(__always)
    mutating func run1(isSigned: Bool, _ values: UnsafeMutablePointer<Int64>) -> Int {
      let control = byte()
      if control < 0x80 {
        let delta = Int64(Int8(truncatingIfNeeded: byte()))
        var value = number(isSigned: isSigned)
        if fault != nil { return 0 }
        for place in 0..<control &+ 3 {
          unsafe values[place] = value
          value &+= delta
        }
        return control &+ 3
      }
      for place in 0..<0x100 &- control { unsafe values[place] = number(isSigned: isSigned) }
      return fault == nil ? 0x100 &- control : 0
    }

    /// A run of version 2; how many values it has.
    @inline(__always)
    mutating func run2(isSigned: Bool, _ values: UnsafeMutablePointer<Int64>) -> Int {
      let head = byte()
      if head < 0x40 { return unsafe shortRepeat(head, isSigned: isSigned, values) }
      let count = ((head & 1) << 8 | byte()) &+ 1
      let code = head >> 1 & 0x1f
      switch head >> 6 {
      case 1: return unsafe direct(code, count, isSigned: isSigned, values)
      case 2: return unsafe patched(code, count, values)
      default: return unsafe delta(code, count, isSigned: isSigned, values)
      }
    }

    @inline(__always) private mutating func shortRepeat(
      _ head: Int, isSigned: Bool, _ values: UnsafeMutablePointer<Int64>
    ) -> Int {
      let word = bigEndian((head >> 3) &+ 1)
      if fault != nil { return 0 }
      let value = isSigned ? Self.signed(word) : Int64(bitPattern: word)
      let count = (head & 7) &+ 3
      for place in 0..<count { unsafe values[place] = value }
      return count
    }

    /// A number of 1 to 8 bytes, highest first.
    @inline(__always) private mutating func bigEndian(_ width: Int) -> UInt64 {
      guard let place = unsafe take(width) else { return 0 }
      let word = unsafe UInt64(bigEndian: place.loadUnaligned(as: UInt64.self))
      return word >> UInt64(truncatingIfNeeded: 64 &- 8 &* width)
    }

    @inline(__always) private mutating func direct(
      _ code: Int, _ count: Int, isSigned: Bool, _ values: UnsafeMutablePointer<Int64>
    ) -> Int {
      let width = ORCIntegers.width(code)
      guard let packed = unsafe take((width &* count &+ 7) >> 3) else { return 0 }
      if isSigned {
        unsafe Self.unpack(packed, width, count) { unsafe values[$0] = Self.signed($1) }
      } else {
        unsafe Self.unpack(packed, width, count) { unsafe values[$0] = Int64(bitPattern: $1) }
      }
      return count
    }

    /// Hands out `count` numbers of `width` bits each, highest first.
    @inline(__always) private static func unpack(
      _ packed: UnsafeRawPointer, _ width: Int, _ count: Int, _ body: (Int, UInt64) -> Void
    ) {
      if width == 64 {
        for place in 0..<count {
          let word = unsafe packed.loadUnaligned(fromByteOffset: place &* 8, as: UInt64.self)
          body(place, UInt64(bigEndian: word))
        }
        return
      }
      // No width between 56 and 64 exists, so eight bytes hold each number whole.
      let drop = UInt64(truncatingIfNeeded: 64 &- width)
      var bit = 0
      for place in 0..<count {
        let word = unsafe packed.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
        let shift = UInt64(truncatingIfNeeded: bit & 7)
        body(place, (UInt64(bigEndian: word) &<< shift) &>> drop)
        bit &+= width
      }
    }

    @inline(__always) private mutating func delta(
      _ code: Int, _ count: Int, isSigned: Bool, _ values: UnsafeMutablePointer<Int64>
    ) -> Int {
      var value = number(isSigned: isSigned)
      let step = number(isSigned: true)
      if fault != nil { return 0 }
      if code == 0 {
        for place in 0..<count {
          unsafe values[place] = value
          value &+= step
        }
        return count
      }
      let width = ORCIntegers.width(code)
      guard count >= 2 else { return fail("a run of one value with differences") }
      guard let packed = unsafe take((width &* (count &- 2) &+ 7) >> 3) else { return 0 }
      unsafe values[0] = value
      value &+= step
      unsafe values[1] = value
      unsafe Self.unpack(packed, width, count &- 2) {
        let difference = Int64(bitPattern: $1)
        value = step < 0 ? value &- difference : value &+ difference
        unsafe values[$0 &+ 2] = value
      }
      return count
    }

    private mutating func patched(
      _ code: Int, _ count: Int, _ values: UnsafeMutablePointer<Int64>
    ) -> Int {
      let (third, fourth) = (byte(), byte())
      let (width, baseWidth) = (ORCIntegers.width(code), (third >> 5) &+ 1)
      let (patchWidth, gapWidth) = (ORCIntegers.width(third & 0x1f), (fourth >> 5) &+ 1)
      let patches = fourth & 0x1f
      let stored = bigEndian(baseWidth)
      if fault != nil { return 0 }
      guard patches > 0 else { return fail("a patched run without patches") }
      guard patchWidth &+ gapWidth <= 64 else { return fail("patches of more than 64 bits") }
      // The base has its sign in the highest bit, not its complement.
      let sign = UInt64(1) << UInt64(truncatingIfNeeded: baseWidth &* 8 &- 1)
      let magnitude = Int64(bitPattern: stored & ~sign)
      let base = stored & sign == 0 ? magnitude : 0 &- magnitude
      let listWidth = ORCIntegers.roundedWidth(patchWidth &+ gapWidth)
      guard let packed = unsafe take((width &* count &+ 7) >> 3),
        let list = unsafe take((listWidth &* patches &+ 7) >> 3)
      else { return 0 }
      unsafe Self.unpack(packed, width, count) { unsafe values[$0] = Int64(bitPattern: $1) }
      var place = 0
      unsafe Self.unpack(list, listWidth, patches) { _, entry in
        let patch = patchWidth == 64 ? entry : entry & ((1 << UInt64(patchWidth)) &- 1)
        place &+= Int(truncatingIfNeeded: (entry >> UInt64(patchWidth)) & 0xff)
        // Nothing is patched where only a gap is too long for one entry.
        if patch == 0 { return }
        if place < count {
          unsafe values[place] |= Int64(bitPattern: patch << UInt64(width))
        } else {
          fault = "a patch behind the end of its run"
        }
      }
      for place in 0..<count { unsafe values[place] &+= base }
      return fault == nil ? count : 0
    }
  }

  /// How many bits a code of five bits stands for.
  @inline(__always) static func width(_ code: Int) -> Int {
    code < 24 ? code &+ 1 : code < 28 ? 26 &+ (code &- 24) &* 2 : 40 &+ (code &- 28) &* 8
  }

  /// The least width that has a code and is at least `bits`.
  static func roundedWidth(_ bits: Int) -> Int {
    if bits <= 24 { return bits }
    return bits <= 32 ? (bits &+ 1) & ~1 : (bits &+ 7) & ~7
  }
}
