import InvSystem

/// What was learned from answers.
final class RemoteState: Sendable {
  private final class Fields: @unchecked Sendable {
    var regions: [String: String] = [:]
    var clockOffset: Int64 = 0
    var retries = 0
    var hasAnswered = false
  }

  private let monitor = Monitor()
  private let fields = Fields()

  var retries: Int { monitor.withLock { fields.retries } }
  var clockOffset: Int64 { monitor.withLock { fields.clockOffset } }
  /// Whether any server has said anything.
  var hasAnswered: Bool { monitor.withLock { fields.hasAnswered } }

  func region(of bucket: String) -> String? { monitor.withLock { fields.regions[bucket] } }

  func learn(region: String, of bucket: String) {
    monitor.withLock { fields.regions[bucket] = region }
  }

  func learn(clockOffset: Int64) { monitor.withLock { fields.clockOffset = clockOffset } }

  func noteAnswer() { monitor.withLock { fields.hasAnswered = true } }

  func noteRetry() { monitor.withLock { fields.retries += 1 } }
}
