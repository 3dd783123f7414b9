import InvNet
import Testing

/// Vectors of the public Signature Version 4 test suite, and of the examples for S3.
@Suite struct SignatureTests {
  private let credentials = Credentials(
    accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

  private func signature(_ request: HTTPRequest) -> String {
    let text = request.headers.first { $0.name == "authorization" }?.value ?? ""
    return String(text.split(separator: "Signature=").last ?? "")
  }

  // 2015-08-30T12:36:00Z, service "service".
  @Test(arguments: [
    ("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    (
      "GET", "/?Param1=value1",
      "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"
    ),
    (
      "GET", "/?Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    ),
    (
      "GET", "/?Param1=value2&Param1=Value1",
      "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"
    ),
    (
      "GET",
      "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        + "=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
      "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"
    ),
    ("GET", "/%E1%88%B4", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
  ])
  func suite(method: String, target: String, expected: String) {
    var request = HTTPRequest(
      scheme: "https", authority: "example.amazonaws.com", target: target)
    request.method = method
    request.sign(with: credentials, region: "us-east-1", service: "service", at: 1_440_938_160)
    #expect(signature(request) == expected)
  }

  @Test func listOfABucket() {
    var request = HTTPRequest(
      scheme: "https", authority: "examplebucket.s3.amazonaws.com", target: "/?max-keys=2&prefix=J")
    request.sign(
      with: Credentials(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", service: "s3", at: 1_369_353_600)
    #expect(
      signature(request) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
  }

  @Test func aTokenIsSignedAndAnOldSignatureReplaced() {
    var request = HTTPRequest(scheme: "https", authority: "h", target: "/")
    var temporary = credentials
    temporary.sessionToken = "token"
    request.sign(with: temporary, region: "r", service: "s3", at: 0)
    request.sign(with: temporary, region: "r", service: "s3", at: 1)
    let names = request.headers.map(\.name)
    #expect(
      names.sorted() == [
        "authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token",
      ])
    let authorization = request.headers.first { $0.name == "authorization" }?.value
    #expect(
      authorization?.contains(
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token") == true)
  }

  @Test func secretsAreNotDescribed() {
    #expect(!"\(credentials)".contains("EXAMPLE"))
  }
}
