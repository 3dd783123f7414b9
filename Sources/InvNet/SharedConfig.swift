public import InvSystem
import InvText

/// What the files that the AWS tools share say: ~/.aws/config and ~/.aws/credentials.
public struct SharedConfig: Sendable {
  /// A section: text by key, both as the tools read them.
  public struct Section: Equatable, Sendable {
    var values: INIFile.Section = [:]

    /// The value of a key in small letters; nil when it has none, or an empty one.
    public subscript(_ key: String) -> String? {
      values[key].flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    /// The value of `key` in the lines below `group`.
    public subscript(_ group: String, _ key: String) -> String? {
      values[group]?.nested[key].flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  /// Of both files; what the file of credentials says goes first.
  public private(set) var profiles: [String: Section] = [:]
  /// What the file of credentials says alone.
  private(set) var credentials: [String: Section] = [:]
  /// The sections `[sso-session NAME]`.
  private(set) var signOns: [String: Section] = [:]
  /// The sections `[services NAME]`.
  private(set) var services: [String: Section] = [:]

  /// Of files that are both missing.
  public init() {}

  /// Of the text of both files; in messages they go by `names`.
  public init(
    config: [UInt8], credentials: [UInt8],
    names: (config: String, credentials: String) = ("config", "credentials")
  ) throws(Failure) {
    for (name, values) in try INIFile(config, named: names.config).sections {
      let section = Section(values: values)
      let words = ShellWords.split(name) ?? []
      switch (words.first, words.count) {
      case ("default", 1): profiles["default"] = section
      case ("profile", 2): profiles[words[1]] = section
      case ("sso-session", 2): signOns[words[1]] = section
      case ("services", 2): services[words[1]] = section
      default: break
      }
    }
    for (name, values) in try INIFile(credentials, named: names.credentials).sections {
      self.credentials[name] = Section(values: values)
      profiles[name, default: Section()].values.merge(values) { $1 }
    }
  }

  /// Reads the files that the environment names, or those in the home folder; a file that is missing
  /// says nothing.
  public static func reading(_ environment: [String: String]) throws(Failure) -> SharedConfig {
    func path(_ variable: String, _ usual: String) -> String? {
      expanded(environment[variable] ?? usual, environment)
    }
    let config = path("AWS_CONFIG_FILE", "~/.aws/config")
    let credentials = path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    return try SharedConfig(
      config: try text(of: config), credentials: try text(of: credentials),
      names: (config ?? "", credentials ?? ""))
  }

  private static func text(of path: String?) throws(Failure) -> [UInt8] {
    guard let path, try FileStatus.of(path)?.kind == .file else { return [] }
    return try Descriptor.reading(path).contents(limit: INIFile.sizeLimit)
  }

  /// `~` at the beginning stands for the home folder; nil when there is none.
  static func expanded(_ path: String, _ environment: [String: String]) -> String? {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return environment["HOME"].map { $0 + path.dropFirst() }
  }
}
