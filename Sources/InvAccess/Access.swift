import InvCLI
public import InvNet
public import InvSystem

/// The way to servers: from the options of the command line, and where they are silent from the
/// environment.
public struct Access: Sendable {
  public let remote: Remote
  public let http: HTTPSettings

  public init(_ options: AccessOptions) throws(Failure) {
    var http = HTTPSettings()
    http.agent = "inv/\(Version.program)"
    http.caBundle = Machine.environment("AWS_CA_BUNDLE")
    var settings = RemoteSettings()
    settings.addressing = options.addressing ?? .auto
    settings.isRequesterPays = options.isRequesterPays
    settings.region =
      options.region ?? Machine.environment("AWS_REGION")
      ?? Machine.environment("AWS_DEFAULT_REGION")
    let endpoint =
      options.endpoint ?? Machine.environment("AWS_ENDPOINT_URL_S3")
      ?? Machine.environment("AWS_ENDPOINT_URL")
    settings.endpoint = try endpoint.map { text throws(Failure) in try S3Endpoint(text) }
    self.http = http
    remote = Remote(
      settings, credentials: options.isUnsigned ? nil : EnvironmentCredentials(),
      transport: HTTPClient(http))
  }
}

/// The keys in the environment.
private struct EnvironmentCredentials: CredentialSource {
  func current(at now: Int64) throws(Failure) -> Credentials {
    guard let accessKey = Machine.environment("AWS_ACCESS_KEY_ID"),
      let secretKey = Machine.environment("AWS_SECRET_ACCESS_KEY")
    else {
      throw .usage(
        "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --no-sign")
    }
    return Credentials(
      accessKey: accessKey, secretKey: secretKey,
      sessionToken: Machine.environment("AWS_SESSION_TOKEN"))
  }

  func refresh(replacing old: Credentials, at now: Int64) throws(Failure) -> Bool { false }
}
