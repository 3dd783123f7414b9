public import InvSystem

/// How AWS and the like are to be reached, as the environment and a profile say it.
public struct AccessSettings: Sendable {
  /// Variables that are not empty.
  let environment: [String: String]
  let config: SharedConfig
  /// The profile that holds, "default" when none was named.
  public let profileName: String
  /// Whether the profile was named for this run, and goes before the keys of the environment; that
  /// AWS_PROFILE names one is not enough.
  let isProfileGiven: Bool
  private var isRead = false

  /// `profile` is that of `--profile`; else AWS_PROFILE or AWS_DEFAULT_PROFILE name it. One that is
  /// named must be there.
  public init(
    profile: String?, environment: [String: String]
  ) throws(Failure) {
    try self.init(
      profile: profile, environment: environment,
      config: try SharedConfig.reading(environment.filter { !$0.value.isEmpty }))
    isRead = true
  }

  /// The same of files that have been read.
  public init(profile: String?, environment: [String: String], config: SharedConfig) throws(Failure)
  {
    self.environment = environment.filter { !$0.value.isEmpty }
    self.config = config
    isProfileGiven = profile != nil
    let named =
      profile ?? self.environment["AWS_PROFILE"] ?? self.environment["AWS_DEFAULT_PROFILE"]
    profileName = named ?? "default"
    if named != nil && profileName != "default" && config.profiles[profileName] == nil {
      throw .usage("there is no profile '\(printable(profileName))' in the files of the AWS tools")
    }
  }

  /// What the files say now: other programs put new keys into them.
  func freshConfig() throws(Failure) -> SharedConfig {
    isRead ? try SharedConfig.reading(environment) : config
  }

  var profile: SharedConfig.Section { config.profiles[profileName] ?? SharedConfig.Section() }

  /// AWS_REGION, AWS_DEFAULT_REGION or the profile's.
  public var region: String? {
    environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile["region"]
  }

  /// The file of certificates to trust: AWS_CA_BUNDLE or the profile's.
  public var caBundle: String? {
    (environment["AWS_CA_BUNDLE"] ?? profile["ca_bundle"])
      .flatMap { SharedConfig.expanded($0, environment) }
  }

  /// How the profile wants buckets addressed: "path", "virtual" or "auto".
  public var addressingStyle: String? { profile["s3", "addressing_style"] }

  /// The URL that stands for a service, "s3" or "sts", "sso", "sso_oidc"; nil when it is AWS's own.
  ///
  /// In this order: the service's variable, AWS_ENDPOINT_URL, the service in the section of services
  /// that the profile names, the profile.
  public func endpoint(of service: String) throws(Failure) -> String? {
    let ignored =
      environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]
      ?? profile["ignore_configured_endpoint_urls"]
    if ignored?.lowercased() == "true" { return nil }
    if let url = environment["AWS_ENDPOINT_URL_\(service.uppercased())"]
      ?? environment["AWS_ENDPOINT_URL"]
    {
      return url
    }
    if let name = profile["services"] {
      guard let section = config.services[name] else {
        throw .usage(
          "profile '\(printable(profileName))' names services '\(printable(name))', "
            + "which are not in the files of the AWS tools")
      }
      if let url = section[service, "endpoint_url"] { return url }
    }
    return profile["endpoint_url"]
  }
}
