import InvSystem
import InvText

/// What an answer that is not a success says of itself.
struct S3Problem {
  let status: Int
  /// "NoSuchKey" and the like; nil where the server does not say it in S3's way.
  let code: String?
  let message: String?
  let region: String?
  let endpoint: String?
  let requestID: String?

  init(_ response: HTTPResponse) {
    status = response.status
    let error = (try? XML.parse(response.body)).flatMap { $0.name == "Error" ? $0 : nil }
    func text(_ name: StaticString) -> String? { error?[name]?.text }
    code = text("Code")
    message = text("Message")
    region = text("Region")
    endpoint = text("Endpoint")
    requestID =
      response.header("x-amz-request-id") ?? response.header("x-amzn-requestid")
      ?? text("RequestId")
  }

  /// Whether the same request may go well a little later.
  var isTransient: Bool {
    if status == 429 || status == 408 || (status >= 500 && status != 501) { return true }
    return ["RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable"].contains(code)
  }

  /// "HTTP 403 AccessDenied: Access Denied (request 4442587FB7D0A2F9)".
  var sentence: String {
    var text = "HTTP \(status)"
    if let code { text += " \(printable(code))" }
    if let message { text += ": \(printable(message))" }
    if let requestID { text += " (request \(printable(requestID)))" }
    return text
  }
}
