import InvDigest
import InvSystem
import InvText

/// The token that `aws sso login` has left in the home folder.
struct SignOnToken {
  /// With what a new one is asked for.
  struct Renewal {
    var clientID: String
    var clientSecret: String
    var refreshToken: String
    var registrationExpires: Int64
  }

  let path: String
  var accessToken: String
  var expires: Int64
  var renewal: Renewal?

  /// The token of an sso-session by its name, or by the URL where one signs on; nil when there is
  /// none.
  static func cached(_ name: String, environment: [String: String]) throws(Failure) -> SignOnToken?
  {
    let file = "~/.aws/sso/cache/\(hexadecimal(SHA1.of(Array(name.utf8)))).json"
    guard let path = SharedConfig.expanded(file, environment), try FileStatus.of(path) != nil else {
      return nil
    }
    let text = try Descriptor.reading(path).contents(limit: 1 << 20)
    guard let token = SignOnToken(text, path: path) else {
      throw .data("\(printable(path)) is no token of 'aws sso login'")
    }
    return token
  }

  private init?(_ text: [UInt8], path: String) {
    func time(_ text: String?) -> Int64? {
      guard let text else { return nil }
      return try? Timestamp.seconds(
        from: (text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text[...]).utf8)
    }
    guard let json = try? JSON.parse(text), let token = json["accessToken"]?.text,
      Self.isHeader(token), let expires = time(json["expiresAt"]?.text)
    else { return nil }
    self.path = path
    accessToken = token
    self.expires = expires
    if let id = json["clientId"]?.text, let secret = json["clientSecret"]?.text,
      let refresh = json["refreshToken"]?.text, let end = time(json["registrationExpiresAt"]?.text)
    {
      renewal = Renewal(
        clientID: id, clientSecret: secret, refreshToken: refresh, registrationExpires: end)
    }
  }

  private static func isHeader(_ token: String) -> Bool {
    !token.isEmpty && token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
  }

  /// The token that an answer of OIDC's CreateToken has.
  func replaced(by answer: JSONValue, at now: Int64) -> SignOnToken? {
    guard let token = answer["accessToken"]?.text, Self.isHeader(token),
      let seconds = answer["expiresIn"]?.number?.uint64, seconds <= 1 << 32
    else { return nil }
    var fresh = self
    fresh.accessToken = token
    fresh.expires = now + Int64(seconds)
    if let refresh = answer["refreshToken"]?.text { fresh.renewal?.refreshToken = refresh }
    return fresh
  }

  /// Leaves the token to the AWS tools, readable by its owner alone.
  func save(startURL: String, region: String) {
    guard let renewal, let end = Timestamp.text(expires),
      let registrationEnd = Timestamp.text(renewal.registrationExpires)
    else { return }
    let text = Self.object([
      ("startUrl", startURL), ("region", region), ("accessToken", accessToken), ("expiresAt", end),
      ("clientId", renewal.clientID), ("clientSecret", renewal.clientSecret),
      ("registrationExpiresAt", registrationEnd), ("refreshToken", renewal.refreshToken),
    ])
    // A home folder that cannot be written to is no reason not to use the token.
    do throws(Failure) {
      let file = try AtomicFile(path)
      let descriptor = try file.create()
      try descriptor.makePrivate()
      try descriptor.write(text)
      try descriptor.close()
      try file.commit()
    } catch { return }
  }

  /// A JSON object of strings.
  static func object(_ members: [(name: String, value: String)]) -> [UInt8] {
    var text = Array("{".utf8)
    for (place, member) in members.enumerated() {
      if place > 0 { text += Array(", ".utf8) }
      JSON.appendString(member.name.utf8, to: &text)
      text += Array(": ".utf8)
      JSON.appendString(member.value.utf8, to: &text)
    }
    return text + Array("}".utf8)
  }
}
