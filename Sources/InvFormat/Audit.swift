public import InvBytes

/// What became of the rows that were read: all are counted, set aside for a reason, or left out on
/// request.
public struct Audit: Equatable, Sendable {
  /// A row that was set aside.
  public struct Example: Equatable, Comparable, Sendable {
    public var file: [UInt8]
    public var row: UInt64
    public var byte: UInt64
    public var reason: String

    public init(file: [UInt8], row: UInt64, byte: UInt64, reason: String) {
      self.file = file
      self.row = row
      self.byte = byte
      self.reason = reason
    }

    public static func < (a: Example, b: Example) -> Bool {
      if a.file != b.file { return a.file.lexicographicallyPrecedes(b.file) }
      return (a.row, a.byte, a.reason) < (b.row, b.byte, b.reason)
    }
  }

  /// How many examples are kept for each reason.
  public static let examplesPerReason = 3

  public var read: UInt64 = 0
  public var setAside: [String: UInt64] = [:]
  public var leftOut: [String: UInt64] = [:]
  /// Odd values that were taken as they are, by what they are.
  public var remarks: [String: UInt64] = [:]
  public var examples: [Example] = []

  public init() {}

  /// Whether the rows that were read are the `rows` that were counted, those set aside and those
  /// left out.
  public func balances(rows: UInt64) -> Bool {
    var sum = rows
    for count in [setAside.values, leftOut.values].joined() {
      let (more, overflow) = sum.addingReportingOverflow(count)
      if overflow { return false }
      sum = more
    }
    return sum == read
  }

  public var setAsideCount: UInt64 { setAside.values.reduce(0, &+) }
  public var leftOutCount: UInt64 { leftOut.values.reduce(0, &+) }

  /// Counts a row that is set aside and keeps it if it is among the first of its reason.
  public mutating func setAside(_ example: Example, as reason: String) {
    setAside[reason, default: 0] += 1
    keep([(reason, example)])
  }

  private mutating func keep(_ more: [(String, Example)]) {
    for (reason, example) in more {
      var kept = example
      kept.reason = reason
      examples.append(kept)
    }
    examples.sort()
    var counts: [String: Int] = [:]
    examples = examples.filter {
      counts[$0.reason, default: 0] += 1
      return counts[$0.reason, default: 0] <= Self.examplesPerReason
    }
  }

  /// Adds another part's account.
  public mutating func add(_ other: Audit) throws(FormatError) {
    func sum(_ a: UInt64, _ b: UInt64) throws(FormatError) -> UInt64 {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if overflow { throw FormatError("a count of rows overflows", at: 0) }
      return sum
    }
    read = try sum(read, other.read)
    for (reason, count) in other.setAside {
      setAside[reason] = try sum(setAside[reason, default: 0], count)
    }
    for (reason, count) in other.leftOut {
      leftOut[reason] = try sum(leftOut[reason, default: 0], count)
    }
    for (remark, count) in other.remarks {
      remarks[remark] = try sum(remarks[remark, default: 0], count)
    }
    keep(other.examples.map { ($0.reason, $0) })
  }

  /// The names of the lines of a footer; all but the first may repeat.
  static let lines: Set<String> = ["read", "set-aside", "left-out", "remark", "example"]

  /// Adds the lines of a footer.
  public func write(to fields: inout Fields) {
    fields.add("read", read)
    for (name, counts) in [("set-aside", setAside), ("left-out", leftOut), ("remark", remarks)] {
      for (reason, count) in counts.sorted(by: { $0.key < $1.key }) {
        fields.add(name, reason, String(count))
      }
    }
    for example in examples {
      fields.add(
        "example", [UInt8](example.reason.utf8), example.file, [UInt8](String(example.row).utf8),
        [UInt8](String(example.byte).utf8))
    }
  }

  /// Reads the lines of a footer.
  public init(_ fields: Fields) throws(FormatError) {
    guard let read = try fields.number("read") else {
      throw FormatError("the footer does not say how many rows were read", at: 0)
    }
    self.read = read
    func counts(_ name: String) throws(FormatError) -> [String: UInt64] {
      var counts: [String: UInt64] = [:]
      for parts in fields.all(name) {
        guard parts.count == 2, let reason = String(validating: parts[0], as: UTF8.self),
          let count = UInt64(decimal: parts[1]), counts[reason] == nil
        else { throw FormatError("a '\(name)' line is not a reason and a count", at: 0) }
        counts[reason] = count
      }
      return counts
    }
    setAside = try counts("set-aside")
    leftOut = try counts("left-out")
    remarks = try counts("remark")
    for parts in fields.all("example") {
      guard parts.count == 4, let reason = String(validating: parts[0], as: UTF8.self),
        let row = UInt64(decimal: parts[2]), let byte = UInt64(decimal: parts[3])
      else { throw FormatError("an 'example' line is not reason, file, row and byte", at: 0) }
      examples.append(Example(file: parts[1], row: row, byte: byte, reason: reason))
    }
  }
}
