import InvBytes

extension PrefixStrings {
  /// A block, its header checked.
  @safe struct Block {
    let start: UnsafeRawPointer
    let count: Int
    let width: UInt64
    let alphabet: UnsafeRawPointer
    let firstLength: Int
    private let sharedWidth: UInt64
    private let restWidth: UInt64
    private let sharedBase: Int
    private let restBase: Int
    /// In bits from `start`: the shared lengths, the lengths of rests, the characters, and the end.
    private let shared: UInt64
    private let rests: UInt64
    /// How many characters occur.
    var symbols: Int { Int(shared / 8) - 10 }
    let characters: UInt64
    let end: UInt64

    @inline(__always)
    init?(_ start: UnsafeRawPointer, length: UInt64, count: Int) {
      guard length >= 10 else { return nil }
      let head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
      let first = unsafe UInt16(
        littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
      unsafe self.start = start
      self.count = count
      width = head & 255
      sharedWidth = (head &>> 8) & 255
      restWidth = (head &>> 16) & 255
      let symbols = (head &>> 24) & 255
      sharedBase = Int((head &>> 32) & 65535)
      restBase = Int(head &>> 48)
      firstLength = Int(first)
      unsafe alphabet = start + 10
      shared = (10 &+ symbols) &* 8
      let others = UInt64(truncatingIfNeeded: count &- 1)
      rests = shared &+ others &* sharedWidth
      characters = rests &+ others &* restWidth
      end = length &* 8
      guard width >= 1, width <= 8, sharedWidth <= 17, restWidth <= 17, characters <= end,
        width == 8 ? symbols == 0 : symbols <= 1 &<< width
      else { return nil }
    }

    /// A length of `width` bits, at most 17.
    @inline(__always)
    private func length(_ at: UInt64, _ width: UInt64) -> Int {
      let word = unsafe UInt32(
        littleEndian: start.loadUnaligned(
          fromByteOffset: Int(truncatingIfNeeded: at &>> 3), as: UInt32.self))
      return Int(truncatingIfNeeded: (word &>> UInt32(at & 7)) & ((1 &<< UInt32(width)) &- 1))
    }

    /// How many bytes prefix `index`, which is not the first, shares with the one before.
    @inline(__always)
    func shared(_ index: Int) -> Int {
      let at = shared &+ UInt64(truncatingIfNeeded: index &- 1) &* sharedWidth
      return sharedBase &+ length(at, sharedWidth)
    }

    /// How long the rest of prefix `index` is, without its slash.
    @inline(__always)
    func rest(_ index: Int) -> Int {
      if index == 0 { return firstLength }
      let at = rests &+ UInt64(truncatingIfNeeded: index &- 1) &* restWidth
      return restBase &+ length(at, restWidth)
    }

    /// How many characters come before the rest of prefix `index`.
    @inline(__always)
    func place(_ index: Int) -> Int {
      if index == 0 { return 0 }
      var sum = firstLength &+ restBase &* (index &- 1)
      var at = rests
      for _ in 1..<index {
        sum &+= length(at, restWidth)
        at &+= restWidth
      }
      return sum
    }

    /// Whether `count` characters from `place` on are within the block.
    @inline(__always)
    func holds(_ place: Int, _ count: Int) -> Bool {
      characters &+ UInt64(truncatingIfNeeded: place &+ count) &* width <= end
    }

    /// Character `place`, which the block holds.
    @inline(__always)
    func character(_ place: Int) -> UInt8 {
      let at = characters &+ UInt64(truncatingIfNeeded: place) &* width
      let number = unsafe bits(start, at: at, width: width)
      if width == 8 { return UInt8(truncatingIfNeeded: number) }
      return unsafe alphabet.load(
        fromByteOffset: Int(truncatingIfNeeded: number), as: UInt8.self)
    }

    /// Whether the characters from `place` on are the bytes of `key` from `first` up to `last`.
    @inline(__always)
    func equals(_ place: Int, _ key: UnsafeRawPointer, _ first: Int, _ last: Int) -> Bool {
      var at = characters &+ UInt64(truncatingIfNeeded: place) &* width
      var index = first
      if width == 8 {
        while index < last {
          let byte = unsafe UInt8(truncatingIfNeeded: bits(start, at: at, width: 8))
          if unsafe key.load(fromByteOffset: index, as: UInt8.self) != byte { return false }
          index &+= 1
          at &+= 8
        }
        return true
      }
      // What of eight bytes is left behind the first bit has so many characters whole.
      let whole = Self.wholeCharacters(width)
      let mask = (1 &<< width) &- 1
      while index < last {
        var word = unsafe bits(start, at: at, width: 56)
        let end = min(last, index &+ whole)
        at &+= UInt64(truncatingIfNeeded: end &- index) &* width
        var differs: UInt8 = 0
        while index < end {
          let byte = unsafe alphabet.load(
            fromByteOffset: Int(truncatingIfNeeded: word & mask), as: UInt8.self)
          differs |= unsafe byte ^ key.load(fromByteOffset: index, as: UInt8.self)
          word &>>= width
          index &+= 1
        }
        if differs != 0 { return false }
      }
      return true
    }

    /// How many characters of that width 56 bits have.
    @inline(__always)
    private static func wholeCharacters(_ width: UInt64) -> Int {
      // 56, 28, 18, 14, 11, 9 and 8.
      Int(truncatingIfNeeded: (0x08_09_0b_0e_12_1c_38_00 as UInt64 &>> (width &* 8)) & 255)
    }

    /// Compares prefix `index`, which is not the root, with `key`; `shared` and `places` have room for
    /// 32 numbers each.
    @inline(__always)
    func compare(
      _ index: Int, _ key: UnsafeRawPointer, _ length: Int,
      shared: UnsafeMutablePointer<UInt32>, places: UnsafeMutablePointer<UInt32>
    ) -> Comparison {
      guard unsafe key.load(fromByteOffset: length &- 1, as: UInt8.self) == 0x2f else {
        return .other
      }
      unsafe places[0] = 0
      unsafe shared[0] = 0
      var place = UInt32(truncatingIfNeeded: firstLength)
      if index > 0 {
        unsafe unpack(index, at: self.shared, sharedWidth, base: sharedBase, into: shared)
        unsafe unpack(index, at: rests, restWidth, base: restBase, into: places)
        // The lengths of rests become places.
        for at in 1...index {
          let rest = unsafe places[at]
          unsafe places[at] = place
          place &+= rest
        }
      }
      guard holds(0, Int(place)) else { return .damaged }
      var needed = unsafe shared[index]
      var end = place
      guard unsafe Int(needed &+ end &- places[index]) &+ 1 == length else { return .other }
      var last = length &- 1
      var at = index
      while true {
        let from = unsafe shared[at]
        if unsafe !equals(Int(places[at]), key, Int(from), last) { return .other }
        if from == 0 { return .equal }
        // The bytes before are those of the nearest prefix before that has not shared them all.
        needed = from
        repeat {
          guard at > 0 else { return .damaged }
          unsafe end = places[at]
          at &-= 1
        } while unsafe shared[at] >= needed
        let rest = unsafe end &- places[at]
        let own = unsafe needed &- shared[at]
        guard own <= rest &+ 1 else { return .damaged }
        last = Int(needed)
        if own == rest &+ 1 {
          // The last byte of a prefix is its slash, which is not stored.
          last &-= 1
          guard unsafe key.load(fromByteOffset: last, as: UInt8.self) == 0x2f else { return .other }
        }
      }
    }

    /// Sets numbers 1 to `count` of `numbers` to those of `width` bits from bit `at` on, and `base`.
    @inline(__always)
    private func unpack(
      _ count: Int, at first: UInt64, _ width: UInt64, base: Int,
      into numbers: UnsafeMutablePointer<UInt32>
    ) {
      let base = UInt32(truncatingIfNeeded: base)
      let mask = (1 &<< width) &- 1
      let whole = width == 0 ? count : Self.wholeNumbers(width)
      var at = first
      var index = 1
      while index <= count {
        var word = unsafe bits(start, at: at, width: 56)
        let end = min(count, index &+ whole &- 1)
        at &+= UInt64(truncatingIfNeeded: whole) &* width
        while index <= end {
          unsafe numbers[index] = base &+ UInt32(truncatingIfNeeded: word & mask)
          word &>>= width
          index &+= 1
        }
      }
    }

    /// How many numbers of that width, at most 17, 56 bits have.
    @inline(__always)
    private static func wholeNumbers(_ width: UInt64) -> Int {
      width <= 7 ? wholeCharacters(width) : width <= 9 ? 6 : width <= 11 ? 5 : width <= 14 ? 4 : 3
    }
  }
}
