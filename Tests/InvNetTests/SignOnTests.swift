import InvDigest
import InvSystem
import InvText
import Testing

@testable import InvNet

@Suite struct SignOnTests {
  static let config = """
    [profile me]
    sso_session = corp
    sso_account_id = 0123
    sso_role_name = Read Only
    [sso-session corp]
    sso_start_url = https://corp.example/start
    sso_region = eu-west-1
    [profile old]
    sso_start_url = https://old.example/start
    sso_region = eu-west-2
    sso_account_id = 0123
    sso_role_name = Admin
    [profile lost]
    sso_session = nowhere
    sso_account_id = 0123
    [profile part]
    sso_account_id = 0123
    sso_start_url = https://old.example/start
    [profile differs]
    sso_session = corp
    sso_account_id = 0123
    sso_role_name = Admin
    sso_region = eu-west-9
    """

  static let keys = HTTPResponse(
    200,
    """
    {"roleCredentials": {"accessKeyId": "SSO", "secretAccessKey": "SSO-secret",
    "sessionToken": "SSO-token", "expiration": \(noon + 3600)000}}
    """)

  /// A home folder in which someone has signed on under `name`.
  func withHome(_ name: String, _ token: String, _ body: (String, String) throws -> Void) throws {
    try withFolder { home in
      for folder in ["/.aws", "/.aws/sso", "/.aws/sso/cache"] { _ = try makeFolder(home + folder) }
      defer {
        for folder in ["/.aws/sso/cache", "/.aws/sso", "/.aws"] { removeFolder(home + folder) }
      }
      let digest = SHA1.of(Array(name.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      let path = "\(home)/.aws/sso/cache/\(digest.joined()).json"
      try write(token, to: path)
      try body(home, path)
    }
  }

  func find(_ profile: String, _ home: String, over portal: FakeTransport) throws -> Credentials {
    try finder(Self.config, "", ["HOME": home], profile: profile, over: portal).find(at: noon).1
  }

  @Test func theTokenOfASessionIsUsed() throws {
    let token = #"{"accessToken": "tok", "expiresAt": "2026-11-01T00:30:00Z", "region": "x"}"#
    try withHome("corp", token) { home, _ in
      let portal = FakeTransport { _ in Self.keys }
      #expect(try find("me", home, over: portal) == temporary("SSO"))
      let request = try #require(portal.requests.first)
      #expect(
        request.url == "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
          + "?account_id=0123&role_name=Read%20Only")
      #expect(request.header("x-amz-sso_bearer_token") == "tok" && portal.requests.count == 1)
    }
    let old = #"{"accessToken": "tok", "expiresAt": "2026-11-01T00:00:01UTC"}"#
    try withHome("https://old.example/start", old) { home, _ in
      let portal = FakeTransport { _ in Self.keys }
      let found = try find("old", home, over: portal)
      #expect(found == temporary("SSO"))
    }
  }

  @Test func whereASignOnHasEnded() throws {
    let sentence = "the sign-on has ended of profile 'me': run 'aws sso login --profile me'"
    let ended = #"{"accessToken": "tok", "expiresAt": "2026-11-01T00:00:00Z"}"#
    try withHome("corp", ended) { home, path in
      let portal = FakeTransport { _ in Self.keys }
      #expect(throws: Failure.usage(sentence)) { try find("me", home, over: portal) }
      #expect(portal.requests.isEmpty)
    }
    let revoked = #"{"accessToken": "tok", "expiresAt": "2026-11-02T00:00:00Z"}"#
    try withHome("corp", revoked) { home, _ in
      let portal = FakeTransport { _ in HTTPResponse(401, "{}") }
      #expect(throws: Failure.usage(sentence)) { try find("me", home, over: portal) }
      let refusal = FakeTransport { _ in HTTPResponse(403, #"{"message": "No access"}"#) }
      #expect(
        throws: Failure.usage(
          "the sign-on portal refuses profile 'me': HTTP 403: No access")
      ) { try find("me", home, over: refusal) }
      #expect(
        throws: Failure.usage(
          "nobody has signed on for profile 'old': run 'aws sso login --profile old'")
      ) { try find("old", home, over: portal) }
    }
    try withHome("corp", "{") { home, path in
      #expect(throws: Failure.data("\(path) is no token of 'aws sso login'")) {
        try find("me", home, over: FakeTransport())
      }
    }
  }

  @Test func aTokenThatEndsSoonIsRenewedAndKept() throws {
    let token = """
      {"accessToken": "tok", "expiresAt": "2026-10-31T23:00:00Z", "clientId": "id",
      "clientSecret": "cs", "refreshToken": "re", "registrationExpiresAt": "2026-12-01T00:00:00Z"}
      """
    try withHome("corp", token) { home, path in
      let server = FakeTransport { request in
        request.authority.hasPrefix("oidc.")
          ? HTTPResponse(200, #"{"accessToken": "new", "expiresIn": 3600, "refreshToken": "re2"}"#)
          : Self.keys
      }
      #expect(try find("me", home, over: server) == temporary("SSO"))
      #expect(server.requests.map(\.url).first == "https://oidc.eu-west-1.amazonaws.com/token")
      #expect(
        server.requests.first?.text
          == #"{"clientId": "id", "clientSecret": "cs", "grantType": "refresh_token", "refreshToken": "re"}"#
      )
      #expect(server.requests.last?.header("x-amz-sso_bearer_token") == "new")
      let kept = try JSON.parse(try Descriptor.reading(path).contents(limit: 4096))
      #expect(kept["accessToken"]?.text == "new" && kept["refreshToken"]?.text == "re2")
      #expect(
        kept["expiresAt"]?.text == "2026-11-01T01:00:00Z" && kept["clientSecret"]?.text == "cs")
    }
    try withHome("corp", token) { home, _ in
      let refusal = FakeTransport { _ in HTTPResponse(400, "{}") }
      let problem = failure { _ = try find("me", home, over: refusal) }
      #expect(problem?.sentence.contains("aws sso login --profile me") == true)
    }
  }

  @Test(arguments: [
    ("lost", "profile 'lost' names an sso-session that is not there: 'nowhere'"),
    ("part", "profile 'part' signs on and has no sso_region"),
    ("differs", "profile 'differs' and its sso-session differ in sso_region"),
  ])
  func refused(_ profile: String, _ sentence: String) {
    #expect(throws: Failure.usage(sentence)) {
      try find(profile, "/nowhere", over: FakeTransport())
    }
  }
}
