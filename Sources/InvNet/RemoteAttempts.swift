public import InvSystem
import InvText

/// How far one request has come: how often it was sent, and where to.
public struct RemoteAttempts: Sendable {
  /// Tries since the last that brought something.
  var tries = 0
  var redirects = 0
  var refreshes = 0
  /// Where the last answer sent it.
  var redirect: URLParts?
  /// The region that an answer named last.
  var region: String?
  /// Whether the next try needs a connection of its own.
  public internal(set) var isFresh = false

  public init() {}

  /// Whether it has been tried in vain some times.
  var isStuck: Bool { tries >= 3 }

  /// Says that the last try brought something before it failed, so that the next is the first again.
  public mutating func noteProgress() { tries = 0 }
}

extension Remote {
  /// Asking is done with only a sentence after so many seconds in all.
  private static let longest = 20.0
  private static let redirectLimit = 5

  /// What to make of an answer that is not what was asked for: the seconds to wait before the request is
  /// prepared and sent again; else the failure to end with.
  public func judge(
    _ answer: RemoteAnswer, of request: RemoteRequest, _ attempts: inout RemoteAttempts
  ) throws(Failure) -> Double {
    attempts.isFresh = answer.fault != nil
    let problem = S3Problem(answer.response)
    if answer.fault == nil {
      noteAnswer()
      if try follow(answer.response, problem, request, &attempts) { return 0 }
      if try renew(answer, problem, &attempts) { return 0 }
    }
    guard answer.fault?.isTransient ?? problem.isTransient else {
      throw failure(answer, problem, request, attempts)
    }
    attempts.tries += 1
    // A server that has never answered is probably not there.
    guard attempts.tries < (state.hasAnswered ? settings.tries : min(settings.tries, 4)) else {
      throw failure(answer, problem, request, attempts)
    }
    state.noteRetry()
    let longest = min(Self.longest, 0.1 * Double(1 << min(attempts.tries, 16)))
    let wait = Double.random(in: longest / 2...longest)
    return max(wait, Double(min(120, pauseAskedFor(by: answer.response))))
  }

  /// The seconds, or the time, of Retry-After: RFC 9110, 10.2.3.
  private func pauseAskedFor(by response: HTTPResponse) -> Int64 {
    guard let text = response.header("retry-after") else { return 0 }
    if let seconds = Int64(text) { return seconds }
    return HTTPDate.seconds(from: text).map { $0 - Machine.time - state.clockOffset } ?? 0
  }

  /// Whether the answer sends the request elsewhere.
  private func follow(
    _ response: HTTPResponse, _ problem: S3Problem, _ request: RemoteRequest,
    _ attempts: inout RemoteAttempts
  ) throws(Failure) -> Bool {
    let isElsewhere = [301, 302, 303, 307, 308].contains(response.status)
    let region = [response.header("x-amz-bucket-region"), problem.region].compactMap { $0 }.first {
      // It becomes a part of a host's name and of a header.
      1...63 ~= $0.utf8.count
        && $0.utf8.allSatisfy { 0x61...0x7a ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2d }
    }
    guard isElsewhere || (response.status == 400 && region != nil) else { return false }
    guard attempts.redirects < Self.redirectLimit else {
      throw Failure(
        "cannot \(request.verb) \(request.place.name): redirected \(Self.redirectLimit) times, last by "
          + problem.sentence, .again)
    }
    attempts.redirects += 1
    if case .object(let bucket, let key) = request.place {
      // Others may have learned it in the meantime, but this one has not been signed for it.
      if let region, attempts.region != region {
        attempts.region = region
        attempts.redirect = nil
        state.learn(region: region, of: bucket)
        return true
      }
      guard isElsewhere else { return false }
      if response.header("location") == nil, let host = problem.endpoint {
        let isVirtual = host.hasPrefix(bucket + ".")
        let bare = isVirtual ? String(host.dropFirst(bucket.utf8.count + 1)) : host
        let endpoint = S3Endpoint(scheme: settings.endpoint?.scheme ?? "https", authority: bare)
        attempts.redirect = URLParts(
          endpoint.request(bucket: bucket, key: key, query: request.query, isVirtual: isVirtual).url
        )
        return attempts.redirect != nil
      }
    }
    guard isElsewhere, let location = response.header("location") else { return false }
    let here = try prepare(request, attempts).request
    guard let url = URLParts(location.hasPrefix("/") ? here.origin + location : location),
      // What was asked in private is not to be asked in public.
      url.scheme == "https" || here.scheme == "http"
    else {
      throw Failure(
        "cannot \(request.verb) \(request.place.name): redirected to '\(printable(location))', which is not"
          + " followed: \(problem.sentence)", .system)
    }
    attempts.redirect = url
    return true
  }

  /// Whether there are other credentials, or another time, to sign with.
  private func renew(
    _ answer: RemoteAnswer, _ problem: S3Problem, _ attempts: inout RemoteAttempts
  ) throws(Failure) -> Bool {
    guard attempts.refreshes < 2, let old = answer.credentials, let source else { return false }
    switch problem.code {
    case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken":
      attempts.refreshes += 1
      return try source.refresh(replacing: old, at: Machine.time)
    case "RequestTimeTooSkewed":
      guard let date = answer.response.header("date"), let time = HTTPDate.seconds(from: date)
      else { return false }
      attempts.refreshes += 1
      state.learn(clockOffset: time - Machine.time)
      return true
    default: return false
    }
  }

  private func failure(
    _ answer: RemoteAnswer, _ problem: S3Problem, _ request: RemoteRequest,
    _ attempts: RemoteAttempts
  ) -> Failure {
    let tries = attempts.tries > 1 ? ", after \(attempts.tries) tries" : ""
    let what = answer.fault?.what ?? problem.sentence
    let isTransient = answer.fault?.isTransient ?? problem.isTransient
    return Failure(
      "cannot \(request.verb) \(request.place.name): \(what)\(tries)",
      isTransient ? .again : .system)
  }
}
