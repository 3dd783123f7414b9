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
    found.removeAll(keepingCapacity: true)
    var failure: FormatError?
    unsafe keys.bytes.withUnsafeBytes { bytes in
      var first = 0
      do throws(FormatError) {
        while first < keys.count {
          let last = min(first + Self.batch, keys.count)
          unsafe try find(bytes, keys.ends, first..<last, &found)
          first = last
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func find(
    _ bytes: UnsafeRawBufferPointer, _ ends: [Int], _ range: Range<Int>,
    _ found: inout [FoundPrefix]
  ) throws(FormatError) {
    var failure: FormatError?
    unsafe withUnsafeTemporaryAllocation(of: KeyHash.self, capacity: Self.batch) { hashes in
      unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.batch) { places in
        do throws(FormatError) {
          unsafe try find(bytes, ends, range, &found, hashes, places)
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }

  private func find(
    _ bytes: UnsafeRawBufferPointer, _ ends: [Int], _ range: Range<Int>,
    _ found: inout [FoundPrefix], _ hashes: UnsafeMutableBufferPointer<KeyHash>,
    _ places: UnsafeMutableBufferPointer<UInt64>
  ) throws(FormatError) {
    func key(_ index: Int) -> UnsafeRawBufferPointer {
      let start = index == 0 ? 0 : ends[index - 1]
      return unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<ends[index]])
    }
    let first = range.lowerBound
    for index in range { unsafe hashes[index - first] = KeyHash(key(index).bytes) }
    var placesSpan = unsafe MutableSpan(
      _unsafeElements: UnsafeMutableBufferPointer(rebasing: places[..<range.count]))
    hash.positions(
      of: unsafe Span(_unsafeElements: UnsafeBufferPointer(rebasing: hashes[..<range.count])),
      into: &placesSpan)
    for index in 0..<range.count {
      let place = unsafe places[index]
      guard place < UInt64(count) else { continue }
      strings.prefetchOffset(Int(place))
      objects.prefetchDirectory(Int(place))
      bytesColumn.prefetchDirectory(Int(place))
    }
    for index in 0..<range.count {
      let place = unsafe places[index]
      guard place < UInt64(count) else { continue }
      try strings.prefetchBlock(Int(place))
      try objects.prefetchValue(Int(place))
      try bytesColumn.prefetchValue(Int(place))
    }
    for index in 0..<range.count {
      var entry = FoundPrefix(position: FoundPrefix.absent, objects: 0, bytes: 0)
      if let place = Int(exactly: unsafe places[index]), place < count,
        unsafe try strings.equals(place, key(first + index))
      {
        entry.position = place
        entry.objects = try objects.value(place)
        entry.bytes = try bytesColumn.value(place)
      }
      found.append(entry)
    }
  }

  private var bytesColumn: IndexColumn { self.bytes }
}
