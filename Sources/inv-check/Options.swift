import InvCLI
import InvFormat
import InvSystem

struct Settings: Sendable {
  var threads = Thread.processors
  var isQuiet = false
  var isVerbose = false
}

let command = Command<Settings>(
  "inv-check", summary: "read streams of rows whole and say what is wrong with them",
  operands: "[FILE]...", defaults: Settings(),
  options: [
    .threads { $0.threads = $1 },
    .flag("quiet", "q", "say nothing of streams that are whole") { $0.isQuiet = true },
    .verbose { $0.isVerbose = true },
  ])

/// Checks the streams that the operands name.
func checkAll(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  var paths: [String] = []
  for operand in operands { paths.append(try operand.path()) }
  let results = try check(paths.isEmpty ? ["-"] : paths, threads: settings.threads)
  let faults = try report(results, isQuiet: settings.isQuiet)
  if settings.isVerbose {
    let whole = results.compactMap { try? $0.outcome.get() }
    summary.rows = whole.reduce(0) { $0 + $1.rows }
    summary.bytes = whole.reduce(0) { $0 + $1.bytes }
    command.say(summary.line)
  }
  return faults
}
