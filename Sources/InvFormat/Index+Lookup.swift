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
    guard let found = hash.position(of: unsafe KeyHash(prefix.bytes)), found < UInt64(count) else {
      return nil
    }
    let place = Int(truncatingIfNeeded: found)
    try prefetch(place)
    guard unsafe try strings.equals(place, prefix) else { return nil }
    return FoundPrefix(
      position: place, objects: try objects.value(place), bytes: try bytes.value(place))
  }

  /// Asks for all that verifying an entry and reading its figures need; there is one at `place`.
  @inline(__always)
  private func prefetch(_ place: Int) throws(FormatError) {
    strings.prefetchOffset(place)
    objects.prefetchDirectory(place)
    bytes.prefetchDirectory(place)
    try strings.prefetchBlock(place)
    try objects.prefetchValue(place)
    try bytes.prefetchValue(place)
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
