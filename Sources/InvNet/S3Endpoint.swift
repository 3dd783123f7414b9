public import InvSystem
import InvText

/// Where a server that speaks S3 is.
public struct S3Endpoint: Equatable, Sendable {
  /// How a bucket is named in a request.
  public enum Addressing: String, CaseIterable, Sendable {
    /// In the host for AWS itself, in the path elsewhere.
    case auto
    case path
    case virtual
  }

  /// "http" or "https".
  public var scheme: String
  /// The host, with its port where that is not the usual one.
  public var authority: String
  /// Goes before every path: empty, or begins with a slash and does not end in one.
  public var path = ""

  public init(scheme: String, authority: String) {
    self.scheme = scheme
    self.authority = authority
  }

  /// The endpoint of AWS in `region`.
  public static func aws(_ region: String) -> S3Endpoint {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return S3Endpoint(scheme: "https", authority: "s3.\(region).\(domain)")
  }

  /// Reads `https://HOST[:PORT][/PATH]`.
  public init(_ url: String) throws(Failure) {
    guard let parts = URLParts(url), !parts.target.contains("?") else {
      throw .usage("'\(printable(url))' is no endpoint such as https://storage.example.org:9000")
    }
    self.init(scheme: parts.scheme, authority: parts.authority)
    path = parts.target
    while path.hasSuffix("/") { path.removeLast() }
  }

  /// The request for `key` of `bucket`; an empty key is the bucket itself.
  func request(
    bucket: String, key: [UInt8], query: [(name: String, value: String)], isVirtual: Bool
  ) -> HTTPRequest {
    var target = path + "/"
    if !isVirtual { target += key.isEmpty ? bucket : bucket + "/" }
    target += String(decoding: PercentCoding.encoded(key), as: UTF8.self)
    let parameters = query.map { parameter in
      "\(PercentCoding.encodedStrictly(parameter.name))="
        + PercentCoding.encodedStrictly(parameter.value)
    }
    if !parameters.isEmpty { target += "?" + parameters.sorted().joined(separator: "&") }
    return HTTPRequest(
      scheme: scheme, authority: isVirtual ? "\(bucket).\(authority)" : authority, target: target)
  }
}

/// The parts of an absolute URL of HTTP.
public struct URLParts: Equatable, Sendable {
  public let scheme: String
  /// Without a port that is the usual one.
  public let authority: String
  /// Path and query, at least a slash.
  public let target: String

  /// nil for what is no such URL, or has a user's name or a fragment in it.
  public init?(_ url: String) {
    guard let mark = url.firstRange(of: "://") else { return nil }
    scheme = url[..<mark.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    let rest = url[mark.upperBound...]
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let usual = scheme == "http" ? ":80" : ":443"
    let bare = host.hasSuffix(usual) ? host.dropLast(usual.count) : host
    guard !bare.isEmpty, !bare.contains("@"), !url.contains("#"),
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { return nil }
    authority = String(bare)
    let target = rest.dropFirst(host.count)
    self.target = target.hasPrefix("/") ? String(target) : "/" + target
  }
}
