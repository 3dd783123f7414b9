public import InvFormat
public import InvSystem

/// What the values of the dimensions of an index are called.
///
/// Where a word of the dimension owner or group is a number of Unix, it has the name that the number
/// has; all else is called as `Dimension.name` says.
public final class ValueNames {
  private let schema: PrefixSchema
  /// Who knows names; nil where numbers are wanted.
  private let accounts: (any AccountNames)?
  private var known: [[[UInt8]?]]

  public init(_ schema: PrefixSchema, _ accounts: (any AccountNames)?) {
    (self.schema, self.accounts) = (schema, accounts)
    known = schema.sizes.map { Array(repeating: nil, count: $0) }
  }

  /// The name of value `value` of the dimension at `place`.
  public func name(_ value: Int, in place: Int) -> [UInt8] {
    guard known.indices.contains(place), known[place].indices.contains(value) else { return [0x3f] }
    if let name = known[place][value] { return name }
    let dimension = schema.dimensions[place]
    var name = dimension.name(value, words: schema.words[place])
    if let kind = Self.kind(of: dimension), let number = Self.number(name),
      let account = accounts?.name(kind, of: number)
    {
      name = account
    }
    known[place][value] = name
    return name
  }

  /// Value `value` of the dimension at `place` without regard to the names of numbers.
  public func word(_ value: Int, in place: Int) -> [UInt8] {
    guard known.indices.contains(place) else { return [0x3f] }
    return schema.dimensions[place].name(value, words: schema.words[place])
  }

  /// Whether numbers of the dimension at `place` are called by their names.
  public func hasAccounts(in place: Int) -> Bool {
    accounts != nil && schema.dimensions.indices.contains(place)
      && Self.kind(of: schema.dimensions[place]) != nil
  }

  /// The name of the number that value `value` is; nil where nobody has one for it.
  public func account(_ value: Int, in place: Int) -> [UInt8]? {
    let name = name(value, in: place)
    return name == word(value, in: place) ? nil : name
  }

  /// The names of all values of the dimension at `place`.
  public func names(in place: Int) -> [[UInt8]] {
    schema.dimensions.indices.contains(place)
      ? (0..<schema.sizes[place]).map { name($0, in: place) } : []
  }

  /// The dimension that tells whose something is.
  public static func dimension(of kind: Accounts.Kind) -> String {
    kind == .user ? "owner" : "group"
  }

  private static func kind(of dimension: Dimension) -> Accounts.Kind? {
    guard dimension.axis == .word else { return nil }
    return Accounts.Kind.allCases.first { Self.dimension(of: $0) == dimension.name }
  }

  /// A number of Unix in the one way that it is written; nil is any other word.
  static func number(_ word: [UInt8]) -> UInt32? {
    guard word.allSatisfy({ (0x30...0x39).contains($0) }), word.first != 0x30 || word.count == 1
    else { return nil }
    return UInt32(String(decoding: word, as: UTF8.self))
  }
}
