import InvSystem
import InvText

extension CredentialFinder {
  /// AWS_ACCESS_KEY_ID and what belongs to it.
  func environmentKeys() throws(Failure) -> Credentials? {
    let variables = settings.environment
    guard let accessKey = variables["AWS_ACCESS_KEY_ID"] else { return nil }
    guard let secretKey = variables["AWS_SECRET_ACCESS_KEY"] else {
      throw .usage("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
    }
    var credentials = Credentials(
      accessKey: accessKey, secretKey: secretKey,
      sessionToken: variables["AWS_SESSION_TOKEN"] ?? variables["AWS_SECURITY_TOKEN"])
    if let text = variables["AWS_CREDENTIAL_EXPIRATION"] {
      credentials.expires = try time(text, "AWS_CREDENTIAL_EXPIRATION")
    }
    return credentials
  }

  /// The keys in a section of a file.
  func keys(_ section: SharedConfig.Section?, _ profile: String) throws(Failure) -> Credentials? {
    guard let section, let accessKey = section["aws_access_key_id"] else { return nil }
    guard let secretKey = section["aws_secret_access_key"] else {
      throw .usage(
        "profile '\(printable(profile))' has an aws_access_key_id and no aws_secret_access_key")
    }
    return Credentials(
      accessKey: accessKey, secretKey: secretKey,
      sessionToken: section["aws_session_token"] ?? section["aws_security_token"])
  }

  /// What the program prints that a profile names as its credential_process.
  ///
  /// The command is parted into words as a shell would; no shell sees it.
  func process(_ profile: String) throws(Failure) -> Credentials? {
    let section = settings.config.profiles[profile]
    if section?["login_session"] != nil {
      let name = printable(profile)
      throw .usage(
        "profile '\(name)' signs on by 'aws login', which is not known here: set what 'aws configure "
          + "export-credentials --profile \(name) --format env' prints")
    }
    guard let command = section?["credential_process"] else { return nil }
    let who = name(.process(profile: profile))
    guard let words = ShellWords.split(command), let program = words.first else {
      throw .usage("\(who) has a quote without an end, or is empty")
    }
    guard let path = commandPath(program) else {
      throw .usage("\(who) is a program that is not there: \(printable(program))")
    }
    let answer = try json(try output(of: path, words, who), from: who)
    guard answer["Version"]?.number?.uint64 == 1 else {
      throw .data("\(who) does not print version 1 of credentials")
    }
    return try credentials(answer, token: "SessionToken", from: who)
  }

  /// All that a program prints; what it says on standard error is seen.
  private func output(of path: String, _ words: [String], _ who: String) throws(Failure) -> [UInt8]
  {
    let (null, pipe) = (try Pipe.null(), try Pipe())
    let input = Descriptor.standardInput.isTerminal ? Descriptor.standardInput.number : null.reading
    let process = try ChildProcess(
      path, words.map { Array($0.utf8) },
      descriptors: [input, pipe.writing, Descriptor.standardError.number])
    pipe.closeWriting()
    var outcome: Result<[UInt8], Failure>
    do throws(Failure) {
      outcome = .success(try pipe.takeReading(name: "what \(who) prints").contents(limit: 1 << 20))
    } catch {
      outcome = .failure(error)
    }
    // The pipe is closed by now, so that a program that prints on and on ends too.
    process.wait()
    let output = try outcome.get()
    switch process.ending {
    case .status(0): return output
    case .status(let status): throw .usage("\(who) failed with status \(status)")
    case .signal(let signal): throw .usage("\(who) was ended: \(signalText(signal))")
    case nil: throw .usage("\(who) did not end")
    }
  }
}
