import InvNet
import InvSystem
import Testing

/// Answers what it was told to, in turn, and remembers what it was asked.
private final class Script: HTTPTransport, @unchecked Sendable {
  private var answers: [HTTPResponse]
  private(set) var targets: [String] = []

  init(_ answers: [(Int, String)]) {
    self.answers = answers.map { HTTPResponse(status: $0, body: Array($1.utf8)) }
  }

  func perform(_ request: HTTPRequest, limit: Int, seconds: Int) throws(HTTPFault) -> HTTPResponse {
    targets.append(request.target)
    return answers.isEmpty ? HTTPResponse(status: 500) : answers.removeFirst()
  }
}

@Suite struct ReadingTests {
  private func remote(_ script: Script) -> Remote {
    var settings = RemoteSettings()
    settings.tries = 1
    settings.addressing = .path
    return Remote(settings, credentials: nil, transport: script)
  }

  private func page(_ content: String, next: String? = nil) -> (Int, String) {
    let rest = next.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
    return (
      200,
      "<ListBucketResult><IsTruncated>\(next != nil)</IsTruncated>\(content)\(rest)"
        + "</ListBucketResult>"
    )
  }

  private func names(_ script: Script, below prefix: String = "p/") throws -> [String] {
    try remote(script).names(in: "b", below: Array(prefix.utf8)).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test func namesOfTwoPages() throws {
    let script = Script([
      page(
        "<EncodingType>url</EncodingType><Contents><Key>p/a+b%2B</Key></Contents>", next: "t/+="),
      page("<CommonPrefixes><Prefix>p/x%20y/</Prefix></CommonPrefixes>"),
    ])
    // The second page does not say that it is encoded.
    #expect(try names(script) == ["a b+", "x%20y/"])
    #expect(script.targets[0].contains("delimiter=%2F&encoding-type=url&list-type=2&prefix=p%2F"))
    #expect(script.targets[1].contains("continuation-token=t%2F%2B%3D"))
  }

  /// The folder itself, and what is not below it.
  @Test func namesElsewhere() throws {
    let keys = ["p/", "q/a", "p", "p/a"].map { "<Contents><Key>\($0)</Key></Contents>" }
    #expect(try names(Script([page(keys.joined())])) == ["a"])
  }

  @Test func pagesThatHaveNoEnd() {
    #expect(throws: Failure.self) {
      try names(Script(Array(repeating: page("", next: "t"), count: 9)))
    }
    #expect(throws: Failure.self) {
      try names(Script(Array(repeating: page("", next: ""), count: 9)))
    }
  }

  @Test func pagesWithoutNamesComeToAnEnd() throws {
    let pages = (0..<2000).map { page("", next: "t\($0)") }
    let script = Script(pages)
    let failure = #expect(throws: Failure.self) { try names(script) }
    #expect(failure?.status == .data)
    #expect(script.targets.count == 1000)
    let name = page("<Contents><Key>p/a</Key></Contents>", next: "u")
    #expect(try names(Script(pages[..<999] + [name] + pages[..<999] + [page("")])) == ["a"])
  }

  @Test func namesWithoutAnEnd() throws {
    let long = String(repeating: "n", count: 7 << 20)
    let script = Script(
      (0..<20).map { page("<Contents><Key>p/\(long)</Key></Contents>", next: "t\($0)") })
    let failure = #expect(throws: Failure.self) { try names(script) }
    #expect(failure?.status == .data)
    #expect(script.targets.count == 10)
  }

  @Test(arguments: ["", "<", "<html></html>", "<ListBucketResult>"])
  func damagedAnswersAreAskedForAgain(text: String) throws {
    let good = page("<Contents><Key>p/a</Key></Contents>")
    #expect(try names(Script([(200, text), (200, text), good])) == ["a"])
    let failure = #expect(throws: Failure.self) {
      try names(Script([(200, text), (200, text), (200, text), good]))
    }
    #expect(failure?.status == .again)
  }

  @Test func whatIsNotThereIsNoFailure() throws {
    let object = RemotePlace.object(bucket: "b", key: Array("k".utf8))
    func error(_ code: String) -> (Int, String) { (404, "<Error><Code>\(code)</Code></Error>") }
    #expect(try remote(Script([error("NoSuchKey")])).contents(of: object, limit: 9) == nil)
    #expect(try remote(Script([(404, "")])).contents(of: object, limit: 9) == nil)
    #expect(try remote(Script([(200, "")])).contents(of: object, limit: 9) == [])
    #expect(throws: Failure.self) {
      try remote(Script([error("NoSuchBucket")])).contents(of: object, limit: 9)
    }
    #expect(throws: Failure.self) {
      try remote(Script([(403, "")])).contents(of: object, limit: 9)
    }
  }
}
