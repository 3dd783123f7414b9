import CPrefetch
public import InvBytes

/// Prefixes to be looked up together.
public struct PrefixBatchKeys: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// Where each ends.
  public private(set) var ends: [Int] = []

  public init() {}

  public var count: Int { ends.count }

  /// Adds a prefix, which is empty or ends in a slash.
  public mutating func append(_ prefix: some Collection<UInt8>) {
    bytes.append(contentsOf: prefix)
    ends.append(bytes.count)
  }

  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }
}

/// What a look-up found.
public struct FoundPrefix: Equatable, Sendable, BitwiseCopyable {
  /// `FoundPrefix.absent` where there is no such prefix.
  public var position: Int
  public var objects: UInt64
  public var bytes: UInt64

  public static let absent = -1
}

extension Index {
  private static let batch = 16

  /// Looks all of `keys` up, sixteen at a time, and sets `found` to what each has at and below it.
  ///
  /// Each stage of a look-up asks for the memory that the next one reads, of all sixteen, so that their
  /// cache misses overlap. Every answer has been compared with the prefix that is stored.
  public func find(_ keys: PrefixBatchKeys, into found: inout [FoundPrefix]) throws(FormatError) {
    let none = FoundPrefix(position: FoundPrefix.absent, objects: 0, bytes: 0)
    found.removeAll(keepingCapacity: true)
    found.append(contentsOf: repeatElement(none, count: keys.count))
    var failure: FormatError?
    unsafe keys.bytes.withUnsafeBytes { bytes in
      unsafe keys.ends.withUnsafeBufferPointer { ends in
        unsafe found.withUnsafeMutableBufferPointer { found in
          do throws(FormatError) { unsafe try find(bytes, ends, found) } catch { failure = error }
        }
      }
    }
    if let failure { throw failure }
  }

  private func find(
    _ bytes: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<Int>,
    _ found: UnsafeMutableBufferPointer<FoundPrefix>
  ) throws(FormatError) {
    try LookupRoom.with(Self.batch) { (room) throws(FormatError) in
      let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(room.keys)
      var (first, from) = (0, 0)
      while first < ends.count {
        let count = min(Self.batch, ends.count - first)
        for index in 0..<count {
          let end = unsafe ends[first + index]
          unsafe room.keys[index].key = start + from
          unsafe room.keys[index].length = end - from
          from = end
        }
        let part = unsafe UnsafeMutableBufferPointer(rebasing: found[first..<first + count])
        guard let results = part.baseAddress else { return }
        try unsafe find(room, count, results)
        first += count
      }
    }
  }

  /// Looks the first `count` keys of `room` up; those that are not there leave `found` as it is.
  ///
  /// Each stage is a function of its own, small enough that the compiler inlines what it calls.
  func find(
    _ room: LookupRoom, _ count: Int, _ found: UnsafeMutablePointer<FoundPrefix>
  ) throws(FormatError) {
    hashKeys(room, count)
    let present = locate(room, count)
    if present == 0 { return }
    try resolve(room, present)
    try strings.verify(room, present)
    for at in 0..<present {
      let key = unsafe room.keys + room.present[at]
      guard unsafe key.pointee.match.differs == 0 else { continue }
      let place = unsafe Int(truncatingIfNeeded: key.pointee.place)
      unsafe found[room.present[at]] = FoundPrefix(
        position: place, objects: try objects.value(place, at: key.pointee.objects),
        bytes: try bytes.value(place, at: key.pointee.bytes))
    }
  }

  /// Hashes the keys and asks for their pilots.
  @inline(never)
  private func hashKeys(_ room: LookupRoom, _ count: Int) {
    let hash = hash
    for index in 0..<count {
      let key = unsafe room.keys + index
      let value = unsafe KeyHash(key.pointee.key, key.pointee.length)
      unsafe key.pointee.hash = value
      unsafe key.pointee.pilot = hash.pilot(of: value)
      unsafe inv_prefetch(hash.hash + key.pointee.pilot.offset)
    }
  }

  /// Finds the positions at which the keys could be, and how many there are, and asks for where it is
  /// told what lies there.
  @inline(never)
  private func locate(_ room: LookupRoom, _ count: Int) -> Int {
    let (hash, strings, objects, bytes) = (self.hash, self.strings, self.objects, self.bytes)
    for index in 0..<count {
      let key = unsafe room.keys + index
      let slot = unsafe hash.slot(key.pointee.pilot)
      hash.prefetch(slot)
      unsafe key.pointee.place = slot
    }
    var present = 0
    for index in 0..<count {
      let key = unsafe room.keys + index
      let place = unsafe hash.entry(key.pointee.place, key.pointee.hash)
      unsafe key.pointee.place = place
      unsafe room.present[present] = index
      guard place < hash.count else { continue }
      present &+= 1
      strings.prefetchOffset(Int(truncatingIfNeeded: place))
      objects.prefetchDirectory(Int(truncatingIfNeeded: place))
      bytes.prefetchDirectory(Int(truncatingIfNeeded: place))
    }
    return present
  }

  /// Finds where strings and figures are, and asks for them.
  @inline(never)
  private func resolve(_ room: LookupRoom, _ present: Int) throws(FormatError) {
    let (strings, objects, bytes) = (self.strings, self.objects, self.bytes)
    for at in 0..<present {
      let key = unsafe room.keys + room.present[at]
      let place = unsafe Int(truncatingIfNeeded: key.pointee.place)
      unsafe key.pointee.range = try strings.range(place)
      unsafe strings.prefetchBlock(place, in: key.pointee.range)
      unsafe key.pointee.objects = try objects.place(place)
      unsafe inv_prefetch(key.pointee.objects.at)
      unsafe key.pointee.bytes = try bytes.place(place)
      unsafe inv_prefetch(key.pointee.bytes.at)
    }
  }
}
