import InvSystem
import InvText

/// A place that may have credentials.
enum CredentialPlace: Equatable, Sendable {
  case environment
  /// Those of a role that a profile names, given for others.
  case role(profile: String)
  /// Those of a role, given for the token of a web identity.
  case webIdentity(profile: String)
  /// Those of a role, given for the token of `aws sso login`.
  case signOn(profile: String)
  /// The keys in the file of credentials.
  case keys(profile: String)
  case process(profile: String)
  /// The keys in either file.
  case configuredKeys(profile: String)
  case container
  case instance

  /// Whether it may give others later on.
  var isRenewable: Bool { self != .environment }
}

/// Looks for credentials where the AWS tools do.
struct CredentialFinder: Sendable {
  let settings: AccessSettings
  let transport: any HTTPTransport
  /// Waits for that many milliseconds between tries.
  var pause: @Sendable (UInt32) -> Void = { InvSystem.pause(milliseconds: $0) }

  /// How many roles may each be given for the one before.
  static let roleLimit = 16

  /// The first credentials there are.
  ///
  /// A place that is set up and does not give any is a failure; those after it are not looked at.
  func find(at now: Int64) throws(Failure) -> (CredentialPlace, Credentials) {
    var places: [CredentialPlace] = settings.isProfileGiven ? [] : [.environment]
    places += [.role(profile: settings.profileName)] + Self.places(of: settings.profileName)
    for place in places + [.container, .instance] {
      if let credentials = try fetch(place, at: now) { return (place, credentials) }
    }
    let profile = printable(settings.profileName)
    let variables = settings.isProfileGiven ? "" : "the environment, "
    throw .usage(
      "no credentials in \(variables)profile '\(profile)' of the AWS tools, a container's or an "
        + "instance's metadata: give some, or --no-sign where none are needed")
  }

  /// Where a profile may have credentials of its own.
  private static func places(of profile: String) -> [CredentialPlace] {
    [
      .webIdentity(profile: profile), .signOn(profile: profile), .keys(profile: profile),
      .process(profile: profile), .configuredKeys(profile: profile),
    ]
  }

  /// What `place` has now; nil when it is not set up.
  func fetch(_ place: CredentialPlace, at now: Int64) throws(Failure) -> Credentials? {
    try fetch(place, at: now, behind: [])
  }

  private func fetch(_ place: CredentialPlace, at now: Int64, behind: [String]) throws(Failure)
    -> Credentials?
  {
    let found: Credentials?
    switch place {
    case .environment: found = try environmentKeys()
    case .role(let profile): found = try role(profile, at: now, behind: behind)
    case .webIdentity(let profile): found = try webIdentity(profile, at: now)
    case .signOn(let profile): found = try signOn(profile, at: now)
    case .keys(let profile):
      found = try keys(settings.freshConfig().credentials[profile], profile)
    case .process(let profile): found = try process(profile)
    case .configuredKeys(let profile):
      found = try keys(settings.freshConfig().profiles[profile], profile)
    case .container: found = try container()
    case .instance: found = try instance()
    }
    guard var found else { return nil }
    if found.sessionToken == "" { found.sessionToken = nil }
    let texts = [found.accessKey, found.secretKey, found.sessionToken ?? "-"]
    guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }) else {
      throw .data("\(name(place)) has credentials that are no printable text")
    }
    if let expires = found.expires, expires <= now { throw ended(found, place) }
    return found
  }

  /// The credentials that the role of a profile is given for.
  func sourceCredentials(of profile: String, at now: Int64, behind: [String]) throws(Failure)
    -> Credentials
  {
    let section = settings.config.profiles[profile] ?? SharedConfig.Section()
    // A role's own keys come first here, so that it can be given for them.
    let hasKeys = section["aws_access_key_id"] != nil || section["aws_secret_access_key"] != nil
    for place in (hasKeys ? [] : [.role(profile: profile)]) + Self.places(of: profile) {
      if let found = try fetch(place, at: now, behind: behind) { return found }
    }
    throw .usage("profile '\(printable(profile))', which a role is taken from, has no credentials")
  }

  /// How a place is called in messages.
  func name(_ place: CredentialPlace) -> String {
    switch place {
    case .environment: "the environment"
    case .role(let profile): "the role of profile '\(printable(profile))'"
    case .webIdentity: "the role of the web identity"
    case .signOn(let profile): "the sign-on of profile '\(printable(profile))'"
    case .keys(let profile), .configuredKeys(let profile): "profile '\(printable(profile))'"
    case .process(let profile): "the credential_process of profile '\(printable(profile))'"
    case .container: "the container's metadata"
    case .instance: "the instance's metadata"
    }
  }

  /// That the credentials of a place hold no more.
  func ended(_ credentials: Credentials, _ place: CredentialPlace) -> Failure {
    let time = credentials.expires.flatMap { Timestamp.text($0) } ?? "some time ago"
    let sentence = "the credentials of \(name(place)) ended at \(time)"
    return place.isRenewable ? Failure(sentence, .again) : .usage(sentence)
  }
}
