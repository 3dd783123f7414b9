import InvFormat
import InvSource
import InvSystem

/// A table whose parts are read by several threads, and what became of them.
final class SharedTable: @unchecked Sendable {
  let file: any TableFile
  private let monitor = Monitor()
  private var number: UInt32?
  private var outcomes: [Int: (account: FileAccount, failure: Failure?)] = [:]
  /// The first part that has failed.
  private var firstFailed = Int.max

  init(_ file: any TableFile) { self.file = file }

  /// The number that `writer` gives to the table, of which `source` says where it comes from.
  func number(_ source: ObjectSource, of writer: ObjectWriter) throws(Failure) -> UInt32 {
    try monitor.withLock { () throws(Failure) in
      if let number { return number }
      let number = try writer.add(source)
      self.number = number
      return number
    }
  }

  /// Whether part `part` need not be read, since one before it has failed.
  func isStopped(at part: Int) -> Bool { monitor.withLock { firstFailed < part } }

  /// How many rows have been counted in the parts that have been read.
  var counted: UInt64 { monitor.withLock { outcomes.values.reduce(0) { $0 + $1.account.counted } } }

  /// Takes note of what became of a part; what became of the whole table, when that was the last.
  ///
  /// It is the same whatever part was read first: what comes after a part that failed is not counted.
  func record(_ account: FileAccount, part: Int, failure: Failure?) -> (FileAccount, Failure?)? {
    monitor.withLock {
      outcomes[part] = (account, failure)
      if failure != nil { firstFailed = min(firstFailed, part) }
      guard outcomes.count == max(1, file.parts.count), var all = outcomes[0] else { return nil }
      for part in 1..<max(1, file.parts.count) where all.failure == nil {
        guard let next = outcomes[part] else { continue }
        do throws(Failure) {
          try all.account.add(next.account)
          all.failure = next.failure
        } catch {
          all.failure = error
        }
      }
      return all
    }
  }
}
