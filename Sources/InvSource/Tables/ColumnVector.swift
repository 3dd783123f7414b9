/// The values of one column in some rows that follow each other.
public struct ColumnVector: Sendable {
  /// How many rows.
  public var count = 0
  /// One byte a row, 0 where it has no value; empty when every row has one.
  public var present: [UInt8] = []
  /// Of `integer` and `unsigned`, of `boolean` (0 or 1) and of `time` (whole seconds, rounded down): one
  /// a row, 0 where it has none.
  public var integers: [Int64] = []
  /// Of `time`: nanoseconds after the second, one a row; empty when all are 0.
  public var nanoseconds: [UInt32] = []
  /// Of `real`: one a row.
  public var reals: [Double] = []
  /// Of `bytes` when `dictionary` is nil: row i has `text[starts[i]..<starts[i + 1]]`; one start more
  /// than rows. At least 32 bytes can be read behind the last.
  public var text: [UInt8] = []
  public var starts: [UInt32] = []
  /// Of `bytes` when it is not nil: row i has word `codes[i]` of it; 0 where it has no value.
  public var dictionary: ColumnDictionary?
  public var codes: [UInt32] = []

  public init() {}

  /// Forgets all rows, but not the room they took.
  public mutating func clear() {
    count = 0
    present.removeAll(keepingCapacity: true)
    integers.removeAll(keepingCapacity: true)
    nanoseconds.removeAll(keepingCapacity: true)
    reals.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    codes.removeAll(keepingCapacity: true)
    dictionary = nil
  }

  /// More bytes of text are not kept from one part of a file to the next.
  private static let keptText = 4 << 20

  /// Forgets all rows, and much room too.
  public mutating func release() {
    clear()
    if text.capacity > Self.keptText { text = [] }
  }
}

/// The words that codes stand for; the same object for as long as they are the same.
public final class ColumnDictionary: Sendable {
  /// Word i is `text[starts[i]..<starts[i + 1]]`; behind the last, 32 bytes can be read.
  public let text: [UInt8]
  public let starts: [UInt32]

  public init(text: [UInt8], starts: [UInt32]) {
    self.text = text
    self.starts = starts
  }

  public var count: Int { starts.count - 1 }
}
