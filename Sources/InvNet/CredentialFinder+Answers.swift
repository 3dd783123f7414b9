import InvBytes
import InvSystem
import InvText

extension CredentialFinder {
  /// Puts a request to `who` as often as `tries` says while the same may go well a moment later; the
  /// answer, whatever its status.
  ///
  /// `isBusy` says so of answers other than 429 and 5xx.
  func ask(
    _ request: HTTPRequest, of who: String, tries: Int = 3, seconds: Int = 10,
    isBusy: (HTTPResponse) -> Bool = { _ in false }
  ) throws(Failure) -> HTTPResponse {
    var left = tries
    while true {
      left -= 1
      do throws(HTTPFault) {
        let response = try transport.perform(request, limit: 1 << 20, seconds: seconds)
        let isTransient = response.status == 429 || response.status >= 500 || isBusy(response)
        if !isTransient { return response }
        if left <= 0 {
          throw HTTPFault("HTTP \(response.status)", isTransient: false)
        }
      } catch {
        if left <= 0 || !error.isTransient {
          throw Failure(
            "\(who) at \(request.origin) gives no credentials: \(printable(error.what))", .again)
        }
      }
      // Twice as long each time, and never as long as another who began at the same time.
      let most = UInt32(400) << UInt32(min(4, tries - left - 1))
      pause(UInt32.random(in: most / 2...most))
    }
  }

  /// A document that `who` has answered.
  func json(_ text: [UInt8], from who: String) throws(Failure) -> JSONValue {
    do {
      return try JSON.parse(text)
    } catch {
      throw .data("the answer of \(who): byte \(error.at): \(error.what)")
    }
  }

  /// Credentials in the words of instances, containers and processes.
  func credentials(_ answer: JSONValue, token: String, from who: String) throws(Failure)
    -> Credentials
  {
    guard let accessKey = answer["AccessKeyId"]?.text,
      let secretKey = answer["SecretAccessKey"]?.text
    else {
      throw .data("the answer of \(who) has no AccessKeyId or no SecretAccessKey")
    }
    var credentials = Credentials(
      accessKey: accessKey, secretKey: secretKey, sessionToken: answer[token]?.text)
    if let text = answer["Expiration"]?.text {
      credentials.expires = try time(text, "the Expiration of \(who)")
    }
    return credentials
  }

  func time(_ text: String, _ name: String) throws(Failure) -> Int64 {
    // Older tools of AWS wrote it so.
    let text = text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text[...]
    guard let seconds = try? Timestamp.seconds(from: text.utf8) else {
      throw .data("\(name) is no time")
    }
    return seconds
  }

  /// What a server says of its refusal, as the end of a sentence.
  func refusal(_ response: HTTPResponse, _ code: String?, _ message: String?) -> String {
    var text = "HTTP \(response.status)"
    if let code { text += " \(printable(String(code.prefix(100))))" }
    if let message { text += ": \(printable(String(message.prefix(500))))" }
    return text
  }

  /// The request for `path` of a service: at the endpoint that is set, else at `host` of AWS.
  func request(service: String, host: String, path: String) throws(Failure) -> HTTPRequest {
    let url = try settings.endpoint(of: service) ?? "https://\(host)"
    guard var parts = URLParts(url).map(HTTPRequest.init), !parts.target.contains("?") else {
      throw .usage("'\(printable(url))' is no endpoint such as https://sts.example.org")
    }
    while parts.target.hasSuffix("/") { parts.target.removeLast() }
    parts.target += path
    return parts
  }

  /// The name of AWS's server for `service` in `region`.
  func host(_ service: String, _ region: String) throws(Failure) -> String {
    let isName = region.utf8.allSatisfy {
      ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2d
    }
    guard isName, !region.isEmpty, region.utf8.count <= 63 else {
      throw .usage("'\(printable(region))' is no region such as eu-central-1")
    }
    return "\(service).\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
  }
}
