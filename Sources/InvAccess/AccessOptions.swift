public import InvCLI
public import InvNet

/// How servers are to be reached, as far as the command line says it.
public struct AccessOptions: Sendable {
  public var endpoint: String?
  public var region: String?
  public var profile: String?
  public var isUnsigned = false
  public var isRequesterPays = false
  public var addressing: S3Endpoint.Addressing?

  public init() {}

  /// The same options as words of a command line.
  public var words: [String] {
    var words: [String] = []
    if let endpoint { words.append("--endpoint=\(endpoint)") }
    if let region { words.append("--region=\(region)") }
    if let profile { words.append("--profile=\(profile)") }
    if isUnsigned { words.append("--no-sign") }
    if isRequesterPays { words.append("--requester-pays") }
    if let addressing { words.append("--addressing=\(addressing.rawValue)") }
    return words
  }
}

extension S3Endpoint.Addressing: OptionValue {}

extension Option {
  /// The options of every tool that reads from servers.
  public static func access(
    _ access: any WritableKeyPath<Settings, AccessOptions> & Sendable
  ) -> [Option] {
    [
      .value("endpoint", nil, "URL", "ask the S3 server at URL, not AWS") {
        $0[keyPath: access].endpoint = $1
      },
      .value("region", nil, "NAME", "sign for the region NAME") {
        $0[keyPath: access].region = $1
      },
      .value("profile", nil, "NAME", "use the profile NAME of the AWS configuration") {
        $0[keyPath: access].profile = $1
      },
      .flag("no-sign", nil, "send no credentials, as to public buckets") {
        $0[keyPath: access].isUnsigned = true
      },
      .flag("requester-pays", nil, "pay for requests to buckets that ask for it") {
        $0[keyPath: access].isRequesterPays = true
      },
      .value("addressing", nil, "HOW", "put buckets in the path or the virtual host") {
        $0[keyPath: access].addressing = $1
      },
    ]
  }
}
