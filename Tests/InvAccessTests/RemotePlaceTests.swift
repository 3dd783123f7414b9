import InvNet
import InvSource
import InvSystem
import Testing

@testable import InvAccess

struct RemotePlaceTests {
  private func remote() -> Remote {
    Remote(RemoteSettings(), credentials: nil, transport: Answers([:]))
  }

  @Test(arguments: [
    "s3://b/k", "s3://b", "s3://b/", "s3://my.bucket/a//b?c#d", "S3://b/k",
    "http://h/m.json", "https://h:9/p%20q/m.json?token=x",
  ]) func operands(text: String) throws {
    #expect(isRemote(text))
    _ = try RemoteStore(text, remote())
  }

  @Test(arguments: [
    "s3://", "s3:///k", "s3://a b/k", "s3://evil.org#/k", "s3://u@h/k", "s3://../k", "s3://b:80/k",
    "http://", "http://u@h/m", "http://h/a b", "http://h/m#f", "http://h/é",
  ]) func otherOperands(text: String) {
    #expect(throws: Failure.self) { try RemoteStore(text, remote()) }
  }

  @Test(arguments: ["a", "/a/b", "file:///a", "ftp://h/a", "a://b", "://"])
  func localOperands(text: String) { #expect(!isRemote(text)) }

  @Test func keysAreTakenAsTheyAre() throws {
    let store = try RemoteStore("s3://b/a%20b?c=d", remote())
    #expect(try store.place(of: store.path) == .object(bucket: "b", key: Array("a%20b?c=d".utf8)))
  }

  private static let manifest = "inv/src/daily/2026-11-01T00-00Z/manifest.json"

  private func places(_ operand: String, key: String, destination: String) throws -> [String] {
    let text = """
      {"sourceBucket": "src", "destinationBucket": "arn:aws:s3:::\(destination)",
       "version": "2016-11-30", "creationTimestamp": "1793491200000", "fileFormat": "CSV",
       "fileSchema": "Bucket, Key", "files": [{"key": "\(key)", "size": 1,
       "MD5checksum": "f11166069f1990abeb9c97ace9cdfabc"}]}
      """
    let store = try RemoteStore(
      operand,
      Remote(
        RemoteSettings(), credentials: nil,
        transport: Answers([operand.replacing("s3://", with: "https://s3/"): text])))
    let file = try ManifestFile(at: store.path, in: store, snapshot: nil) { _ in }
    #expect(!file.isVerified)
    return try RemoteFiles(of: file, in: store).places(of: file.manifest.files[0]).map {
      switch $0 {
      case .object(let bucket, let key): "\(bucket): \(String(decoding: key, as: UTF8.self))"
      case .url(let url): url
      }
    }
  }

  @Test func inTheBucketThatTheManifestNames() throws {
    #expect(
      try places("s3://dest/\(Self.manifest)", key: "inv/src/daily/data/1.csv", destination: "dest")
        == ["dest: inv/src/daily/data/1.csv", "dest: inv//src/daily/data/1.csv"])
  }

  @Test func ofACopy() throws {
    #expect(
      try places("s3://copy/x/now/manifest.json", key: "inv/daily/data/1.csv", destination: "dest")
        == ["copy: inv/daily/data/1.csv", "copy: x/data/1.csv", "dest: inv/daily/data/1.csv"])
  }

  /// A bucket's name must not make a host of another.
  @Test func ofABucketThatCannotBe() throws {
    #expect(
      try places("s3://copy/x/manifest.json", key: "k", destination: "evil.org?")
        == ["copy: k", "copy: data/k"])
  }

  @Test func onAServerOfHTTP() throws {
    #expect(
      try places("https://h/a/now/manifest.json?t=1", key: "d/x y", destination: "dest") == [
        "https://h/a/now/d/x%20y?t=1", "https://h/a/d/x%20y?t=1", "https://h/d/x%20y?t=1",
        "https://h/a/data/x%20y?t=1", "https://h/a/now/x%20y?t=1",
      ])
    #expect(
      try places("https://h/a/now/manifest.json", key: "../x", destination: "dest")
        == ["https://h/a/data/x", "https://h/a/now/x"])
  }
}

/// Answers by URL what it was told to, and 404 to the rest.
struct Answers: HTTPTransport {
  let bodies: [String: String]

  init(_ bodies: [String: String]) { self.bodies = bodies }

  func perform(_ request: HTTPRequest, limit: Int, seconds: Int) throws(HTTPFault) -> HTTPResponse {
    let url = request.url.replacing(/https:\/\/([a-z]*)\.?s3\.us-east-1\.amazonaws\.com\//) {
      "https://s3/\($0.1)/"
    }
    guard let body = bodies[url] else { return HTTPResponse(status: 404) }
    return HTTPResponse(status: 200, body: Array(body.utf8))
  }
}
