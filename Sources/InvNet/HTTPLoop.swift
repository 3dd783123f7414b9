import CCurl
public import InvSystem

/// Keeps many exchanges going at once on the thread that runs it: curl_multi(3).
///
/// All but `wake()` is for that thread.
@safe public final class HTTPLoop: @unchecked Sendable {
  private let multi: UnsafeMutableRawPointer
  private let settings: HTTPSettings
  /// By the address of their handle.
  private var running: [UInt: Curl] = [:]
  private var idle: [Curl] = []

  /// curl_multi_init(3); `connections` are kept for later at most.
  public init(_ settings: HTTPSettings, connections: Int) throws(Failure) {
    // The first handle makes libcurl ready.
    guard let first = Curl(), let multi = unsafe curl_multi_init() else {
      throw Failure("libcurl does not start", .system)
    }
    unsafe self.multi = multi
    self.settings = settings
    idle = [first]
    unsafe _ = inv_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
  }

  deinit {
    for curl in running.values { unsafe curl_multi_remove_handle(multi, curl.handle) }
    unsafe curl_multi_cleanup(multi)
  }

  /// How many exchanges have not ended.
  public var count: Int { running.count }

  /// curl_multi_add_handle(3): the exchange goes on whenever `run` is called.
  public func start(_ exchange: HTTPExchange) throws(Failure) {
    guard let curl = idle.popLast() ?? Curl() else {
      throw Failure("libcurl does not start", .system)
    }
    curl.prepare(exchange, settings)
    guard unsafe curl_multi_add_handle(multi, curl.handle) == CURLM_OK else {
      throw Failure("libcurl does not take a request", .system)
    }
    running[curl.address] = curl
  }

  /// Ends an exchange before its time, and its connection with it.
  public func cancel(_ exchange: HTTPExchange) {
    guard let curl = running.values.first(where: { $0.exchange === exchange }) else { return }
    unsafe curl_multi_remove_handle(multi, curl.handle)
    running[curl.address] = nil
  }

  /// Moves what there is to move, waiting at most `seconds` for it or for `wake()`; the exchanges that
  /// have ended.
  public func run(waiting seconds: Double) throws(Failure) -> [HTTPExchange] {
    var active: Int32 = 0
    guard unsafe curl_multi_perform(multi, &active) == CURLM_OK else { throw Self.failure }
    var ended = concluded()
    if ended.isEmpty && seconds > 0 {
      let milliseconds = Int32(min(60_000, (seconds * 1000).rounded(.up)))
      guard unsafe curl_multi_poll(multi, nil, 0, milliseconds, nil) == CURLM_OK,
        unsafe curl_multi_perform(multi, &active) == CURLM_OK
      else { throw Self.failure }
      ended = concluded()
    }
    return ended
  }

  /// curl_multi_wakeup(3): has `run` return soon; for any thread.
  public func wake() { unsafe _ = curl_multi_wakeup(multi) }

  private static var failure: Failure {
    Failure("libcurl cannot wait for its connections", .system)
  }

  private func concluded() -> [HTTPExchange] {
    var ended: [HTTPExchange] = []
    var rest: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &rest) {
      guard unsafe message.pointee.msg == CURLMSG_DONE,
        let handle = unsafe message.pointee.easy_handle,
        let curl = running[UInt(bitPattern: handle)]
      else { continue }
      curl.conclude(unsafe inv_curl_result(message))
      unsafe curl_multi_remove_handle(multi, handle)
      running[curl.address] = nil
      if let exchange = curl.exchange { ended.append(exchange) }
      curl.release()
      idle.append(curl)
    }
    return ended
  }
}
