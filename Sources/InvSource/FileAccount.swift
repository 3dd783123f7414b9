public import InvFormat
public import InvSystem
import InvText

/// How many bad rows are set aside before the next one is the end.
public enum Patience: Equatable, Sendable {
  case upTo(Int)
  case endless
}

/// What became of the rows of one data file.
public struct FileAccount: Sendable {
  /// A bad row.
  public struct Fault: Equatable, Sendable {
    /// Which of the file's rows it is, from 1, and where it begins in the decoded text.
    public let row: UInt64
    public let byte: UInt64
    public let verdict: RowVerdict
  }

  public let name: [UInt8]
  private let patience: Patience
  /// How many of the file's rows come before those of this account.
  private let firstRow: UInt64
  public private(set) var counted: UInt64 = 0
  /// The bad rows in order, where patience is not endless.
  public private(set) var faults: [Fault] = []
  public private(set) var faultCount: UInt64 = 0
  /// Why the rest of the file could not be read, when that is set aside.
  public private(set) var loss: Failure?
  var malformedKeys: UInt64 = 0
  /// How far the decoded text was read when it came to an end.
  var end: UInt64 = 0
  private var outside: UInt64 = 0
  private var excluded: UInt64 = 0
  private var setAside = Audit()

  public init(_ name: [UInt8], _ patience: Patience, firstRow: UInt64 = 0) {
    self.name = name
    self.patience = patience
    self.firstRow = firstRow
  }

  /// Adds what became of the rows that come next.
  public mutating func add(_ next: FileAccount) throws(Failure) {
    counted += next.counted
    outside += next.outside
    excluded += next.excluded
    faults += next.faults
    faultCount += next.faultCount
    malformedKeys += next.malformedKeys
    loss = loss ?? next.loss
    end = next.end
    do { try setAside.add(next.setAside) } catch { throw .data("too many rows to count") }
  }

  public var read: UInt64 { counted + outside + excluded + faultCount }

  @inline(__always)
  mutating func count() { counted &+= 1 }

  /// Takes note of a row that is not counted and begins at `byte`; throws when patience is at an end.
  mutating func note(_ verdict: RowVerdict, at byte: UInt64) throws(Failure) {
    switch verdict {
    case .counted: counted += 1
    case .outside: outside += 1
    case .excluded: excluded += 1
    default:
      let fault = Fault(row: firstRow + read + 1, byte: byte, verdict: verdict)
      add(fault)
      if case .upTo(let limit) = patience {
        faults.append(fault)
        if faults.count > limit { throw failure(fault) }
      }
    }
  }

  /// Takes note that the rest of the file cannot be read, for the reason that `failure` says.
  public mutating func noteUnreadable(_ failure: Failure) {
    loss = failure
    add(Fault(row: firstRow + read + 1, byte: end, verdict: .badFile))
  }

  private mutating func add(_ fault: Fault) {
    faultCount += 1
    let reason = fault.verdict.rawValue
    // Examples come in order, so only the first are worth the trouble.
    if setAside.setAside[reason, default: 0] < UInt64(Audit.examplesPerReason) {
      setAside.setAside(
        Audit.Example(file: name, row: fault.row, byte: fault.byte, reason: reason), as: reason)
    } else {
      setAside.setAside[reason, default: 0] += 1
    }
  }

  /// The sentence for a bad row.
  public func failure(_ fault: Fault) -> Failure {
    .data("\(printableName(name)): row \(fault.row), byte \(fault.byte): \(fault.verdict.rawValue)")
  }

  /// All of this as the footer has it.
  public var audit: Audit {
    var audit = setAside
    audit.read = read
    if outside > 0 { audit.leftOut[RowVerdict.outside.rawValue] = outside }
    if excluded > 0 { audit.leftOut[RowVerdict.excluded.rawValue] = excluded }
    if malformedKeys > 0 { audit.remarks["keys with a % that is kept as it is"] = malformedKeys }
    return audit
  }
}

/// A data file's name as it may stand in a message.
public func printableName(_ name: [UInt8]) -> String {
  String(decoding: TextEscape.escaped(name), as: UTF8.self)
}
