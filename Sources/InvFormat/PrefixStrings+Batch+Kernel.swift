import InvBytes

// The stages of comparing the keys of a room that are present with the prefixes at their places, whose
// ranges are known. In the end those that are the same have no `differs`. Each is a function of its
// own, small enough that the compiler inlines what it calls.

extension PrefixStrings {
  /// Begins the comparisons; how many.
  @inline(never)
  func unfold(_ room: LookupRoom, _ present: Int) throws(FormatError) -> Int {
    var open = 0
    for at in 0..<present {
      let number = unsafe room.present[at]
      let key = unsafe room.keys + number
      let numbers = unsafe room.numbers + number &* PrefixMatch.numbers
      let place = unsafe Int(truncatingIfNeeded: key.pointee.place)
      if unsafe self.open(
        &key.pointee.match, place, in: key.pointee.range, key.pointee.key, key.pointee.length,
        numbers)
      {
        unsafe room.open[open] = number
        open &+= 1
      } else {
        let bytes = unsafe UnsafeRawBufferPointer(start: key.pointee.key, count: key.pointee.length)
        unsafe key.pointee.match.differs = try equals(place, bytes) ? 0 : 1
      }
    }
    return open
  }

  /// Finds the pieces that the keys are to be compared with; how many.
  @inline(never)
  func goBack(_ room: LookupRoom, _ open: Int) throws(FormatError) -> Int {
    var (open, count) = (open, 0)
    while open > 0 {
      var left = 0
      for at in 0..<open {
        let number = unsafe room.open[at]
        let rest = unsafe room.keys[number].match.step(
          number, room.numbers + number &* PrefixMatch.numbers, room.pieces, &count)
        if _slowPath(rest < 0) {
          throw fault(unsafe Int(truncatingIfNeeded: room.keys[number].place) / Self.blockSize)
        }
        unsafe room.open[left] = number
        left &+= PrefixMatch.isNegative(0 &- rest)
      }
      open = left
    }
    return count
  }

  /// Compares the pieces.
  @inline(never)
  func compare(_ room: LookupRoom, _ count: Int) {
    let pieces = unsafe room.pieces
    var count = count
    while count > 0 {
      var left = 0
      for at in 0..<count {
        let (bit, bytes, number) = unsafe (pieces[at].bit, pieces[at].bytes, pieces[at].match)
        let (first, last) = (Int(bytes & 0xffff_ffff), Int(bytes &>> 32))
        let key = unsafe room.keys + number
        unsafe key.pointee.match.compare(bit: bit, first, last)
        unsafe pieces[left].bit = bit &+ key.pointee.match.stride
        unsafe pieces[left].bytes = bytes &+ 8
        unsafe pieces[left].match = number
        left &+= PrefixMatch.isNegative(first &+ 8 &- last)
      }
      count = left
    }
  }
}
