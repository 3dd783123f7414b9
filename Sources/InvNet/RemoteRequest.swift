import InvSystem
import InvText

/// Something that lies on a server.
public enum RemotePlace: Hashable, Sendable {
  /// An object, or with an empty key the bucket.
  case object(bucket: String, key: [UInt8])
  /// What a URL of HTTP leads to.
  case url(String)

  /// How it is called in messages: for a URL, without what may be a signature in its query.
  public var name: String {
    switch self {
    case .object(let bucket, let key):
      let key = key.isEmpty ? [] : [0x2f] + TextEscape.escaped(key)
      return "s3://\(bucket)" + String(decoding: key, as: UTF8.self)
    case .url(let url): return printable(String(url.prefix { $0 != "?" }))
    }
  }
}

/// What is asked of the server where something lies.
public struct RemoteRequest: Sendable {
  public let place: RemotePlace
  /// What cannot be done when it fails.
  public var verb = "get"
  /// The parameters, not encoded.
  public var query: [(name: String, value: String)] = []
  public var headers: [HTTPHeader] = []

  public init(_ place: RemotePlace) { self.place = place }

  /// The bytes of `range` of it, as long as they are those of version `tag`.
  public init(_ place: RemotePlace, range: Range<UInt64>, tag: String? = nil) {
    self.place = place
    headers = [HTTPHeader("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
    // A weak one matches nothing: RFC 9110, 13.1.1.
    if let tag, tag.hasPrefix("\"") { headers.append(HTTPHeader("If-Match", tag)) }
  }
}

/// What a server, or the way to it, said to a request.
public struct RemoteAnswer: Sendable {
  public var response: HTTPResponse
  /// Why there is no whole answer; what came of one is in `response`.
  public var fault: HTTPFault?
  /// What the request was signed with.
  public var credentials: Credentials?

  public init(_ response: HTTPResponse, fault: HTTPFault? = nil, credentials: Credentials?) {
    self.response = response
    self.fault = fault
    self.credentials = credentials
  }
}
