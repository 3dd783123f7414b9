import InvNet
import Testing

@Suite struct HTTPResponseTests {
  @Test func headersAreFoundInAnyCase() {
    let response = HTTPResponse(
      status: 200, headers: [HTTPHeader("ETag", "\"a\""), HTTPHeader("etag", "\"b\"")])
    #expect(response.header("ETAG") == "\"b\"")
    #expect(response.header("Content-Range") == nil)
  }
}
