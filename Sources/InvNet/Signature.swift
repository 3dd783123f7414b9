import InvDigest
import InvText

/// Signature Version 4 of AWS, in headers.
extension HTTPRequest {
  /// Signs what the request is now: method, target, host, body and the headers that begin with `x-amz-`.
  ///
  /// Other headers may be lost on the way and the signature still holds. The target must be encoded
  /// strictly, each parameter of its query with a `=`; a signature that was there is replaced.
  public mutating func sign(
    with credentials: Credentials, region: String, service: String, at seconds: Int64
  ) {
    let time = Signature.time(seconds)
    let body = hexadecimal(SHA256.of(body))
    headers.removeAll { Signature.ours.contains($0.name.lowercased()) }
    headers.append(HTTPHeader("x-amz-date", time))
    if service == "s3" { headers.append(HTTPHeader("x-amz-content-sha256", body)) }
    if let token = credentials.sessionToken {
      headers.append(HTTPHeader("x-amz-security-token", token))
    }
    let signature = Signature(
      credentials: credentials, scope: "\(time.prefix(8))/\(region)/\(service)/aws4_request",
      time: time)
    headers.append(HTTPHeader("authorization", signature.authorization(for: self, body: body)))
  }
}

struct Signature {
  /// The headers that signing writes.
  static let ours = ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"]
  private static let algorithm = "AWS4-HMAC-SHA256"

  let credentials: Credentials
  let scope: String
  let time: String

  /// `20261101T000000Z`.
  static func time(_ seconds: Int64) -> String {
    (Timestamp.text(seconds) ?? "").filter { $0 != "-" && $0 != ":" }
  }

  func authorization(for request: HTTPRequest, body: String) -> String {
    var signed = [(name: "host", value: request.authority)]
    for header in request.headers where header.name.lowercased().hasPrefix("x-amz-") {
      signed.append((header.name.lowercased(), Self.trimmed(header.value)))
    }
    signed.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let names = signed.map(\.name).joined(separator: ";")
    let canonical = Self.canonical(request, signed, names: names, body: body)
    let text = [Self.algorithm, time, scope, hexadecimal(SHA256.of(Array(canonical.utf8)))]
    let signature = SHA256.authentication(
      of: Array(text.joined(separator: "\n").utf8), key: signingKey)
    return "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope),"
      + "SignedHeaders=\(names),Signature=\(hexadecimal(signature))"
  }

  static func canonical(
    _ request: HTTPRequest, _ signed: [(name: String, value: String)], names: String, body: String
  ) -> String {
    let parts = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    // By name, then by value, not by the text of both: "a-b=" would come before "a=".
    let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { parameter in
      let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: pair[0], value: pair.count > 1 ? pair[1] : "")
    }.sorted { one, other in
      one.name == other.name
        ? one.value.utf8.lexicographicallyPrecedes(other.value.utf8)
        : one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
    let lines =
      [
        request.method, String(parts[0]),
        query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"),
      ] + signed.map { "\($0.name):\($0.value)" } + ["", names, body]
    return lines.joined(separator: "\n")
  }

  /// Without blanks at its ends, and with one for several.
  private static func trimmed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  private var signingKey: [UInt8] {
    var key = Array("AWS4\(credentials.secretKey)".utf8)
    for part in scope.split(separator: "/") {
      key = SHA256.authentication(of: Array(part.utf8), key: key)
    }
    return key
  }
}

/// Two small hexadecimal digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
