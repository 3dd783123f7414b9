import InvBytes
import InvSystem
import InvText

extension CredentialFinder {
  /// The credentials of the role that a profile names, for those of its source: STS AssumeRole.
  func role(_ profile: String, at now: Int64, behind: [String]) throws(Failure) -> Credentials? {
    let section = settings.config.profiles[profile] ?? SharedConfig.Section()
    guard let role = section["role_arn"], section["web_identity_token_file"] == nil else {
      return nil
    }
    let who = name(.role(profile: profile))
    if section["mfa_serial"] != nil {
      throw .usage(
        "\(who) wants the code of a device, which nobody is asked for here: set what 'aws configure "
          + "export-credentials --profile \(printable(profile)) --format env' prints")
    }
    let source: Credentials
    switch (section["source_profile"], section["credential_source"]) {
    case (let name?, nil):
      try check(source: name, of: profile, behind: behind)
      source = try sourceCredentials(of: name, at: now, behind: behind + [profile])
    case (nil, let name?): source = try credentials(of: name, for: who, at: now)
    default: throw .usage("\(who) needs either source_profile or credential_source")
    }
    var parameters = [("Action", "AssumeRole"), ("RoleArn", role)]
    parameters.append(("RoleSessionName", section["role_session_name"] ?? "inv-\(now)"))
    if let seconds = section["duration_seconds"].flatMap({ UInt32($0) }) {
      parameters.append(("DurationSeconds", String(seconds)))
    }
    if let id = section["external_id"] { parameters.append(("ExternalId", id)) }
    return try assume(parameters, signedWith: source, who, at: now)
  }

  /// Refuses sources that lead to themselves, but for a profile that has keys for its own role.
  private func check(source: String, of profile: String, behind: [String]) throws(Failure) {
    guard let section = settings.config.profiles[source] else {
      throw .usage(
        "the source_profile '\(printable(source))' of profile '\(printable(profile))' is not there")
    }
    let hasKeys = section["aws_access_key_id"] != nil || section["aws_secret_access_key"] != nil
    let isLoop = source == profile ? !hasKeys : behind.contains(source)
    if isLoop || behind.count >= Self.roleLimit {
      throw .usage("the source_profile of profile '\(printable(profile))' leads nowhere")
    }
  }

  private func credentials(of source: String, for who: String, at now: Int64) throws(Failure)
    -> Credentials
  {
    let place: CredentialPlace
    switch source.lowercased() {
    case "environment": place = .environment
    case "ecscontainer": place = .container
    case "ec2instancemetadata": place = .instance
    default: throw .usage("\(who) has a credential_source that is none: '\(printable(source))'")
    }
    guard let found = try fetch(place, at: now) else {
      throw .usage("\(who) is taken from \(name(place)), which has no credentials")
    }
    return found
  }

  /// The credentials of a role for a token in a file: STS AssumeRoleWithWebIdentity.
  ///
  /// What the environment says goes before the profile, but for a profile that was named for this run.
  func webIdentity(_ profile: String, at now: Int64) throws(Failure) -> Credentials? {
    let section = settings.config.profiles[profile]
    let isOwn = settings.isProfileGiven || profile != settings.profileName
    func value(_ variable: String, _ key: String) -> String? {
      (isOwn ? nil : settings.environment[variable]) ?? section?[key]
    }
    guard let file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
      return nil
    }
    guard let role = value("AWS_ROLE_ARN", "role_arn") else {
      throw .usage("there is a file with the token of a web identity, and no role to take for it")
    }
    let path = SharedConfig.expanded(file, settings.environment) ?? file
    let bytes = try Descriptor.reading(path).contents(limit: 64 << 10)
    guard let token = String(validating: bytes, as: UTF8.self)?.trimmed, !token.isEmpty else {
      throw .data("\(printable(path)) has no token of a web identity")
    }
    let session = value("AWS_ROLE_SESSION_NAME", "role_session_name") ?? "inv-\(now)"
    return try assume(
      [
        ("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", role), ("RoleSessionName", session),
        ("WebIdentityToken", token),
      ], signedWith: nil, name(.webIdentity(profile: profile)), at: now)
  }

  /// Asks STS.
  private func assume(
    _ parameters: [(name: String, value: String)], signedWith source: Credentials?, _ who: String,
    at now: Int64
  ) throws(Failure) -> Credentials {
    let region = settings.region
    var host = "sts.amazonaws.com"
    if let region, !isLegacy(region) { host = try self.host("sts", region) }
    var request = try request(service: "sts", host: host, path: "/")
    request.method = "POST"
    request.headers = [
      HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
      HTTPHeader("Accept", "application/xml"),
    ]
    let fields = (parameters + [("Version", "2011-06-15")]).map {
      "\($0.name)=\(PercentCoding.encodedStrictly($0.value))"
    }
    request.body = Array(fields.joined(separator: "&").utf8)
    if let source {
      // The server of all regions stands in this one.
      let isGlobal = request.authority == "sts.amazonaws.com"
      request.sign(
        with: source, region: isGlobal ? "us-east-1" : region ?? "us-east-1", service: "sts",
        at: now)
    }
    let response = try ask(request, of: "STS") { response in
      let code = Self.problem(response)?["Code"]?.text ?? ""
      return response.status == 400
        && (code.hasPrefix("Throttl") || code == "IDPCommunicationError")
    }
    guard response.status == 200 else {
      let problem = Self.problem(response)
      let text = refusal(response, problem?["Code"]?.text, problem?["Message"]?.text)
      throw .usage("STS refuses \(who): \(text)")
    }
    return try credentials(response.body, parameters[0].value, who)
  }

  private static func problem(_ response: HTTPResponse) -> XMLElement? {
    let root = try? XML.parse(response.body)
    return root?.name == "ErrorResponse" ? root?["Error"] : root
  }

  private func credentials(_ body: [UInt8], _ action: String, _ who: String) throws(Failure)
    -> Credentials
  {
    let root: XMLElement
    do {
      root = try XML.parse(body)
    } catch {
      throw .data("the answer of STS: byte \(error.at): \(error.what)")
    }
    let result = root.children.first { $0.name == action + "Result" }
    guard let part = result?["Credentials"], let accessKey = part["AccessKeyId"]?.text,
      let secretKey = part["SecretAccessKey"]?.text, let token = part["SessionToken"]?.text,
      let expires = part["Expiration"]?.text
    else { throw .data("the answer of STS has no credentials") }
    return Credentials(
      accessKey: accessKey, secretKey: secretKey, sessionToken: token,
      expires: try time(expires, "the Expiration of \(who)"))
  }

  /// Whether a region is one that the server of all regions is asked for, where that is wanted.
  private func isLegacy(_ region: String) -> Bool {
    let wish =
      settings.environment["AWS_STS_REGIONAL_ENDPOINTS"]
      ?? settings.profile["sts_regional_endpoints"]
    guard wish == "legacy" else { return false }
    return [
      "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global",
      "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3",
      "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ].contains(region)
  }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    let text = drop { $0.isWhitespace }
    let last = text.lastIndex { !$0.isWhitespace }
    return last.map { String(text[...$0]) } ?? ""
  }
}
