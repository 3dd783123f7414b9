import InvFormat
public import InvSystem

/// Who an index, or several, know by name, and behind them somebody else who knows names.
public final class UnionAccounts: AccountNames {
  private let union: IndexUnion
  private let others: any AccountNames
  private lazy var users = known(.user)
  private lazy var groups = known(.group)

  public init(_ union: IndexUnion, _ others: any AccountNames) {
    (self.union, self.others) = (union, others)
  }

  private func known(_ kind: Accounts.Kind) -> [UInt32: [UInt8]] {
    let schema = union.schema
    let name = ValueNames.dimension(of: kind)
    guard let place = schema.dimensions.firstIndex(where: { $0.name == name }),
      let names = union.names[place]
    else { return [:] }
    var known: [UInt32: [UInt8]] = [:]
    for (word, name) in zip(schema.words[place], names) {
      if let name, let number = ValueNames.number(word) { known[number] = name }
    }
    return known
  }

  public func name(_ kind: Accounts.Kind, of number: UInt32) -> [UInt8]? {
    (kind == .user ? users : groups)[number] ?? others.name(kind, of: number)
  }

  public func numbers(_ kind: Accounts.Kind, of name: [UInt8]) throws(Failure) -> [UInt32] {
    let known = kind == .user ? users : groups
    let own = known.filter { $0.value == name }.keys.sorted()
    return own + (try others.numbers(kind, of: name)).filter { known[$0] == nil }
  }

  public func names(_ kind: Accounts.Kind) -> [[UInt8]] {
    let known = kind == .user ? users : groups
    return known.sorted { $0.key < $1.key }.map(\.value) + others.names(kind)
  }
}
