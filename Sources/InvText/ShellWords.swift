/// The words of a command as a shell would part them, without what else a shell does with them.
public enum ShellWords {
  /// Blanks part words; quotes of either kind and backslashes keep what they would part. Nothing is
  /// expanded. nil when a quote or a backslash has no end.
  public static func split(_ command: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var rest = command.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case " ", "\t", "\r", "\n":
        if let whole = word { words.append(whole) }
        word = nil
      case "\\":
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      case "'", "\"":
        guard let quoted = quoted(by: scalar, &rest) else { return nil }
        word = (word ?? "") + quoted
      default: word = (word ?? "") + String(scalar)
      }
    }
    if let word { words.append(word) }
    return words
  }

  /// What stands before the next `quote`; within double quotes a backslash is for them and itself.
  private static func quoted(by quote: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView)
    -> String?
  {
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == quote { return String(text) }
      if scalar == "\\", quote == "\"", let next = rest.first, next == "\\" || next == "\"" {
        text.append(next)
        rest.removeFirst()
      } else {
        text.append(scalar)
      }
    }
    return nil
  }
}
