import InvCLI
import InvFormat
import InvSource
import InvSystem

/// What has become of all files, by their numbers.
struct Outcome {
  let patience: Patience
  var accounts: [Int: FileAccount] = [:]
  /// Why a file could not be read to its end; not those that were set aside.
  var failures: [Int: Failure] = [:]
  private var faults = 0
  private var lastFaulty = 0

  init(_ patience: Patience) { self.patience = patience }

  /// Takes in what became of a file; the number of the last file that matters when there are now too
  /// many bad rows.
  mutating func add(_ account: FileAccount, number: Int, failure: Failure?) -> Int? {
    accounts[number] = account
    if let failure { failures[number] = failure }
    if !account.faults.isEmpty { lastFaulty = max(lastFaulty, number) }
    faults += account.faults.count
    if failure != nil { return number }
    if case .upTo(let limit) = patience, faults > limit { return lastFaulty }
    return nil
  }

  /// The failure that comes first by file and row, whatever came first in time.
  var failure: Failure? {
    var left = Int.max
    if case .upTo(let limit) = patience { left = limit }
    for number in Set(accounts.keys).union(failures.keys).sorted() {
      if let account = accounts[number] {
        if account.faults.count > left { return account.failure(account.faults[left]) }
        left -= account.faults.count
      }
      if let failure = failures[number] { return failure }
    }
    return nil
  }

  /// The account of all files.
  func audit() throws(Failure) -> Audit {
    var audit = Audit()
    for number in accounts.keys.sorted() {
      guard let account = accounts[number] else { continue }
      do { try audit.add(account.audit) } catch {
        throw Failure.data("too many rows to count")
      }
    }
    return audit
  }

  var counted: UInt64 { accounts.values.reduce(0) { $0 + $1.counted } }

  /// One line for each file that was set aside, and for each reason for which rows were.
  func sentences(_ audit: Audit) -> [String] {
    let files = accounts.sorted { $0.key < $1.key }.compactMap { $0.value.loss?.sentence }
    return files.map { "set aside: \($0)" } + Self.reasons(audit)
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
