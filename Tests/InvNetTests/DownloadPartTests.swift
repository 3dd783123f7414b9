import InvSystem
import Testing

@testable import InvNet

/// A file of 1000 bytes that is fetched in parts of 400.
private func withDownload(_ body: (DownloadFile) throws -> Void) throws {
  try withFolder { folder in
    let place = RemotePlace.object(bucket: "bucket", key: Array("key".utf8))
    try body(
      try DownloadFile(
        Download(number: 0, places: [place], size: 1000, digest: nil, path: folder + "/0")))
  }
}

private func begun(_ file: DownloadFile) throws -> DownloadPart {
  try #require(file.nextPart(of: 400))
}

/// An answer of which the head has come.
private func answer(_ status: Int, _ lines: String...) -> HTTPExchange {
  let request = HTTPRequest(scheme: "http", authority: "h", target: "/")
  let exchange = HTTPExchange(request) { _, _ in true }
  for line in ["HTTP/1.1 \(status) Said"] + lines { #expect(exchange.take(line: Array(line.utf8))) }
  return exchange
}

private var first: HTTPExchange { answer(206, "Content-Range: bytes 0-399/1000", "ETag: \"a\"") }

@Suite struct DownloadPartTests {
  @Test func otherPartsWaitForTheVersion() throws {
    try withDownload { file in
      let part = try begun(file)
      #expect(file.nextPart(of: 400) == nil)
      #expect(part.check(first, file) == nil)
      let next = try begun(file)
      #expect(file.request(next).headers.map(\.value) == ["bytes=400-799", "\"a\""])
      let last = try begun(file)
      #expect(file.request(last).headers.first?.value == "bytes=800-999")
      #expect(file.nextPart(of: 400) == nil)
    }
  }

  @Test(
    arguments: [
      (206, "Content-Range: bytes 400-799/1000", "ETag: \"a\"", nil),
      // rclone answers so.
      (200, "Content-Range: bytes 400-799/1000", "ETag: \"a\"", nil),
      (206, "Content-Range: bytes 400-799/*", "Content-Length: 400", nil),
      (206, "Content-Range: bytes 400-799/1000", "ETag: \"b\"", .changed),
      (206, "Content-Range: bytes 400-799/1001", "ETag: \"a\"", .changed),
      (
        206, "Content-Range: bytes 0-399/1000", "ETag: \"a\"",
        .otherRange("bytes 0-399 came, not 400-799")
      ),
      (206, "Content-Range: bytes 400-", "", .otherRange("its Content-Range cannot be read")),
      (
        206, "Content-Range: bytes 400-799/1000", "Content-Length: 399",
        .otherRange("399 bytes came, not 400")
      ),
      (200, "Content-Length: 1000", "", .otherRange("all of it came, not bytes 400-799")),
    ] as [(Int, String, String, DownloadPart.HeadProblem?)])
  func headsOfThoseBehind(
    status: Int, range: String, other: String, problem: DownloadPart.HeadProblem?
  ) throws {
    try withDownload { file in
      let ahead = try begun(file)
      #expect(ahead.check(first, file) == nil)
      let part = try begun(file)
      #expect(part.check(answer(status, range, other), file) == problem)
    }
  }

  @Test func anotherSizeAtFirstIsThatOfTheObject() throws {
    for head in [answer(206, "Content-Range: bytes 0-399/900"), answer(200, "Content-Length: 900")]
    {
      try withDownload { file in
        let part = try begun(file)
        #expect(part.check(head, file) == .otherSize(900))
      }
    }
  }

  @Test func allOfItIsTakenFromItsStart() throws {
    try withDownload { file in
      let part = try begun(file)
      #expect(part.check(answer(200, "Content-Length: 1000"), file) == nil)
      #expect(part.end == 1000)
      #expect(file.nextPart(of: 400) == nil)
    }
  }

  @Test func whereRangesAreLostThereIsOnePart() throws {
    try withDownload { file in
      let part = try begun(file)
      #expect(part.check(first, file) == nil)
      file.avoidRanges()
      #expect(file.restart(elsewhere: false))
      let whole = try begun(file)
      #expect(whole.end == 1000)
    }
  }

  @Test func aFileIsBegunAnewSomeTimes() throws {
    try withDownload { file in
      var count = 0
      while count < 100 && file.restart(elsewhere: false) { count += 1 }
      #expect(count == 3)
      #expect(!file.restart(elsewhere: true))
    }
  }
}
