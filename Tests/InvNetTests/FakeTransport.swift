import InvNet
import Synchronization

/// Answers requests in the program itself, and keeps them.
final class FakeTransport: HTTPTransport {
  typealias Answer = @Sendable (HTTPRequest) throws(HTTPFault) -> HTTPResponse

  private let kept = Mutex<[HTTPRequest]>([])
  private let answer: Answer

  /// Without an answer there is no network.
  init(
    _ answer: @escaping Answer = { _ throws(HTTPFault) in
      throw HTTPFault("no route to host", isTransient: true)
    }
  ) {
    self.answer = answer
  }

  var requests: [HTTPRequest] { kept.withLock { $0 } }

  func perform(_ request: HTTPRequest, limit: Int, seconds: Int) throws(HTTPFault) -> HTTPResponse {
    kept.withLock { $0.append(request) }
    return try answer(request)
  }
}

extension HTTPRequest {
  func header(_ name: String) -> String? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }

  var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPResponse {
  init(_ status: Int, _ text: String) { self.init(status: status, body: Array(text.utf8)) }
}
