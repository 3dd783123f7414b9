public import InvBytes

/// Walks the rows of one block of object rows.
///
///     while try rows.next() { … rows.key … rows.value(place) … }
public struct ObjectRows: Sendable {
  /// The present row's key.
  public private(set) var key: [UInt8] = []
  /// How many bytes, no fewer, it has in common with the row before; 0 in the first row.
  public private(set) var shared = 0
  public let block: ObjectBlock

  private var row = -1
  private var nextByte: Int

  public init(_ block: ObjectBlock) {
    self.block = block
    nextByte = block.keys.bytes.lowerBound
  }

  /// Goes to the next row; false when the block has no more.
  public mutating func next() throws(FormatError) -> Bool {
    guard row + 1 < block.rows else { return false }
    row += 1
    let block = block
    let payload = block.frame.payload
    shared = Int(block.keys.shared.value(row, in: payload))
    let suffix = Int(block.keys.suffix.value(row, in: payload))
    if row > 0, shared < key.count, suffix > 0, payload.u8(at: nextByte) == key[shared] {
      throw FormatError("row \(row): the key shares more bytes than it says", at: 0)
    }
    key.removeSubrange(shared...)
    key.append(payload.extracting(nextByte..<nextByte + suffix))
    nextByte += suffix
    return true
  }

  /// What the present row has in the column at `place` of the schema.
  @inline(__always)
  public func value(_ place: Int) -> UInt64 {
    block.column(place)?.value(row, in: block.frame.payload) ?? 0
  }

  /// The same of a column of type `int`.
  @inline(__always)
  public func signed(_ place: Int) -> Int64 {
    block.column(place)?.signed(row, in: block.frame.payload, absent: absentInt) ?? absentInt
  }
}

/// The words of the columns of object rows, in the order of their coming, none twice.
public struct ObjectWords: Sendable {
  /// By column.
  public private(set) var words: [[[UInt8]]]
  private var seen: [Set<[UInt8]>]

  public init(_ schema: ObjectSchema) {
    words = Array(repeating: [], count: schema.columns.count)
    seen = Array(repeating: [], count: schema.columns.count)
  }

  /// Adds the words of one frame.
  public mutating func add(_ more: [[UInt8]], column: Int) throws(FormatError) {
    for word in more {
      guard seen[column].insert(word).inserted else {
        throw FormatError("word \(quoted(word)) is there twice", at: 0)
      }
      words[column].append(word)
    }
  }
}
