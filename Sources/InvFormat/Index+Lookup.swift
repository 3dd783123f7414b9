public import InvBytes

extension Index {
  /// The first position whose prefix is not before `key`; `count` when there is none.
  public func lowerBound(_ key: [UInt8], in range: Range<Int>) throws(FormatError) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    var prefix: [UInt8] = []
    while low < high {
      let middle = low + (high - low) / 2
      try strings.read(middle, into: &prefix)
      if precedes(prefix.raw, key.raw) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The position of `prefix`, which is empty or ends in a slash; nil when it is not there.
  public func find(_ prefix: [UInt8]) throws(FormatError) -> Int? {
    guard let found = hash.position(of: KeyHash(prefix.raw)), let place = Int(exactly: found) else {
      return nil
    }
    return try equals(place, prefix) ? place : nil
  }

  /// Looks `prefix` up, and reads what it has at and below it; nil when it is not there.
  @inline(__always)
  public func find(_ prefix: UnsafeRawBufferPointer) throws(FormatError) -> FoundPrefix? {
    guard let place = hash.position(of: unsafe KeyHash(prefix.bytes)), place < hash.count else {
      return nil
    }
    var found: FoundPrefix?
    try LookupRoom.with(1) { (room) throws(FormatError) in
      found = unsafe try findOne(prefix, place, room)
    }
    return found
  }

  /// Whether there is an entry at `position`, and its prefix is `prefix`.
  public func equals(_ position: Int, _ prefix: [UInt8]) throws(FormatError) -> Bool {
    var failure: FormatError?
    let isEqual = unsafe prefix.withUnsafeBytes { bytes in
      do throws(FormatError) {
        return position < count ? unsafe try strings.equals(position, bytes) : false
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    return isEqual
  }

  /// The longest prefix of `prefix` that is there, and its position.
  public func nearest(_ prefix: [UInt8]) throws(FormatError) -> (position: Int, prefix: [UInt8]) {
    var rest = prefix
    while !rest.isEmpty {
      if let position = try find(rest) { return (position, rest) }
      rest.removeLast()
      rest = Array(rest[..<(rest.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0)])
    }
    return (0, [])
  }
}
