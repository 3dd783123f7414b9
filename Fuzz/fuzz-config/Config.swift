import InvNet
import InvText

/// Reads the first half as a configuration, the second as a file of credentials, and asks for all that
/// does not need a network; and parts the whole into words.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let words = ShellWords.split(String(decoding: text, as: UTF8.self)) ?? []
  precondition(words.count <= count)
  let halves = text.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let config = try? SharedConfig(
    config: Array(halves[0]), credentials: Array(halves.dropFirst().joined()))
  guard let config else { return 0 }
  for profile in config.profiles.keys {
    let settings = try? AccessSettings(profile: profile, environment: [:], config: config)
    guard let settings else { preconditionFailure("a profile that is there") }
    precondition(settings.region?.isEmpty != true)
    for service in ["s3", "sso_oidc"] { _ = try? settings.endpoint(of: service) }
  }
  return 0
}
