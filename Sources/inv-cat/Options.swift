import InvCLI
import InvFormat
import InvSystem

enum Format: String, CaseIterable, OptionValue { case text, json }

struct Settings: Sendable {
  var format = Format.text
  var isRowsOnly = false
  var isLoading = false
  var codec = Codec.none
  var isVerbose = false
}

let command = Command<Settings>(
  "inv-cat", summary: "print streams of rows as text, and make streams of text",
  operands: "[FILE]...", defaults: Settings(),
  options: [
    .value("format", nil, "FORMAT", "print text or json (default: text)") { $0.format = $1 },
    .flag("rows", "r", "print the rows only, under the names of columns") {
      $0.isRowsOnly = true
    },
    .flag("load", "l", "read text and write the stream that it stands for") {
      $0.isLoading = true
    },
    .flag("compress", "z", "with --load: compress blocks of prefix rows") { $0.codec = .zstd },
    .verbose { $0.isVerbose = true },
  ])

/// Shows or loads what the operands name.
func cat(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  if settings.isLoading {
    try load(settings, operands)
  } else {
    let (rows, bytes) = try show(settings, operands)
    (summary.rows, summary.bytes) = (rows, bytes)
  }
  if settings.isVerbose { command.say(summary.line) }
  return .yes
}
