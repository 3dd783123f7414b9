import Glibc

/// Why a program cannot go on: one sentence for standard error and the status to leave with.
public struct Failure: Error, Equatable, Sendable {
  /// Who has to say it.
  public enum Teller: Equatable, Sendable {
    /// This program says the sentence.
    case us
    /// A program earlier in the pipe has failed and said why.
    case upstream
    /// The reader of our output has gone; the program dies of SIGPIPE and says nothing.
    case brokenPipe
  }

  public var sentence: String
  public var status: ExitStatus
  public var teller: Teller

  public init(_ sentence: String, _ status: ExitStatus, teller: Teller = .us) {
    self.sentence = sentence
    self.status = status
    self.teller = teller
  }

  /// The same from the last program of a pipe: one line more, when an earlier one has said why.
  public var afterUpstream: Failure {
    teller == .upstream
      ? Failure("nothing written: its input failed", status, teller: .upstream) : self
  }

  /// The same from a program in the middle of a pipe: silent, when an earlier one has said why.
  public var silentUpstream: Failure {
    teller == .upstream ? Failure("", status, teller: .upstream) : self
  }

  /// Bad data: status 65.
  public static func data(_ sentence: String) -> Failure { Failure(sentence, .data) }

  /// Wrong use: status 64.
  public static func usage(_ sentence: String) -> Failure { Failure(sentence, .usage) }

  /// The kernel said no: "cannot VERB NAME: reason", status 74.
  public static func system(_ verb: String, _ name: String) -> Failure {
    system(verb, name, errno)
  }

  /// The same with an error number that a function returned.
  public static func system(_ verb: String, _ name: String, _ code: Int32) -> Failure {
    if code == EPIPE { return Failure("broken pipe", .system, teller: .brokenPipe) }
    return Failure("cannot \(verb) \(printable(name)): \(errorText(code))", .system)
  }
}

/// What strerror(3) calls an error number.
public func errorText(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text)
}

/// A file name as it may stand in a message: one line, control bytes and backslash escaped.
public func printable(_ name: String) -> String {
  guard name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == 0x5c }) else { return name }
  var text = ""
  for scalar in name.unicodeScalars {
    switch scalar {
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\\": text += "\\\\"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let digits = String(scalar.value, radix: 16)
      text += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text
}
