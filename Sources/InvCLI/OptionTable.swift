/// What is known of a tool's command line without running it; help, pages and completions are
/// derived from it.
struct OptionTable: Sendable {
  let name: String
  let summary: String
  /// The operands as the usage line shows them, and what a shell may offer for them.
  let operands: String
  let hint: Hint
  let entries: [OptionEntry]

  /// The options that people are told of.
  var shown: [OptionEntry] { entries.filter { !$0.isHidden } }

  /// "usage: inv-agg [OPTION]... [FILE]..."
  var usage: String {
    "usage: \(name) [OPTION]..." + (operands.isEmpty ? "" : " ") + operands
  }

  /// "inv-agg 0.1 (rows 1, index 1)"
  var version: String {
    "\(name) \(Version.program) (rows \(Version.rows), index \(Version.index))\n"
  }

  /// What `--help` shows: explanations start at column 28 and no line is longer than 80.
  var help: String {
    var text = "\(usage)\n\(summary)\n\n"
    for entry in shown {
      var line = "  " + (entry.short.map { $0 + ", " } ?? "    ") + entry.long
      if let operand = entry.operand { line += " " + operand }
      if line.count > Self.column - 2 {
        text += line + "\n"
        line = ""
      }
      text += line + String(repeating: " ", count: Self.column - line.count) + entry.help + "\n"
    }
    return text + "\nsee \(name)(1) for more: man \(name)\n"
  }

  static let column = 28
  static let width = 80
}
