/// What is asked of an HTTP server.
public struct HTTPRequest: Equatable, Sendable {
  public var method = "GET"
  /// "http" or "https".
  public var scheme: String
  /// The host, with its port where that is not the usual one.
  public var authority: String
  /// Path and query as they are sent: percent-encoded, beginning with a slash.
  public var target: String
  /// The headers that are sent beside those that every request has.
  public var headers: [HTTPHeader] = []
  public var body: [UInt8] = []
  /// Whether it goes past proxies, as what is for this machine alone must.
  public var isDirect = false

  public init(scheme: String, authority: String, target: String) {
    self.scheme = scheme
    self.authority = authority
    self.target = target
  }

  public init(_ url: URLParts) {
    self.init(scheme: url.scheme, authority: url.authority, target: url.target)
  }

  public var origin: String { "\(scheme)://\(authority)" }

  public var url: String { origin + target }
}

public struct HTTPHeader: Equatable, Sendable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What a server answered.
public struct HTTPResponse: Equatable, Sendable {
  public var status: Int
  /// In the order they came.
  public var headers: [HTTPHeader]
  public var body: [UInt8]

  public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the last header called `name` in any case.
  public func header(_ name: String) -> String? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// Why there was no answer, or no whole one.
public struct HTTPFault: Error, Equatable, Sendable {
  /// "connection reset by peer" and the like.
  public var what: String
  /// Whether the same may go well a moment later.
  public var isTransient: Bool

  public init(_ what: String, isTransient: Bool) {
    self.what = what
    self.isTransient = isTransient
  }
}

/// Puts one request to a server and waits for its answer.
public protocol HTTPTransport: Sendable {
  /// The whole answer, whatever its status; redirects are not followed.
  ///
  /// A body of more than `limit` bytes, or an answer that takes longer than `seconds`, is a fault.
  func perform(_ request: HTTPRequest, limit: Int, seconds: Int) throws(HTTPFault) -> HTTPResponse
}
