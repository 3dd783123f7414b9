import CCurl

/// A handle of libcurl, for one exchange after another.
@safe final class Curl: @unchecked Sendable {
  let handle: UnsafeMutableRawPointer
  var address: UInt { unsafe UInt(bitPattern: handle) }
  private var headers: UnsafeMutablePointer<curl_slist>?
  private(set) var exchange: HTTPExchange?

  // curl_global_init(3), once for the process.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// curl_easy_init(3).
  init?() {
    guard Self.isReady, let handle = unsafe curl_easy_init() else { return nil }
    unsafe self.handle = handle
  }

  deinit {
    unsafe curl_easy_cleanup(handle)
    unsafe curl_slist_free_all(headers)
  }

  /// curl_easy_setopt(3): makes the handle ready for `exchange`, which it keeps until the next.
  func prepare(_ exchange: HTTPExchange, _ settings: HTTPSettings) {
    unsafe curl_easy_reset(handle)
    self.exchange = exchange
    let request = exchange.request
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // A second connection is faster than a second stream on the first.
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_USERAGENT, settings.agent)
    set(CURLOPT_CONNECTTIMEOUT, settings.connectSeconds)
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    set(CURLOPT_LOW_SPEED_TIME, settings.stallSeconds)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_BUFFERSIZE, settings.bufferSize)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let seconds = exchange.seconds { set(CURLOPT_TIMEOUT, seconds) }
    if let bundle = settings.caBundle { set(CURLOPT_CAINFO, bundle) }
    if request.isDirect { set(CURLOPT_PROXY, "") }
    if exchange.isFresh { set(CURLOPT_FRESH_CONNECT, 1) }
    setMethod(request)
    setHeaders(request.headers)
    let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
    unsafe set(CURLOPT_HEADERFUNCTION, headerTaker, CURLOPT_HEADERDATA, context)
    unsafe set(CURLOPT_WRITEFUNCTION, bodyTaker, CURLOPT_WRITEDATA, context)
  }

  /// Lets go of the exchange, and of what its taker holds.
  func release() { exchange = nil }

  /// Sets what came of the exchange.
  func conclude(_ code: CURLcode) {
    guard let exchange else { return }
    guard code != CURLE_OK, exchange.fault == nil else { return }
    // The protocol is always one of HTTP: this says that what came first on a connection, such as what
    // another answer has left there, is none.
    let what =
      code == CURLE_UNSUPPORTED_PROTOCOL
      ? "what came is no answer of HTTP"
      : unsafe String(cString: curl_easy_strerror(code)).lowercasedFirst
    exchange.fault = HTTPFault(what, isTransient: !Self.lasting.contains(code.rawValue))
  }

  /// What will not go better a moment later.
  private static let lasting: Set<UInt32> = [
    CURLE_URL_MALFORMAT.rawValue, CURLE_PEER_FAILED_VERIFICATION.rawValue,
    CURLE_SSL_CACERT_BADFILE.rawValue, CURLE_SSL_CERTPROBLEM.rawValue,
    CURLE_SSL_ISSUER_ERROR.rawValue,
  ]

  private func setMethod(_ request: HTTPRequest) {
    switch request.method {
    case "GET": break
    case "HEAD": set(CURLOPT_NOBODY, 1)
    default:
      set(CURLOPT_CUSTOMREQUEST, request.method)
      set(CURLOPT_POSTFIELDSIZE, request.body.count)
      unsafe request.body.withUnsafeBytes { body in
        let bytes = unsafe UnsafeMutableRawPointer(mutating: body.baseAddress)
        unsafe _ = inv_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes)
      }
    }
  }

  private func setHeaders(_ list: [HTTPHeader]) {
    unsafe curl_slist_free_all(headers)
    unsafe headers = nil
    // Not to be asked to wait for leave to send the body.
    for line in ["Expect:"] + list.map({ "\($0.name): \($0.value)" }) {
      guard let longer = unsafe curl_slist_append(headers, line) else { continue }
      unsafe headers = longer
    }
    unsafe _ = inv_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
  }

  private func set(_ option: CURLoption, _ value: Int) {
    unsafe _ = inv_curl_set_long(handle, option, value)
  }

  private func set(_ option: CURLoption, _ value: String) {
    unsafe _ = inv_curl_set_text(handle, option, value)
  }

  private func set(
    _ option: CURLoption, _ taker: inv_curl_taker, _ argument: CURLoption,
    _ context: UnsafeMutableRawPointer
  ) {
    unsafe _ = inv_curl_set_taker(handle, option, taker)
    unsafe _ = inv_curl_set_pointer(handle, argument, context)
  }
}

/// CURLOPT_HEADERFUNCTION: another count than came ends the transfer.
private let headerTaker: inv_curl_taker = { bytes, size, count, context in
  guard let exchange = unsafe HTTPExchange.of(context) else { return 0 }
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return exchange.take(line: unsafe Array(line)) ? size * count : 0
}

/// CURLOPT_WRITEFUNCTION.
private let bodyTaker: inv_curl_taker = { bytes, size, count, context in
  guard let exchange = unsafe HTTPExchange.of(context) else { return 0 }
  let body = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe exchange.take(RawSpan(_unsafeBytes: body)) ? size * count : 0
}

extension HTTPExchange {
  fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> HTTPExchange? {
    unsafe context.map { unsafe Unmanaged<HTTPExchange>.fromOpaque($0).takeUnretainedValue() }
  }
}

extension String {
  /// For the middle of a sentence: "couldn't connect", but "SSL …" as it is.
  fileprivate var lowercasedFirst: String {
    guard let first, dropFirst().first?.isUppercase == false else { return self }
    return first.lowercased() + dropFirst()
  }
}
