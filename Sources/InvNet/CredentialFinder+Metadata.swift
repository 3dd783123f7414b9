import InvSystem
import InvText

extension CredentialFinder {
  /// What the server answers that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI names.
  func container() throws(Failure) -> Credentials? {
    let variables = settings.environment
    let url: String
    if let path = variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
      url = "http://169.254.170.2" + path
    } else if let full = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
      url = full
    } else {
      return nil
    }
    guard let parts = URLParts(url) else {
      throw .usage("'\(printable(url))' is no URL of a container's credentials")
    }
    var request = HTTPRequest(parts)
    guard request.scheme == "https" || Self.isNear(request.authority) else {
      throw .usage(
        "a container's credentials are not taken from \(printable(request.origin)), which is neither "
          + "of this machine nor asked over https")
    }
    request.isDirect = request.scheme == "http"
    request.headers = [HTTPHeader("Accept", "application/json")]
    if let token = try containerToken() {
      request.headers.append(HTTPHeader("Authorization", token))
    }
    let who = name(.container)
    let response = try ask(request, of: who, seconds: 2)
    guard response.status == 200 else {
      let answer = try? JSON.parse(response.body)
      let text = refusal(
        response, (answer?["code"] ?? answer?["Code"])?.text,
        (answer?["message"] ?? answer?["Message"])?.text)
      throw .usage("\(who) at \(request.origin) gives no credentials: \(text)")
    }
    return try credentials(try json(response.body, from: who), token: "Token", from: who)
  }

  private func containerToken() throws(Failure) -> String? {
    var token = settings.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    if let path = settings.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
      let bytes = try Descriptor.reading(path).contents(limit: 64 << 10)
      token = String(decoding: bytes, as: UTF8.self)
    }
    guard let token else { return nil }
    guard token.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else {
      throw .data("the token for the container's metadata is no line of text")
    }
    return token
  }

  /// Whether that is a host of this machine, or one that Amazon's containers have beside them.
  static func isNear(_ authority: String) -> Bool {
    let host: Substring
    if authority.hasPrefix("[") {
      host = authority.dropFirst().prefix { $0 != "]" }
    } else {
      host = authority.prefix { $0 != ":" }
    }
    let near = ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"]
    if near.contains(host.lowercased()) { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in
        part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && UInt8(part) != nil
      }
  }

  /// What the metadata of an instance of EC2 say, version 2; nil where there are none.
  func instance() throws(Failure) -> Credentials? {
    let variables = settings.environment
    if variables["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" { return nil }
    guard let url = URLParts(instanceURL) else {
      throw .usage("'\(printable(instanceURL))' is no URL of an instance's metadata")
    }
    let seconds = variables["AWS_METADATA_SERVICE_TIMEOUT"].flatMap { Int($0) } ?? 1
    let tries = variables["AWS_METADATA_SERVICE_NUM_ATTEMPTS"].flatMap { Int($0) } ?? 1
    var request = HTTPRequest(url)
    request.isDirect = true
    while request.target.hasSuffix("/") { request.target.removeLast() }
    let base = request.target
    func ask(_ path: String, _ tries: Int) throws(Failure) -> HTTPResponse {
      request.target = base + path
      return try self.ask(
        request, of: name(.instance), tries: max(1, min(tries, 10)),
        seconds: max(1, min(seconds, 60)))
    }
    request.method = "PUT"
    request.headers = [HTTPHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600")]
    // Nothing says whether this machine is an instance but that this is answered.
    guard let answer = try? ask("/latest/api/token", tries), answer.status == 200,
      let token = Self.line(answer.body)
    else { return nil }
    request.method = "GET"
    request.headers = [HTTPHeader("x-aws-ec2-metadata-token", token)]
    let folder = "/latest/meta-data/iam/security-credentials/"
    let roles = try ask(folder, 3)
    // An instance without a role.
    if roles.status == 404 { return nil }
    guard roles.status == 200, let role = Self.line(roles.body) else {
      throw Failure("\(name(.instance)): \(refusal(roles, nil, nil)) for its role", .again)
    }
    let response = try ask(folder + PercentCoding.encodedStrictly(role), 3)
    guard response.status == 200 else {
      throw Failure("\(name(.instance)): \(refusal(response, nil, nil)) for its keys", .again)
    }
    return try instanceCredentials(try json(response.body, from: name(.instance)))
  }

  private func instanceCredentials(_ answer: JSONValue) throws(Failure) -> Credentials {
    if let code = answer["Code"]?.text, code != "Success" {
      let text = [code, answer["Message"]?.text].compactMap { $0 }.joined(separator: ": ")
      throw Failure(
        "\(name(.instance)) gives no credentials: \(printable(String(text.prefix(500))))", .again)
    }
    return try credentials(answer, token: "Token", from: name(.instance))
  }

  private var instanceURL: String {
    let (variables, profile) = (settings.environment, settings.profile)
    if let url = variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
      ?? profile["ec2_metadata_service_endpoint"]
    {
      return url
    }
    let mode =
      variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]
      ?? profile["ec2_metadata_service_endpoint_mode"]
    return mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
  }

  /// The first line of an answer, if it can stand in a request.
  private static func line(_ body: [UInt8]) -> String? {
    let line = body.prefix { $0 != 0x0a && $0 != 0x0d }
    guard !line.isEmpty, line.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    return String(decoding: line, as: UTF8.self)
  }
}
