import InvCLI
import InvFormat
import InvSource
import InvSystem

/// The place of a file among all, and of a part of it that is read on its own.
struct Place: Hashable, Comparable {
  var file: Int
  var part = 0

  static let end = Place(file: .max, part: .max)

  static func < (one: Place, other: Place) -> Bool {
    (one.file, one.part) < (other.file, other.part)
  }
}

/// What has become of all files and of their parts.
struct Outcome {
  let patience: Patience
  var accounts: [Place: FileAccount] = [:]
  /// Why a file could not be read to its end; not those that were set aside.
  var failures: [Place: Failure] = [:]
  private var faults = 0
  private var lastFaulty = Place(file: 0)

  init(_ patience: Patience) { self.patience = patience }

  /// Takes in what became of a file or a part; the last place that matters when there are now too many
  /// bad rows.
  mutating func add(_ account: FileAccount, at place: Place, failure: Failure?) -> Place? {
    accounts[place] = account
    if let failure { failures[place] = failure }
    if !account.faults.isEmpty { lastFaulty = max(lastFaulty, place) }
    faults += account.faults.count
    if failure != nil { return place }
    if case .upTo(let limit) = patience, faults > limit { return lastFaulty }
    return nil
  }

  /// All accounts in order, whose rows are numbered through each file.
  ///
  /// What comes before a failure that is told has been read to its end, and so has all before a row that
  /// is set aside and told.
  private var inOrder: [(place: Place, account: FileAccount)] {
    var (file, rows): (Int, UInt64) = (0, 0)
    return accounts.sorted { $0.key < $1.key }.map { place, account in
      if place.file != file { (file, rows) = (place.file, 0) }
      var account = account
      account.begin(after: rows)
      rows &+= account.read
      return (place, account)
    }
  }

  /// The failure that comes first by file and row, whatever came first in time.
  var failure: Failure? {
    var left = Int.max
    if case .upTo(let limit) = patience { left = limit }
    for (place, account) in inOrder {
      if account.faults.count > left { return account.failure(account.faults[left]) }
      left -= account.faults.count
      if let failure = failures[place] { return failure }
    }
    return nil
  }

  /// The account of all files.
  func audit() throws(Failure) -> Audit {
    var audit = Audit()
    for (_, account) in inOrder {
      do { try audit.add(account.audit) } catch {
        throw Failure.data("too many rows to count")
      }
    }
    return audit
  }

  var counted: UInt64 { accounts.values.reduce(0) { $0 + $1.counted } }

  /// How many files there were.
  var files: Int { Set(accounts.keys.map(\.file)).count }

  /// The name of each file in order, and how many of its rows were counted.
  var namesAndCounts: [(name: [UInt8], counted: UInt64)] {
    var all: [(name: [UInt8], counted: UInt64)] = []
    var last: Int?
    for (place, account) in accounts.sorted(by: { $0.key < $1.key }) {
      if place.file != last { all.append((account.name, 0)) }
      all[all.count - 1].counted += account.counted
      last = place.file
    }
    return all
  }

  /// One line for each file that was set aside, for each reason for which rows were, and for what was
  /// odd and matters.
  func sentences(_ audit: Audit) -> [String] {
    let files = accounts.sorted { $0.key < $1.key }.compactMap { $0.value.loss?.sentence }
    let told = FileAccount.toldRemarks.compactMap { remark in
      audit.remarks[remark].map { "\(remark): \($0)" }
    }
    return files.map { "set aside: \($0)" } + Self.reasons(audit) + told
  }

  private static func reasons(_ audit: Audit) -> [String] {
    audit.setAside.sorted { $0.key < $1.key }.map { reason, count in
      var line = "\(count) \(count == 1 ? "row" : "rows") set aside: \(reason)"
      if let first = audit.examples.first(where: { $0.reason == reason }) {
        line += " (first: \(printableName(first.file)): row \(first.row), byte \(first.byte))"
      }
      return line
    }
  }
}
