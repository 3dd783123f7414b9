import Glibc
public import InvSystem

extension Command {
  /// Understands the command line, does what it asks for, says what went wrong and leaves.
  ///
  /// From here on SIGPIPE and SIGXFSZ are ignored: a reader that has gone and a file that may not
  /// grow are errors of write(2), so that temporaries can be removed first.
  public func main(
    _ body: (Settings, [Operand]) throws(Failure) -> ExitStatus
  ) -> Never {
    Descriptor.fillStandard()
    ignore(SIGPIPE)
    ignore(SIGXFSZ)
    do throws(Failure) {
      try BuildLink.follow()
      switch try parse(Array(Machine.arguments.dropFirst())) {
      case .run(let settings, let operands):
        _exit(try body(settings, operands).rawValue)
      case .show(let page):
        var output = TextOutput()
        try output.write(table.text(of: page))
        try output.finish()
        _exit(ExitStatus.yes.rawValue)
      }
    } catch {
      leave(because: error)
    }
  }

  /// Says `tool: text` on standard error, on one line, and goes on.
  public func say(_ text: String) {
    speak("\(table.name): \(oneLine(text))\n")
  }

  /// Removes the temporaries, says why unless that is for another to say, and ends the process.
  public func leave(because failure: Failure) -> Never {
    Temporaries.shared.removeAll()
    if failure.teller == .brokenPipe { die(of: SIGPIPE) }
    speak(table.lastWords(of: failure))
    _exit(failure.status.rawValue)
  }
}

extension OptionTable {
  /// What is said on standard error when a tool cannot go on; wrong use of it is followed by its usage.
  func lastWords(of failure: Failure) -> String {
    if failure.teller != .us && failure.sentence.isEmpty { return "" }
    let line = "\(name): \(oneLine(failure.sentence))\n"
    let isOurUse = failure.status == .usage && failure.teller == .us
    return isOurUse ? line + "\(usage)\ntry '\(name) --help'\n" : line
  }
}

/// Writes lines that another program has said to standard error, as they are.
public func passOn(_ lines: some Sequence<String>) {
  for line in lines { speak(line + "\n") }
}

/// Writes to standard error at once, so that the lines of several programs do not mix.
private func speak(_ text: String) {
  // Where standard error is lost there is no one left to tell.
  try? Descriptor.standardError.write(Array(text.utf8))
}

/// `text` with its control characters escaped; backslashes stay, names have been escaped before.
func oneLine(_ text: String) -> String {
  var line = ""
  for scalar in text.unicodeScalars {
    if scalar.properties.generalCategory != .control {
      line.unicodeScalars.append(scalar)
    } else if scalar.isASCII {
      line += printable(String(scalar))
    } else {
      line += scalar.utf8.map { "\\x" + String($0, radix: 16) }.joined()
    }
  }
  return line
}

/// Fails when `descriptor` is a terminal, for tools that write rows.
public func refuseTerminal(_ descriptor: borrowing Descriptor) throws(Failure) {
  if descriptor.isTerminal {
    throw .usage("\(descriptor.name) is a terminal; binary rows are not written there")
  }
}
