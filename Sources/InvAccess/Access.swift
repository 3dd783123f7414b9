import InvCLI
public import InvNet
public import InvSystem

/// The way to servers: what the options of the command line say, then the environment, then the files of
/// the AWS tools.
public struct Access: Sendable {
  public let remote: Remote
  public let http: HTTPSettings

  public init(_ options: AccessOptions) throws(Failure) {
    let found = try AccessSettings(profile: options.profile, environment: Machine.environment)
    var http = HTTPSettings()
    http.agent = "inv/\(Version.program)"
    http.caBundle = found.caBundle
    var settings = RemoteSettings()
    settings.addressing =
      options.addressing
      ?? found.addressingStyle.flatMap { S3Endpoint.Addressing(rawValue: $0) } ?? .auto
    settings.isRequesterPays = options.isRequesterPays
    settings.region = options.region ?? found.region
    var endpoint = options.endpoint
    if endpoint == nil { endpoint = try found.endpoint(of: "s3") }
    if let endpoint { settings.endpoint = try S3Endpoint(endpoint) }
    let transport = HTTPClient(http)
    self.http = http
    remote = Remote(
      settings,
      credentials: options.isUnsigned ? nil : CredentialChain(found, over: transport),
      transport: transport)
  }
}
