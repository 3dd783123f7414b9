/// What is stored of one class in one state, and what it costs for a month.
public struct BillLine: Equatable, Sendable {
  public let name: [UInt8]
  /// False for noncurrent versions.
  public let isCurrent: Bool
  public internal(set) var objects: UInt128 = 0
  public internal(set) var bytes: UInt128 = 0
  /// Bytes that are paid for: those, or the minimum of small objects.
  public internal(set) var billed: UInt128 = 0
  /// Bytes that are paid for beside them.
  public internal(set) var overheadBytes: UInt128 = 0
  public internal(set) var storage: Amount
  public internal(set) var overhead: Amount
  public internal(set) var monitoring: Amount

  public var total: Amount { storage + overhead + monitoring }
}

/// A month's cost line by line: by class as the index has them, current before noncurrent.
public struct Bill: Equatable, Sendable {
  public internal(set) var lines: [BillLine] = []
  /// The sum of the lines, exactly.
  public internal(set) var total: Amount
  /// What no price is known for, and the total leaves out.
  public internal(set) var unpriced: [Remainder] = []
  /// What costs nothing: delete markers, entries of directories, further names.
  public internal(set) var free: [Remainder] = []

  /// Objects that are in no line, under the name of their class or state.
  public struct Remainder: Equatable, Sendable {
    public let name: [UInt8]
    public internal(set) var objects: UInt128 = 0
    public internal(set) var bytes: UInt128 = 0
  }
}
