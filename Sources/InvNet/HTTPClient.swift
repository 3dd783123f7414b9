import CCurl
import InvSystem

/// Puts requests to servers one at a time, on the thread that asks; connections are kept for the next.
public final class HTTPClient: HTTPTransport {
  private let settings: HTTPSettings
  private let idle = IdleHandles()

  public init(_ settings: HTTPSettings) { self.settings = settings }

  public func perform(_ request: HTTPRequest, limit: Int, seconds: Int) throws(HTTPFault)
    -> HTTPResponse
  {
    guard let curl = idle.take() ?? Curl() else {
      throw HTTPFault("libcurl does not start", isTransient: false)
    }
    var body: [UInt8] = []
    let exchange = HTTPExchange(request) { exchange, bytes in
      if exchange.status >= 300 {
        body.append(bytes, upTo: limit)
        return exchange.bodyLength <= HTTPExchange.refusalLimit
      }
      guard bytes.byteCount <= limit - body.count else { return false }
      unsafe bytes.withUnsafeBytes { unsafe body.append(contentsOf: $0) }
      return true
    }
    exchange.seconds = seconds
    curl.prepare(exchange, settings)
    curl.conclude(unsafe curl_easy_perform(curl.handle))
    if let fault = exchange.fault {
      guard exchange.bodyLength <= limit || exchange.status >= 300 else {
        throw HTTPFault("an answer of more than \(limit) bytes", isTransient: false)
      }
      throw fault
    }
    curl.release()
    idle.put(curl)
    return HTTPResponse(status: exchange.status, headers: exchange.headers, body: body)
  }
}

/// Handles whose connections may be used again.
private final class IdleHandles: @unchecked Sendable {
  private let monitor = Monitor()
  private var handles: [Curl] = []

  func take() -> Curl? { monitor.withLock { handles.popLast() } }
  func put(_ handle: Curl) { monitor.withLock { if handles.count < 8 { handles.append(handle) } } }
}
