public import InvText

/// Which rows are wanted, and how their keys are read.
public struct RowChoice: Sendable {
  /// Keys must begin with it.
  public var under: [UInt8] = []
  public var excluded: [Glob] = []
  /// Whether keys are URL-encoded; nil when that goes by the format.
  public var hasEncodedKeys: Bool?

  public init() {}

  var isEverything: Bool { under.isEmpty && excluded.isEmpty }

  /// What is to become of the row whose key is the first `count` of `bytes`.
  func verdict(_ bytes: [UInt8], _ count: Int) -> RowVerdict {
    guard count >= under.count else { return .outside }
    for place in under.indices where bytes[place] != under[place] { return .outside }
    for glob in excluded where glob.matches(bytes[..<count]) { return .excluded }
    return .counted
  }
}
