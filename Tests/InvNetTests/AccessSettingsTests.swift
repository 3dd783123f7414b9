import InvSystem
import Testing

@testable import InvNet

@Suite struct AccessSettingsTests {
  static let config = """
    [default]
    region = eu-west-1
    [profile two words]
    x = ignored
    [profile "two words"]
    region = eu-west-2
    endpoint_url = http://profile:1
    services = mine
    ca_bundle = ~/ca.pem
    s3 =
      addressing_style = path
    [profile lost]
    services = none
    [services mine]
    s3 =
      endpoint_url = http://section:2
    [other thing]
    region = nowhere
    """

  func settings(
    _ environment: [String: String] = [:], profile: String? = nil, credentials: String = ""
  ) throws -> AccessSettings {
    try AccessSettings(
      profile: profile, environment: environment,
      config: SharedConfig(config: Self.config, credentials: credentials))
  }

  @Test func profiles() throws {
    #expect(try settings().profileName == "default")
    #expect(try settings(["AWS_PROFILE": "two words"]).profileName == "two words")
    #expect(try settings(["AWS_PROFILE": ""]).profileName == "default")
    let both = ["AWS_PROFILE": "lost", "AWS_DEFAULT_PROFILE": "x"]
    #expect(try settings(both).profileName == "lost")
    #expect(try settings(both, profile: "two words").profileName == "two words")
    #expect(throws: Failure.usage("there is no profile 'thing' in the files of the AWS tools")) {
      try settings(profile: "thing")
    }
    #expect(try settings(profile: "thing", credentials: "[thing]\nregion = x").region == "x")
  }

  @Test func regions() throws {
    #expect(try settings().region == "eu-west-1")
    #expect(try settings(["AWS_DEFAULT_REGION": "a"]).region == "a")
    #expect(try settings(["AWS_DEFAULT_REGION": "a", "AWS_REGION": "b"]).region == "b")
    #expect(
      try settings(profile: "two words", credentials: "[two words]\nregion = c").region == "c")
    #expect(try settings(profile: "lost").region == nil)
  }

  @Test func endpoints() throws {
    #expect(try settings().endpoint(of: "s3") == nil)
    let mine = try settings(profile: "two words")
    #expect(try mine.endpoint(of: "s3") == "http://section:2")
    #expect(try mine.endpoint(of: "sts") == "http://profile:1")
    let all = ["AWS_ENDPOINT_URL": "http://all:3", "AWS_ENDPOINT_URL_SSO_OIDC": "http://one:4"]
    let set = try settings(all, profile: "two words")
    #expect(try set.endpoint(of: "s3") == "http://all:3")
    #expect(try set.endpoint(of: "sso_oidc") == "http://one:4")
    let off = ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"].merging(all) { $1 }
    #expect(try settings(off, profile: "two words").endpoint(of: "s3") == nil)
    #expect(throws: Failure.self) { try settings(profile: "lost").endpoint(of: "s3") }
  }

  @Test func theRest() throws {
    let mine = try settings(["HOME": "/home/me"], profile: "two words")
    #expect(mine.caBundle == "/home/me/ca.pem" && mine.addressingStyle == "path")
    #expect(try settings(["AWS_CA_BUNDLE": "/x"], profile: "two words").caBundle == "/x")
    #expect(try settings().caBundle == nil && settings().addressingStyle == nil)
  }

  @Test func filesAreReadWhereTheyAreNamed() throws {
    let folder = "/tmp/inv-settings-\(String(Machine.randomWord, radix: 16))"
    _ = try makeFolder(folder)
    defer { removeFolder(folder) }
    for (name, text) in [
      ("c", "[default]\nregion = one"), ("k", "[p]\nregion = two"), ("bad", "x"),
    ] {
      let file = try Descriptor.creating("\(folder)/\(name)")
      try file.write(Array(text.utf8))
    }
    func region(_ profile: String?, _ config: String) throws -> String? {
      try AccessSettings(
        profile: profile,
        environment: [
          "HOME": folder, "AWS_CONFIG_FILE": "~/\(config)",
          "AWS_SHARED_CREDENTIALS_FILE": "\(folder)/k",
        ]
      ).region
    }
    #expect(
      try region(nil, "c") == "one" && region("p", "c") == "two" && region(nil, "none") == nil)
    #expect(throws: Failure.data("\(folder)/bad: line 1: a key before the first section")) {
      try region(nil, "bad")
    }
    #expect(try AccessSettings(profile: nil, environment: [:]).region == nil)
  }
}
