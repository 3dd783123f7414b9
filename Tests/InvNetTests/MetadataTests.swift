import InvSystem
import Testing

@testable import InvNet

@Suite struct MetadataTests {
  @Test func containers() throws {
    func find(_ variables: [String: String]) throws -> HTTPRequest {
      let server = FakeTransport { _ in keysJSON("BOX") }
      #expect(try finder("", "", variables, over: server).find(at: noon).1 == temporary("BOX"))
      #expect(server.requests.count == 1)
      return try #require(server.requests.first)
    }
    let relative = try find(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x?id=1"])
    #expect(relative.url == "http://169.254.170.2/v2/x?id=1" && relative.isDirect)
    #expect(relative.header("authorization") == nil)
    let full = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/y"]
    #expect(try find(full).url == "http://127.0.0.1:9/y")
    let token = ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic x"].merging(full) { $1 }
    #expect(try find(token).header("authorization") == "Basic x")
    try withFolder { folder in
      try write("from a file", to: "\(folder)/token")
      let file = ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "\(folder)/token"]
      #expect(try find(file.merging(token) { $1 }).header("authorization") == "from a file")
    }
    let secure = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://example.org/y"]
    #expect(try !find(secure).isDirect)
  }

  @Test(arguments: [
    ("127.0.0.1:80", true), ("127.9.9.9", true), ("localhost:1", true), ("LOCALHOST", true),
    ("[::1]:80", true), ("169.254.170.2", true), ("169.254.170.23", true),
    ("[fd00:ec2::23]", true), ("128.0.0.1", false), ("127.0.0.1.example.org", false),
    ("127.1", false), ("127.0.0.256", false), ("127.0.0.+1", false), ("127.example.0.1", false),
    ("localhost.example.org", false), ("example.org", false), ("[::2]", false),
    ("169.254.169.254", false),
  ])
  func hostsThatAreNear(_ authority: String, _ isNear: Bool) {
    #expect(CredentialFinder.isNear(authority) == isNear)
  }

  @Test func containersThatAreRefused() throws {
    func problem(_ url: String, _ answer: HTTPResponse, token: String = "t") -> Failure? {
      failure {
        let variables = [
          "AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        ]
        _ = try finder("", "", variables, over: FakeTransport { _ in answer }).find(at: noon)
      }
    }
    let near = "http://localhost/"
    #expect(problem("http://example.org/", keysJSON("BOX"))?.status == .usage)
    #expect(problem("file:///etc/passwd", keysJSON("BOX"))?.status == .usage)
    #expect(problem(near, keysJSON("BOX"), token: "a\nb")?.status == .data)
    #expect(problem(near, HTTPResponse(500, ""))?.status == .again)
    #expect(problem(near, HTTPResponse(200, "{"))?.status == .data)
    #expect(
      problem(near, HTTPResponse(400, #"{"code": "Expired", "message": "gone"}"#))
        == .usage(
          "the container's metadata at http://localhost gives no credentials: "
            + "HTTP 400 Expired: gone"))
  }

  /// An instance that has a role.
  static func answer(_ request: HTTPRequest) -> HTTPResponse {
    let token = request.header("x-aws-ec2-metadata-token")
    switch (request.method, request.target) {
    case ("PUT", "/latest/api/token"):
      let isRight = request.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600"
      return HTTPResponse(isRight ? 200 : 400, "TOKEN")
    case _ where token != "TOKEN": return HTTPResponse(401, "")
    case ("GET", "/latest/meta-data/iam/security-credentials/"):
      return HTTPResponse(200, "role\nmore")
    case ("GET", "/latest/meta-data/iam/security-credentials/role"):
      return keysJSON("EC2")
    default: return HTTPResponse(404, "")
    }
  }

  @Test func instances() throws {
    let server = FakeTransport { Self.answer($0) }
    #expect(try finder(over: server).find(at: noon).1 == temporary("EC2"))
    #expect(
      server.requests.map(\.authority) == ["169.254.169.254", "169.254.169.254", "169.254.169.254"])
    #expect(server.requests.map(\.isDirect) == [true, true, true])
    let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:5/"]
    #expect(try finder("", "", variables, over: server).find(at: noon).1 == temporary("EC2"))
    #expect(server.requests.last?.origin == "http://127.0.0.1:5")
    let ipv6 = FakeTransport()
    let mode = ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"]
    _ = try? finder("", "", mode, over: ipv6).find(at: noon)
    #expect(ipv6.requests.map(\.authority) == ["[fd00:ec2::254]"])
  }

  @Test func whereThereIsNoInstanceOneTryIsEnough() throws {
    let nothing = FakeTransport()
    #expect(failure { _ = try finder(over: nothing).find(at: noon) }?.status == .usage)
    #expect(nothing.requests.count == 1)
    let old = FakeTransport { _ in HTTPResponse(404, "") }
    #expect(failure { _ = try finder(over: old).find(at: noon) }?.status == .usage)
  }

  @Test func anInstanceThatGivesNothing() throws {
    func problem(_ answer: HTTPResponse) -> Failure? {
      let server = FakeTransport { request in
        request.method == "PUT" || !request.target.hasSuffix("/") ? Self.answer(request) : answer
      }
      return failure { _ = try finder(over: server).find(at: noon) }
    }
    #expect(problem(HTTPResponse(404, ""))?.status == .usage)
    #expect(problem(HTTPResponse(500, ""))?.status == .again)
    #expect(problem(HTTPResponse(200, "other"))?.status == .again)
    let untrusted = FakeTransport { request in
      request.target.hasSuffix("role")
        ? HTTPResponse(200, #"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}"#)
        : request.method == "PUT" ? Self.answer(request) : HTTPResponse(200, "role")
    }
    #expect(
      throws: Failure(
        "the instance's metadata gives no credentials: AssumeRoleUnauthorizedAccess: no", .again)
    ) { try finder(over: untrusted).find(at: noon) }
  }
}
