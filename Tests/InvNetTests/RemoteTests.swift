import InvSystem
import InvText
import Testing

@testable import InvNet

/// Gives the answers it was made with, in turn, and keeps what it was asked.
private final class Script: HTTPTransport, @unchecked Sendable {
  private let monitor = Monitor()
  private var answers: [Result<HTTPResponse, HTTPFault>]
  private var asked: [HTTPRequest] = []

  init(_ answers: [Result<HTTPResponse, HTTPFault>]) { self.answers = answers.reversed() }

  var requests: [HTTPRequest] { monitor.withLock { asked } }

  func perform(_ request: HTTPRequest, limit: Int, seconds: Int) throws(HTTPFault) -> HTTPResponse {
    let answer = monitor.withLock {
      asked.append(request)
      return answers.popLast()
    }
    guard let answer else { throw HTTPFault("nothing more to say", isTransient: false) }
    return try answer.get()
  }
}

private final class Keys: CredentialSource, @unchecked Sendable {
  private let monitor = Monitor()
  private var number = 1
  let last: Int

  init(last: Int) { self.last = last }

  func current(at now: Int64) throws(Failure) -> Credentials {
    let number = monitor.withLock { self.number }
    return Credentials(accessKey: "KEY\(number)", secretKey: "very-secret", sessionToken: "token")
  }

  func refresh(replacing old: Credentials, at now: Int64) throws(Failure) -> Bool {
    monitor.withLock {
      if number < last { number += 1 }
      return old.accessKey != "KEY\(number)"
    }
  }
}

@Suite struct RemoteTests {
  private let object = RemoteRequest(.object(bucket: "bucket", key: Array("a b/+é".utf8)))

  private func error(_ status: Int, _ code: String, _ rest: String = "") -> HTTPResponse {
    let text =
      "<Error><Code>\(code)</Code><Message>why</Message>\(rest)<RequestId>R1</RequestId></Error>"
    return HTTPResponse(status: status, body: Array(text.utf8))
  }

  private func remote(
    _ script: Script, endpoint: String? = "http://127.0.0.1:9", keys: Int? = 1, tries: Int = 3
  ) throws -> Remote {
    var settings = RemoteSettings()
    settings.endpoint = try endpoint.map { try S3Endpoint($0) }
    settings.tries = tries
    return Remote(settings, credentials: keys.map { Keys(last: $0) }, transport: script)
  }

  private func authorization(_ request: HTTPRequest) -> String {
    request.headers.first { $0.name == "authorization" }?.value ?? ""
  }

  @Test func transientAnswersAreAskedForAgain() throws {
    let script = Script([
      .success(error(503, "SlowDown")), .failure(HTTPFault("reset", isTransient: true)),
      .success(HTTPResponse(status: 200, body: [1])),
    ])
    let remote = try remote(script)
    #expect(try remote.perform(object, limit: 10).body == [1])
    #expect(
      script.requests.map(\.url)
        == Array(
          repeating: "http://127.0.0.1:9/bucket/a%20b/%2B%C3%A9", count: 3))
    #expect(remote.retries == 2)
  }

  @Test(arguments: [
    ("7", 7.0...7.0), ("100000", 120...120), ("Tue, 01 Jan 2930 00:00:00 GMT", 120...120),
    ("Tue, 01 Jan 1980 00:00:00 GMT", 0...1), ("-9", 0...1), ("nan", 0...1), ("soon", 0...1),
  ])
  func serversMayAskForAPause(text: String, pause: ClosedRange<Double>) throws {
    var answer = error(503, "SlowDown")
    answer.headers = [HTTPHeader("Retry-After", text)]
    var attempts = RemoteAttempts()
    let wait = try remote(Script([])).judge(
      RemoteAnswer(answer, credentials: nil), of: object, &attempts)
    #expect(pause.contains(wait))
  }

  @Test func triesAreBounded() throws {
    let script = Script(Array(repeating: .success(error(500, "InternalError")), count: 9))
    #expect {
      try remote(script).perform(object, limit: 10)
    } throws: { failure in
      failure as? Failure
        == Failure(
          "cannot get s3://bucket/a b/+é: HTTP 500 InternalError: why (request R1), after 3 tries",
          .again)
    }
    #expect(script.requests.count == 3)
  }

  @Test(arguments: [(false, 4), (true, 6)])
  func aServerThatHasAnsweredIsTriedToTheEnd(hasAnswered: Bool, tries: Int) throws {
    let outage = Array(
      repeating: Result<HTTPResponse, HTTPFault>.failure(HTTPFault("reset", isTransient: true)),
      count: 9)
    let answer = Result<HTTPResponse, HTTPFault>.success(HTTPResponse(status: 200))
    let script = Script((hasAnswered ? [answer] : []) + outage)
    let remote = try self.remote(script, tries: 6)
    if hasAnswered { _ = try remote.perform(object, limit: 10) }
    var listing = object
    listing.verb = "list"
    let failure = Failure("cannot list s3://bucket/a b/+é: reset, after \(tries) tries", .again)
    #expect(throws: failure) { try remote.perform(listing, limit: 10) }
  }

  @Test(arguments: [(403, "AccessDenied"), (404, "NoSuchKey"), (400, "InvalidRequest")])
  func refusalsAreFinal(status: Int, code: String) throws {
    let script = Script([.success(error(status, code))])
    #expect {
      try remote(script).perform(object, limit: 10)
    } throws: { failure in
      failure as? Failure
        == Failure(
          "cannot get s3://bucket/a b/+é: HTTP \(status) \(code): why (request R1)", .system)
    }
  }

  @Test func awsIsAskedInTheRegionThatItNames() throws {
    let script = Script([
      .success(error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")),
      .success(HTTPResponse(status: 200)), .success(HTTPResponse(status: 200)),
    ])
    let remote = try remote(script, endpoint: nil)
    _ = try remote.perform(object, limit: 10)
    _ = try remote.perform(object, limit: 10)
    #expect(
      script.requests.map(\.authority) == [
        "bucket.s3.us-east-1.amazonaws.com", "bucket.s3.eu-west-1.amazonaws.com",
        "bucket.s3.eu-west-1.amazonaws.com",
      ])
    #expect(authorization(script.requests[1]).contains("/eu-west-1/s3/aws4_request"))
  }

  @Test func redirectsAreSignedForWhereTheyLead() throws {
    let there = HTTPHeader("Location", "http://127.0.0.1:10/bucket/a%20b/%2B%C3%A9?x=1")
    let script = Script([
      .success(HTTPResponse(status: 307, headers: [there])), .success(HTTPResponse(status: 200)),
    ])
    _ = try remote(script).perform(object, limit: 10)
    #expect(script.requests[1].url == there.value)
    #expect(authorization(script.requests[0]) != authorization(script.requests[1]))
  }

  @Test(arguments: ["http://cdn.example.org/x", "http://127.0.0.1.example.org/x"])
  func othersThanTheEndpointSeeNoSignature(location: String) throws {
    let script = Script([
      .success(HTTPResponse(status: 307, headers: [HTTPHeader("Location", location)])),
      .success(HTTPResponse(status: 200)),
    ])
    _ = try remote(script).perform(object, limit: 10)
    #expect(script.requests[1].url == location)
    #expect(script.requests[1].headers.isEmpty)
  }

  @Test func eachRequestFollowsARegionThatAnotherHasLearned() throws {
    let elsewhere = error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")
    let script = Script([.success(elsewhere), .success(HTTPResponse(status: 200))])
    let remote = try remote(script)
    remote.state.learn(region: "eu-west-1", of: "bucket")
    _ = try remote.perform(object, limit: 10)
    #expect(script.requests.count == 2)
  }

  @Test(arguments: ["evil.org/", "a\r\nb", "", "EU"])
  func aRegionIsAName(region: String) throws {
    let script = Script([
      .success(error(400, "AuthorizationHeaderMalformed", "<Region>\(region)</Region>"))
    ])
    #expect(throws: Failure.self) { try remote(script).perform(object, limit: 10) }
    #expect(script.requests.count == 1)
  }

  @Test func redirectsHaveAnEnd() throws {
    let round = HTTPResponse(status: 302, headers: [HTTPHeader("Location", "/bucket/again")])
    let script = Script(Array(repeating: .success(round), count: 20))
    #expect(
      throws: Failure(
        "cannot get s3://bucket/a b/+é: redirected 5 times, last by HTTP 302", .again)
    ) {
      try remote(script).perform(object, limit: 10)
    }
  }

  @Test func noRedirectLeadsFromHTTPSToHTTP() throws {
    let there = HTTPHeader("Location", "http://elsewhere/bucket/key")
    let script = Script([.success(HTTPResponse(status: 307, headers: [there]))])
    #expect(throws: Failure.self) {
      try remote(script, endpoint: "https://here").perform(object, limit: 10)
    }
  }

  @Test func endedCredentialsAreReplacedWhereThereAreOthers() throws {
    let script = Script([
      .success(error(400, "ExpiredToken")), .success(HTTPResponse(status: 200)),
    ])
    _ = try remote(script, keys: 2).perform(object, limit: 10)
    #expect(authorization(script.requests[1]).contains("Credential=KEY2/"))
    let stuck = Script([.success(error(400, "ExpiredToken"))])
    #expect(throws: Failure.self) { try remote(stuck, keys: 1).perform(object, limit: 10) }
  }

  @Test func aClockThatIsWrongIsSetByTheServers() throws {
    var skewed = error(403, "RequestTimeTooSkewed")
    skewed.headers = [HTTPHeader("Date", "Tue, 01 Jan 2030 00:00:00 GMT")]
    let script = Script([.success(skewed), .success(HTTPResponse(status: 200))])
    _ = try remote(script).perform(object, limit: 10)
    let date = script.requests[1].headers.first { $0.name == "x-amz-date" }?.value
    #expect(date?.hasPrefix("20300101T0000") == true)
  }

  @Test func requestsAreUnsignedWithoutCredentials() throws {
    let script = Script([.success(HTTPResponse(status: 200))])
    _ = try remote(script, keys: nil).perform(object, limit: 10)
    #expect(script.requests[0].headers.isEmpty)
  }

  @Test(arguments: [
    ("https://h", "https", "h", "/"), ("HTTP://h:80/a?b=c", "http", "h", "/a?b=c"),
    ("https://h:443", "https", "h", "/"), ("http://h:443/x", "http", "h:443", "/x"),
  ])
  func urls(text: String, scheme: String, authority: String, target: String) {
    let url = URLParts(text)
    #expect(url?.scheme == scheme)
    #expect(url?.authority == authority)
    #expect(url?.target == target)
  }

  @Test(arguments: ["h", "ftp://h/", "http://", "http://u:p@h/", "http://h/#x", "http://h/a b"])
  func otherTextIsNoURL(text: String) { #expect(URLParts(text) == nil) }

  @Test(
    arguments: [
      ("bytes 0-99/200", 0, 99, 200), ("Bytes 5-5/*", 5, 5, nil),
    ] as [(String, UInt64, UInt64, UInt64?)])
  func contentRanges(text: String, first: UInt64, last: UInt64, size: UInt64?) {
    let range = ContentRange(text)
    #expect(range?.first == first)
    #expect(range?.last == last)
    #expect(range?.size == size)
  }

  @Test(arguments: ["", "bytes */200", "bytes 9-5/10", "items 0-1/2", "bytes 0-1", "bytes -1-2/3"])
  func otherTextIsNoContentRange(text: String) { #expect(ContentRange(text) == nil) }

  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sun, 06 Nov 1994 08:49:37", nil), ("", nil),
    ] as [(String, Int64?)])
  func dates(text: String, seconds: Int64?) { #expect(HTTPDate.seconds(from: text) == seconds) }
}
