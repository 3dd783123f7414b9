/// What a request is signed with.
public struct Credentials: Equatable, Sendable, CustomStringConvertible {
  public var accessKey: String
  public var secretKey: String
  /// Goes with keys that are for a while.
  public var sessionToken: String?
  /// When they end, in seconds since 1970; nil when they do not, or do not say.
  public var expires: Int64?

  public init(
    accessKey: String, secretKey: String, sessionToken: String? = nil, expires: Int64? = nil
  ) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expires = expires
  }

  /// Nothing of what is secret, wherever it may be written.
  public var description: String { "credentials" }
}
