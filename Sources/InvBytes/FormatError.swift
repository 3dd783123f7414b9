/// What is wrong with bytes from outside, and where.
public struct FormatError: Error, Equatable, Sendable {
  /// The fault, as the end of a sentence: "row length 0", "the checksum does not match".
  public let what: String
  /// The byte offset of the fault from the start of what was read.
  public let at: UInt64

  public init(_ what: String, at: UInt64) {
    self.what = what
    self.at = at
  }
}
