/// How far a listing has come: what it goes on behind.
public struct ListingMark: Equatable, Sendable {
  /// The last key that was listed; empty at the beginning.
  public var key: [UInt8]
  /// The last version of it that was listed; nil for all that it has.
  public var version: [UInt8]?
  /// What the server calls this place.
  public var token: [UInt8]?

  public init(key: [UInt8] = [], version: [UInt8]? = nil, token: [UInt8]? = nil) {
    self.key = key
    self.version = version
    self.token = token
  }
}
