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

/// Keys one behind the other, of which some are taken at a time.
@safe private struct KeysInTurn {
  private let start: UnsafeRawPointer?
  private let ends: UnsafeBufferPointer<Int>
  private var number = 0
  private var from = 0

  init(_ bytes: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<Int>) {
    unsafe start = bytes.baseAddress
    unsafe self.ends = ends
  }

  /// Takes at most `most` keys; how many there were.
  mutating func next(_ most: Int, into room: LookupRoom) -> Int {
    let count = unsafe min(most, ends.count - number)
    for index in 0..<count {
      let end = unsafe ends[number]
      // Where all keys are empty there may be no bytes.
      unsafe room.keys[index].key = (start ?? UnsafeRawPointer(room.keys)) + from
      unsafe room.keys[index].length = end - from
      (number, from) = (number + 1, end)
    }
    return count
  }
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
    guard let found = found.baseAddress else { return }
    try LookupRoom.with(Self.batch) { (first) throws(FormatError) in
      try LookupRoom.with(Self.batch) { (second) throws(FormatError) in
        var keys = unsafe KeysInTurn(bytes, ends)
        var (room, other) = (first, second)
        var results = unsafe found
        var count = keys.next(Self.batch, into: room)
        hashKeys(room, count)
        slots(room, count)
        var present = locate(room, count)
        try resolve(room, present)
        while count > 0 {
          // While one batch is compared, what the next one needs is on its way.
          let next = keys.next(Self.batch, into: other)
          hashKeys(other, next)
          let open = try strings.unfold(room, present)
          slots(other, next)
          let pieces = try strings.goBack(room, open)
          let nextPresent = locate(other, next)
          strings.compare(room, pieces)
          try resolve(other, nextPresent)
          unsafe try answer(room, present, results)
          unsafe results += count
          (room, other) = (other, room)
          (count, present) = (next, nextPresent)
        }
      }
    }
  }

  /// Looks `key` up, which is at `place` if it is there; `room` is for one.
  func findOne(
    _ key: UnsafeRawBufferPointer, _ place: UInt64, _ room: LookupRoom
  ) throws(FormatError) -> FoundPrefix? {
    unsafe room.keys.pointee.key = key.baseAddress ?? UnsafeRawPointer(room.keys)
    unsafe room.keys.pointee.length = key.count
    unsafe room.keys.pointee.place = place
    unsafe room.present.pointee = 0
    prefetch(Int(truncatingIfNeeded: place))
    try resolve(room, 1)
    let open = try strings.unfold(room, 1)
    strings.compare(room, try strings.goBack(room, open))
    var found = FoundPrefix(position: FoundPrefix.absent, objects: 0, bytes: 0)
    unsafe try answer(room, 1, &found)
    return found.position == FoundPrefix.absent ? nil : found
  }

  /// Asks for where it is told what lies at `place`.
  @inline(__always)
  private func prefetch(_ place: Int) {
    strings.prefetchOffset(place)
    objects.prefetchDirectory(place)
    bytes.prefetchDirectory(place)
  }

  /// Reads the figures of the keys that are there.
  @inline(never)
  private func answer(
    _ room: LookupRoom, _ present: Int, _ found: UnsafeMutablePointer<FoundPrefix>
  ) throws(FormatError) {
    let (objects, bytes) = (self.objects, self.bytes)
    for at in 0..<present {
      let number = unsafe room.present[at]
      let key = unsafe room.keys + number
      guard unsafe key.pointee.match.differs == 0 else { continue }
      let place = unsafe Int(truncatingIfNeeded: key.pointee.place)
      unsafe found[number].position = place
      unsafe found[number].objects = try objects.value(place, at: key.pointee.objects)
      unsafe found[number].bytes = try bytes.value(place, at: key.pointee.bytes)
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

  /// Finds the slots of the keys and asks for what is there.
  @inline(never)
  private func slots(_ room: LookupRoom, _ count: Int) {
    let hash = hash
    for index in 0..<count {
      let key = unsafe room.keys + index
      let slot = unsafe hash.slot(key.pointee.pilot)
      hash.prefetch(slot)
      unsafe key.pointee.place = slot
    }
  }

  /// Finds the positions at which the keys could be, and how many there are, and asks for where it is
  /// told what lies there.
  @inline(never)
  private func locate(_ room: LookupRoom, _ count: Int) -> Int {
    let (hash, strings, objects, bytes) = (self.hash, self.strings, self.objects, self.bytes)
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
