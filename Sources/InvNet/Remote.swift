public import InvSystem

/// What requests are signed with, and anew when that has ended.
public protocol CredentialSource: Sendable {
  /// Credentials that hold now; what they are and where they were looked for is not for messages.
  func current(at now: Int64) throws(Failure) -> Credentials
  /// Sees to it that others than `old`, which a server says have ended, are given out from now on; false
  /// when there are none.
  func refresh(replacing old: Credentials, at now: Int64) throws(Failure) -> Bool
}

/// How servers that speak S3 are reached.
public struct RemoteSettings: Sendable {
  /// nil for that of AWS.
  public var endpoint: S3Endpoint?
  public var addressing = S3Endpoint.Addressing.auto
  /// nil for what the server says, and AWS's first one until then.
  public var region: String?
  public var isRequesterPays = false
  /// How often a request is tried that brings nothing.
  public var tries = 10

  public init() {}
}

/// What is known of the servers that things lie on; shared by all that ask them.
public final class Remote: Sendable {
  /// What a request is made into: ready to be sent.
  public struct Prepared: Sendable {
    public let request: HTTPRequest
    public let credentials: Credentials?
  }

  public let settings: RemoteSettings
  /// nil when requests are not signed.
  let source: (any CredentialSource)?
  private let transport: any HTTPTransport
  let state = RemoteState()

  public init(
    _ settings: RemoteSettings, credentials: (any CredentialSource)?,
    transport: any HTTPTransport
  ) {
    self.settings = settings
    source = credentials
    self.transport = transport
  }

  /// Says that a server has answered: it is there, and worth all the tries when it falters.
  public func noteAnswer() { state.noteAnswer() }

  /// How many requests have been sent again.
  public var retries: Int { state.retries }

  /// `request` as it is to be sent now, where `attempts` have led.
  public func prepare(_ request: RemoteRequest, _ attempts: RemoteAttempts) throws(Failure)
    -> Prepared
  {
    var prepared = try unsigned(request, attempts)
    prepared.headers = request.headers
    guard case .object(let bucket, _) = request.place,
      attempts.redirect.map({ isOfEndpoint($0) }) ?? true
    else { return Prepared(request: prepared, credentials: nil) }
    if settings.isRequesterPays {
      prepared.headers.append(HTTPHeader("x-amz-request-payer", "requester"))
    }
    guard let source else { return Prepared(request: prepared, credentials: nil) }
    let now = Machine.time
    let credentials = try source.current(at: now)
    prepared.sign(
      with: credentials, region: region(of: bucket), service: "s3", at: now + state.clockOffset)
    return Prepared(request: prepared, credentials: credentials)
  }

  private func unsigned(_ request: RemoteRequest, _ attempts: RemoteAttempts) throws(Failure)
    -> HTTPRequest
  {
    if let url = attempts.redirect { return HTTPRequest(url) }
    switch request.place {
    case .object(let bucket, let key):
      let endpoint = settings.endpoint ?? .aws(region(of: bucket))
      return endpoint.request(
        bucket: bucket, key: key, query: request.query, isVirtual: isVirtual(bucket))
    case .url(let url):
      guard let parts = URLParts(url) else {
        throw .usage("\(request.place.name) is not a URL that can be read")
      }
      return HTTPRequest(parts)
    }
  }

  /// Whether a redirect leads to a server that may see what is signed: the endpoint's host, or one of its
  /// domain. Another, such as one that serves for a while what a signed URL names, is asked unsigned.
  private func isOfEndpoint(_ url: URLParts) -> Bool {
    func host(_ authority: String) -> Substring { authority.prefix { $0 != ":" } }
    let there = host(url.authority)
    guard let endpoint = settings.endpoint else {
      return there.hasSuffix(".amazonaws.com") || there.hasSuffix(".amazonaws.com.cn")
    }
    let here = host(endpoint.authority)
    return there == here || there.hasSuffix(".\(here)")
  }

  private func region(of bucket: String) -> String {
    state.region(of: bucket) ?? settings.region ?? "us-east-1"
  }

  /// Whether the bucket's name goes into the host; one with a dot would not match AWS's certificates.
  private func isVirtual(_ bucket: String) -> Bool {
    switch settings.addressing {
    case .path: false
    case .virtual: true
    case .auto: settings.endpoint == nil && !bucket.contains(".")
    }
  }

  /// Asks for what `request` names until there is an answer of status 2xx, one that is `accepted` or no
  /// hope.
  public func perform(
    _ request: RemoteRequest, limit: Int, seconds: Int = 60,
    accepted: (HTTPResponse) -> Bool = { _ in false }
  ) throws(Failure) -> HTTPResponse {
    var attempts = RemoteAttempts()
    while true {
      let prepared = try prepare(request, attempts)
      let answer: RemoteAnswer
      do throws(HTTPFault) {
        let response = try transport.perform(prepared.request, limit: limit, seconds: seconds)
        answer = RemoteAnswer(response, credentials: prepared.credentials)
        if 200..<300 ~= response.status || accepted(response) {
          noteAnswer()
          return response
        }
      } catch {
        answer = RemoteAnswer(
          HTTPResponse(status: 0), fault: error, credentials: prepared.credentials)
      }
      Machine.pause(try judge(answer, of: request, &attempts))
    }
  }
}
