public import InvBytes

/// Front-coded byte strings in three sections: how many bytes each shares with the one before, how
/// many follow, and those: inv-rows(5), "Keys".
public struct Keys: Sendable {
  public let shared: PackedInts
  public let suffix: PackedInts
  public let bytes: Range<Int>
  public var count: Int { shared.count }
  /// The rows whose strings are empty.
  let emptyRows: [Int]

  /// Checks every length, so that walking the keys needs no further check.
  public init(_ sections: Sections, at index: Int, rows: Int, in payload: RawSpan)
    throws(FormatError)
  {
    shared = try sections.integers(index, count: rows)
    suffix = try sections.integers(index + 1, count: rows)
    bytes = try sections.bytes(index + 2)
    var previous = 0
    var total = 0
    var emptyRows: [Int] = []
    for row in 0..<rows {
      let (shared, suffix) = (shared.value(row, in: payload), suffix.value(row, in: payload))
      guard shared <= UInt64(previous) else {
        throw FormatError("key \(row) shares more than the key before has", at: 0)
      }
      guard suffix <= UInt64(Container.keyLimit), shared + suffix <= UInt64(Container.keyLimit)
      else { throw FormatError("key \(row) is longer than 65536 bytes", at: 0) }
      if shared + suffix == 0 { emptyRows.append(row) }
      previous = Int(shared + suffix)
      total += Int(suffix)
    }
    self.emptyRows = emptyRows
    guard total == bytes.count else {
      throw FormatError("the keys' lengths do not add up to their bytes", at: 0)
    }
  }

  /// Checks that a block of rows ended where its suffixes came to the limit.
  func checkLength(in payload: RawSpan) throws(FormatError) {
    let last = count > 0 ? Int(suffix.value(count - 1, in: payload)) : 0
    guard bytes.count - last < Container.blockKeyBytes else {
      throw FormatError("the block has 1 MiB of suffixes before its last row", at: 0)
    }
  }
}

/// Front-codes keys for a block.
public struct KeysBuilder: Sendable {
  private var shared: [UInt64] = []
  private var suffix: [UInt64] = []
  public private(set) var bytes: [UInt8] = []

  public init(capacity: Int) {
    shared.reserveCapacity(capacity)
    suffix.reserveCapacity(capacity)
  }

  public var count: Int { shared.count }

  /// The first key, which shares nothing.
  public var first: [UInt8] { [UInt8](bytes.prefix(Int(suffix.first ?? 0))) }

  /// Adds the key whose first `common` bytes are those of the key before, the first of a block
  /// sharing none.
  @inline(__always)
  public mutating func append(_ key: Span<UInt8>, sharing common: Int) {
    let common = shared.isEmpty ? 0 : common
    shared.append(UInt64(common))
    suffix.append(UInt64(key.count - common))
    unsafe key.extracting(droppingFirst: common).withUnsafeBufferPointer { part in
      unsafe bytes.append(contentsOf: part)
    }
  }

  /// Adds the three sections and forgets the keys.
  public mutating func flush(into builder: inout SectionsBuilder) {
    builder.add(shared)
    builder.add(suffix)
    builder.add(bytes: bytes)
    shared.removeAll(keepingCapacity: true)
    suffix.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}
