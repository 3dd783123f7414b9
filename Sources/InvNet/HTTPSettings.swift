/// How servers are spoken to.
public struct HTTPSettings: Sendable {
  /// Certificates to trust; nil for those of the system.
  public var caBundle: String?
  public var connectSeconds = 10
  /// A connection on which nothing comes for that long is given up.
  public var stallSeconds = 15
  /// How much is read from a connection at a time.
  public var bufferSize = 512 << 10
  public var agent = "inv"

  public init() {}
}
