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
    public fileprivate(set) var row: UInt64
    public let byte: UInt64
    public let verdict: RowVerdict
  }

  public let name: [UInt8]
  private let patience: Patience
  /// How many rows of the file come before those of this account; nil where that is not known yet.
  private var firstRow: UInt64?
  public private(set) var counted: UInt64 = 0
  /// The bad rows in order, where patience is not endless.
  public private(set) var faults: [Fault] = []
  public private(set) var faultCount: UInt64 = 0
  /// Why the rest of the file could not be read, when that is set aside.
  public private(set) var loss: Failure?
  var malformedKeys: UInt64 = 0
  var unknownSizes: UInt64 = 0
  /// Directories whose entries could not be listed.
  var unreadFolders: UInt64 = 0
  /// Files whose content is in their inodes, which count as much as they hold.
  var inlineFiles: UInt64 = 0
  /// Paths that are below none of those that were to be taken off.
  var unstripped: UInt64 = 0
  /// Rows of scans that have fields which the first lacks, and lines of those whose lines end in CR LF.
  var rowsSayingMore: UInt64 = 0
  var carriageReturns: UInt64 = 0
  /// Last records of scans without their end.
  private var unended: UInt64 = 0
  /// Lines of a scan that are no rows.
  private var messages: UInt64 = 0
  private var reports: UInt64 = 0
  /// How far the decoded text was read when it came to an end; of a part, where that begins.
  public var end: UInt64 = 0
  private var outside: UInt64 = 0
  private var excluded: UInt64 = 0
  private var passedOver: UInt64 = 0
  private var setAside = Audit()

  /// The account of a file, or of its part that begins with row `firstRow`, from 0; nil where that is not
  /// known before the parts before it have been read.
  public init(_ name: [UInt8], _ patience: Patience, firstRow: UInt64? = 0) {
    self.name = name
    self.patience = patience
    self.firstRow = firstRow
  }

  public var read: UInt64 { counted + outside + excluded + passedOver + faultCount }

  /// The number of the row that comes next, from 1.
  private var nextRow: UInt64 { (firstRow ?? 0) &+ read &+ 1 }

  /// Takes note that `rows` of the file come before those of this account, if that was not known.
  public mutating func begin(after rows: UInt64) {
    guard firstRow == nil else { return }
    firstRow = rows
    for place in faults.indices { faults[place].row &+= rows }
    for place in setAside.examples.indices { setAside.examples[place].row &+= rows }
  }

  @inline(__always)
  mutating func count() { counted &+= 1 }

  /// Takes note that the last record, which counted, has no end.
  mutating func noteUnended() { unended += 1 }

  /// Takes note of a row that is not counted and begins at `byte`; throws when patience is at an end.
  mutating func note(_ verdict: RowVerdict, at byte: UInt64) throws(Failure) {
    switch verdict {
    case .counted: counted += 1
    case .outside: outside += 1
    case .excluded: excluded += 1
    case .passedOver: passedOver += 1
    case .message: messages += 1
    case .report: reports += 1
    default:
      let fault = Fault(row: nextRow, byte: byte, verdict: verdict)
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
    add(Fault(row: nextRow, byte: end, verdict: .badFile))
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

  static let unknownSizesRemark = "sizes that are not known and count as 0"
  static let unreadFoldersRemark = "directories that could not be listed"
  static let reportsRemark = "errors that the scan reports"
  static let unstrippedRemark = "paths that are not below a --strip and are kept whole"
  static let unendedRemark = "last records without an end: the scan may have been cut off"
  static let moreRemark = "rows with fields that the first row lacks: those are not read"
  static let carriageRemark = "lines that end in CR, which is kept as part of the name"
  /// The remarks that a person must be told.
  public static let toldRemarks = [
    unknownSizesRemark, unreadFoldersRemark, reportsRemark, unstrippedRemark, unendedRemark,
    moreRemark, carriageRemark,
  ]

  /// All of this as the footer has it.
  public var audit: Audit {
    var audit = setAside
    audit.read = read
    let leftOut: [(RowVerdict, UInt64)] = [
      (.outside, outside), (.excluded, excluded), (.passedOver, passedOver),
    ]
    for (verdict, count) in leftOut where count > 0 { audit.leftOut[verdict.rawValue] = count }
    let remarks = [
      ("keys with a % that is kept as it is", malformedKeys),
      (Self.unknownSizesRemark, unknownSizes), (Self.unreadFoldersRemark, unreadFolders),
      ("files in their inodes whose allocated size is taken from their size", inlineFiles),
      ("headings and messages among the rows", messages), (Self.reportsRemark, reports),
      (Self.unstrippedRemark, unstripped), (Self.unendedRemark, unended),
      (Self.moreRemark, rowsSayingMore), (Self.carriageRemark, carriageReturns),
    ]
    for (remark, count) in remarks where count > 0 { audit.remarks[remark] = count }
    return audit
  }
}

/// A data file's name as it may stand in a message.
public func printableName(_ name: [UInt8]) -> String {
  String(decoding: TextEscape.escaped(name), as: UTF8.self)
}
