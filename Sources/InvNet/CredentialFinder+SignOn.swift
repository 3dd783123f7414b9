import InvSystem
import InvText

extension CredentialFinder {
  /// The credentials of a role for the token that `aws sso login` has left: GetRoleCredentials.
  func signOn(_ profile: String, at now: Int64) throws(Failure) -> Credentials? {
    let section = settings.config.profiles[profile] ?? SharedConfig.Section()
    guard section["sso_role_name"] != nil || section["sso_account_id"] != nil else { return nil }
    let settings = try signOnSettings(section, profile)
    let token = try SignOnToken.cached(
      settings.session ?? settings.startURL, environment: self.settings.environment)
    guard var token else { throw signOnEnded(profile, "nobody has signed on for") }
    if settings.session != nil && token.expires < now + 900,
      let fresh = try renewed(token, settings, at: now)
    {
      token = fresh
    }
    guard now < token.expires else { throw signOnEnded(profile, "the sign-on has ended of") }
    return try roleCredentials(settings, token, profile)
  }

  struct SignOnSettings {
    var session: String?
    var startURL: String
    var region: String
    var role: String
    var account: String
  }

  private func signOnEnded(_ profile: String, _ what: String) -> Failure {
    let name = printable(profile)
    return .usage("\(what) profile '\(name)': run 'aws sso login --profile \(name)'")
  }

  /// What the profile says with what the sso-session says that it names.
  private func signOnSettings(_ section: SharedConfig.Section, _ profile: String) throws(Failure)
    -> SignOnSettings
  {
    let session = section["sso_session"]
    var shared = SharedConfig.Section()
    if let session {
      guard let found = settings.config.signOns[session] else {
        throw .usage(
          "profile '\(printable(profile))' names an sso-session that is not there: "
            + "'\(printable(session))'")
      }
      shared = found
    }
    func value(_ key: String) throws(Failure) -> String {
      let (own, common) = (section[key], shared[key])
      if let own, let common, own != common {
        throw .usage("profile '\(printable(profile))' and its sso-session differ in \(key)")
      }
      guard let value = own ?? common else {
        throw .usage("profile '\(printable(profile))' signs on and has no \(key)")
      }
      return value
    }
    return SignOnSettings(
      session: session, startURL: try value("sso_start_url"), region: try value("sso_region"),
      role: try value("sso_role_name"), account: try value("sso_account_id"))
  }

  private func roleCredentials(
    _ settings: SignOnSettings, _ token: SignOnToken, _ profile: String
  ) throws(Failure) -> Credentials {
    var request = try request(
      service: "sso", host: try host("portal.sso", settings.region), path: "/federation/credentials"
    )
    request.target +=
      "?account_id=\(PercentCoding.encodedStrictly(settings.account))"
      + "&role_name=\(PercentCoding.encodedStrictly(settings.role))"
    request.headers = [
      HTTPHeader("Accept", "application/json"),
      HTTPHeader("x-amz-sso_bearer_token", token.accessToken),
    ]
    let response = try ask(request, of: "the sign-on portal")
    if response.status == 401 { throw signOnEnded(profile, "the sign-on has ended of") }
    guard response.status == 200 else {
      let message = (try? JSON.parse(response.body))?["message"]?.text
      throw .usage(
        "the sign-on portal refuses profile '\(printable(profile))': "
          + refusal(response, nil, message))
    }
    let who = "the sign-on portal"
    let answer = try json(response.body, from: who)["roleCredentials"]
    guard let answer, let accessKey = answer["accessKeyId"]?.text,
      let secretKey = answer["secretAccessKey"]?.text, let session = answer["sessionToken"]?.text,
      let end = answer["expiration"]?.number,
      let expires = try? Timestamp.seconds(fromMilliseconds: end.text.utf8)
    else { throw .data("the answer of \(who) has no credentials") }
    return Credentials(
      accessKey: accessKey, secretKey: secretKey, sessionToken: session, expires: expires)
  }

  /// A new token for one that ends soon and may be renewed; nil when it may not.
  private func renewed(_ token: SignOnToken, _ settings: SignOnSettings, at now: Int64)
    throws(Failure) -> SignOnToken?
  {
    guard let renewal = token.renewal, now < renewal.registrationExpires else { return nil }
    var request = try request(
      service: "sso_oidc", host: try host("oidc", settings.region), path: "/token")
    request.method = "POST"
    request.headers = [
      HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json"),
    ]
    request.body = SignOnToken.object([
      ("clientId", renewal.clientID), ("clientSecret", renewal.clientSecret),
      ("grantType", "refresh_token"), ("refreshToken", renewal.refreshToken),
    ])
    // A refusal leaves the token that is there, and the sentence on how to sign on once that has ended.
    guard let response = try? ask(request, of: "the sign-on's tokens"), response.status == 200,
      let answer = try? json(response.body, from: "the sign-on's tokens"),
      let fresh = token.replaced(by: answer, at: now)
    else { return nil }
    fresh.save(startURL: settings.startURL, region: settings.region)
    return fresh
  }
}
