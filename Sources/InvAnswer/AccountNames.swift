public import InvSystem

/// Somebody who knows the users and groups behind numbers, and the numbers behind names.
public protocol AccountNames: AnyObject {
  /// What a number is called; nil where nobody can tell.
  func name(_ kind: Accounts.Kind, of number: UInt32) -> [UInt8]?

  /// The numbers that have a name.
  func numbers(_ kind: Accounts.Kind, of name: [UInt8]) throws(Failure) -> [UInt32]

  /// The names that are known without a question, for whoever looks for a similar one.
  func names(_ kind: Accounts.Kind) -> [[UInt8]]
}

/// The system that the program runs on.
public final class SystemAccounts: AccountNames {
  /// All there are, where they can be listed: then no number needs a question of its own, which takes
  /// as long as a look-up of thousands.
  private lazy var users = Accounts.all(.user)
  private lazy var groups = Accounts.all(.group)

  /// Where a name cannot be had its number does; that is told the first time.
  private var report: ((Failure) -> Void)?

  public init(_ report: @escaping (Failure) -> Void) { self.report = report }

  public func name(_ kind: Accounts.Kind, of number: UInt32) -> [UInt8]? {
    if let all = kind == .user ? users : groups { return all[number] }
    do throws(Failure) { return try Accounts.name(kind, of: number) } catch {
      report?(error)
      report = nil
      return nil
    }
  }

  public func names(_ kind: Accounts.Kind) -> [[UInt8]] {
    let all = (kind == .user ? users : groups) ?? [:]
    return all.sorted { $0.key < $1.key }.map(\.value)
  }

  public func numbers(_ kind: Accounts.Kind, of name: [UInt8]) throws(Failure) -> [UInt32] {
    try Accounts.number(kind, of: name).map { [$0] } ?? []
  }
}
