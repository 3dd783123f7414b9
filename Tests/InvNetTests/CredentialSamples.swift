import InvSystem
import Testing

@testable import InvNet

/// 2026-11-01T00:00:00Z.
let noon: Int64 = 1_793_491_200

extension SharedConfig {
  init(config: String, credentials: String) throws(Failure) {
    try self.init(config: Array(config.utf8), credentials: Array(credentials.utf8))
  }
}

/// A finder over the text of the two files, which does not wait between tries.
func finder(
  _ config: String = "", _ credentials: String = "", _ environment: [String: String] = [:],
  profile: String? = nil, over transport: FakeTransport = FakeTransport()
) throws -> CredentialFinder {
  let shared = try SharedConfig(config: config, credentials: credentials)
  var finder = CredentialFinder(
    settings: try AccessSettings(profile: profile, environment: environment, config: shared),
    transport: transport)
  finder.pause = { _ in }
  return finder
}

/// The answer of STS that gives the keys `name` and `name-secret` for an hour.
func assumed(
  _ name: String, action: String = "AssumeRole", expires: String = "2026-11-01T01:00:00Z"
)
  -> HTTPResponse
{
  HTTPResponse(
    200,
    """
    <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
    <AssumedRoleUser><Arn>arn</Arn></AssumedRoleUser><Credentials><AccessKeyId>\(name)</AccessKeyId>
    <SecretAccessKey>\(name)-secret</SecretAccessKey><SessionToken>\(name)-token</SessionToken>
    <Expiration>\(expires)</Expiration></Credentials></\(action)Result></\(action)Response>
    """)
}

/// Credentials as instances and containers give them.
func keysJSON(_ name: String, expires: String = "2026-11-01T01:00:00Z") -> HTTPResponse {
  HTTPResponse(
    200,
    """
    {"Code": "Success", "AccessKeyId": "\(name)", "SecretAccessKey": "\(name)-secret",
    "Token": "\(name)-token", "Expiration": "\(expires)"}
    """)
}

func temporary(_ name: String) -> Credentials {
  Credentials(
    accessKey: name, secretKey: "\(name)-secret", sessionToken: "\(name)-token",
    expires: noon + 3600)
}

/// The sentence and the status that `body` fails with.
func failure(_ body: () throws -> Void) -> Failure? {
  do {
    try body()
    return nil
  } catch {
    return error as? Failure
  }
}

/// Runs `body` in a folder that is gone afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = "/tmp/inv-credentials-\(String(Machine.randomWord, radix: 16))"
  _ = try makeFolder(folder)
  defer { removeFolder(folder) }
  try body(folder)
}

func write(_ text: String, to path: String) throws {
  let file = try Descriptor.creating(path)
  try file.write(Array(text.utf8))
}
