import InvSystem
import Testing

@testable import InvNet

@Suite struct RoleTests {
  static let config = """
    [default]
    region = eu-west-1
    [profile base]
    aws_access_key_id = BASE
    aws_secret_access_key = s
    [profile one]
    role_arn = arn:aws:iam::1:role/one
    source_profile = base
    external_id = a b/c
    role_session_name = me@here
    duration_seconds = 900
    region = eu-west-1
    [profile two]
    role_arn = arn:aws:iam::1:role/two
    source_profile = one
    [profile own]
    role_arn = arn:own
    source_profile = own
    aws_access_key_id = OWN
    aws_secret_access_key = s
    [profile loop]
    role_arn = arn:loop
    source_profile = pool
    [profile pool]
    role_arn = arn:pool
    source_profile = loop
    [profile self]
    role_arn = arn:self
    source_profile = self
    [profile lost]
    role_arn = arn:lost
    source_profile = nowhere
    [profile empty]
    [profile bare]
    role_arn = arn:bare
    source_profile = empty
    [profile both]
    role_arn = arn:both
    source_profile = base
    credential_source = Environment
    [profile environment]
    role_arn = arn:environment
    credential_source = Environment
    [profile odd]
    role_arn = arn:odd
    credential_source = Somewhere
    [profile device]
    role_arn = arn:device
    source_profile = base
    mfa_serial = arn:mfa
    [profile web]
    role_arn = arn:web
    web_identity_token_file = /nowhere/token
    [profile webbed]
    role_arn = arn:webbed
    source_profile = web
    """

  func find(
    _ profile: String?, _ variables: [String: String] = [:], over transport: FakeTransport
  ) throws -> Credentials {
    try finder(Self.config, "", variables, profile: profile, over: transport).find(at: noon).1
  }

  @Test func aRoleIsAskedForWithTheKeysOfItsSource() throws {
    let sts = FakeTransport { _ in assumed("ROLE") }
    #expect(try find("one", over: sts) == temporary("ROLE"))
    let request = try #require(sts.requests.first)
    #expect(sts.requests.count == 1 && request.method == "POST")
    #expect(request.url == "https://sts.eu-west-1.amazonaws.com/")
    #expect(
      request.text
        == "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fone&RoleSessionName=me%40here"
        + "&DurationSeconds=900&ExternalId=a%20b%2Fc&Version=2011-06-15")
    let signature = try #require(request.header("authorization"))
    #expect(signature.contains("Credential=BASE/20261101/eu-west-1/sts/aws4_request"))
    #expect(request.header("content-type")?.hasPrefix("application/x-www-form-urlencoded") == true)
  }

  @Test func aRoleMayBeTakenFromARole() throws {
    let sts = FakeTransport { request in
      assumed(request.text.contains("%2Fone") ? "ONE" : "TWO")
    }
    #expect(try find("two", over: sts) == temporary("TWO"))
    #expect(
      sts.requests.count == 2 && sts.requests[1].header("x-amz-security-token") == "ONE-token")
    #expect(sts.requests[1].header("authorization")?.contains("Credential=ONE/") == true)
    #expect(sts.requests[1].text.contains("RoleSessionName=inv-\(noon)"))
  }

  @Test func aRoleMayBeTakenFromItsOwnKeysOrTheEnvironment() throws {
    let sts = FakeTransport { _ in assumed("ROLE") }
    #expect(try find("own", over: sts) == temporary("ROLE"))
    let variables = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
    #expect(try find("environment", variables, over: sts) == temporary("ROLE"))
    let signers = sts.requests.map { $0.header("authorization")?.contains("Credential=ENV/") }
    #expect(signers == [false, true])
  }

  @Test(arguments: [
    ("loop", "the source_profile of profile 'pool' leads nowhere"),
    ("self", "the source_profile of profile 'self' leads nowhere"),
    ("lost", "the source_profile 'nowhere' of profile 'lost' is not there"),
    ("bare", "profile 'empty', which a role is taken from, has no credentials"),
    ("both", "the role of profile 'both' needs either source_profile or credential_source"),
    ("odd", "the role of profile 'odd' has a credential_source that is none: 'Somewhere'"),
    (
      "environment",
      "the role of profile 'environment' is taken from the environment, which has no credentials"
    ),
  ])
  func refused(_ profile: String, _ sentence: String) {
    let sts = FakeTransport { _ in assumed("ROLE") }
    #expect(throws: Failure.usage(sentence)) { try find(profile, over: sts) }
    #expect(sts.requests.isEmpty)
  }

  @Test func aLongChainOfRolesEnds() throws {
    let config =
      (0..<100).map {
        "[profile p\($0)]\nrole_arn = arn\nsource_profile = p\($0 + 1)\n"
      }.joined() + "[profile p100]\naws_access_key_id = a\naws_secret_access_key = b"
    let problem = failure { _ = try finder(config, profile: "p0").find(at: noon) }
    #expect(problem?.sentence.contains("leads nowhere") == true)
  }

  @Test func aDeviceIsNotAskedFor() {
    let problem = failure { _ = try find("device", over: FakeTransport()) }
    #expect(problem?.status == .usage)
    #expect(problem?.sentence.contains("export-credentials --profile device") == true)
  }

  @Test func endpoints() throws {
    func url(_ variables: [String: String], _ region: String) throws -> HTTPRequest {
      let sts = FakeTransport { _ in assumed("ROLE") }
      _ = try find("one", variables.merging(["AWS_REGION": region]) { $1 }, over: sts)
      return try #require(sts.requests.first)
    }
    #expect(try url([:], "cn-north-1").authority == "sts.cn-north-1.amazonaws.com.cn")
    let legacy = try url(["AWS_STS_REGIONAL_ENDPOINTS": "legacy"], "eu-west-1")
    #expect(legacy.authority == "sts.amazonaws.com")
    #expect(legacy.header("authorization")?.contains("/us-east-1/sts/") == true)
    let mine = try url(["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1/sts/"], "r")
    #expect(mine.url == "http://127.0.0.1:1/sts/")
    #expect(throws: Failure.usage("'a.b' is no region such as eu-central-1")) {
      try url([:], "a.b")
    }
    #expect(throws: Failure.self) { try url(["AWS_ENDPOINT_URL": "ftp://x"], "r") }
  }

  @Test func refusalsAndTroubleOfTheNetwork() throws {
    let refusal = FakeTransport { _ in
      HTTPResponse(
        403,
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
          + "<Message>no\nway</Message></Error><RequestId>1</RequestId></ErrorResponse>")
    }
    #expect(
      throws: Failure.usage(
        "STS refuses the role of profile 'one': HTTP 403 AccessDenied: no\\nway")
    ) { try find("one", over: refusal) }
    #expect(refusal.requests.count == 1)
    for (answer, what) in [(HTTPResponse(503, ""), "HTTP 503"), (busy, "HTTP 400")] {
      let sts = FakeTransport { _ in answer }
      let sentence = "STS at https://sts.eu-west-1.amazonaws.com gives no credentials: \(what)"
      #expect(throws: Failure(sentence, .again)) { try find("one", over: sts) }
      #expect(sts.requests.count == 3)
    }
    #expect(failure { _ = try find("one", over: FakeTransport()) }?.status == .again)
    let late = FakeTransport { _ in assumed("ROLE", expires: "2026-10-31T00:00:00Z") }
    #expect(failure { _ = try find("one", over: late) }?.status == .again)
    for text in ["<x/>", "", "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"] {
      let sts = FakeTransport { _ in HTTPResponse(200, text) }
      #expect(failure { _ = try find("one", over: sts) }?.status == .data)
    }
  }

  private let busy = HTTPResponse(
    400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")

  @Test func webIdentities() throws {
    try withFolder { folder in
      try write("ey.token\n", to: "\(folder)/token")
      let sts = FakeTransport { _ in assumed("WEB", action: "AssumeRoleWithWebIdentity") }
      let variables = [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "\(folder)/token", "AWS_ROLE_ARN": "arn:r",
        "AWS_ROLE_SESSION_NAME": "pod",
      ]
      #expect(try find(nil, variables, over: sts) == temporary("WEB"))
      let request = try #require(sts.requests.first)
      #expect(
        request.text
          == "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Ar&RoleSessionName=pod"
          + "&WebIdentityToken=ey.token&Version=2011-06-15")
      #expect(request.header("authorization") == nil)
      // The variables are not for a profile that was given, nor for one that a role is taken from.
      for profile in ["web", "webbed"] {
        let problem = failure { _ = try find(profile, variables, over: sts) }
        #expect(problem?.sentence.contains("/nowhere/token") == true)
      }
      #expect(throws: Failure.self) {
        try find(nil, variables.filter { $0.key != "AWS_ROLE_ARN" }, over: sts)
      }
    }
  }
}
