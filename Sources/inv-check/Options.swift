import InvCLI
import InvFormat
import InvSystem

struct Settings: Sendable {
  var threads = Thread.processors
  var isQuiet = false
  var isVerbose = false
}

let command = Command<Settings>(
  "inv-check", summary: "read rows or an index whole and say what is wrong with them",
  operands: "[FILE]...", defaults: Settings(),
  options: [
    .threads { $0.threads = $1 },
    .flag("quiet", "q", "say nothing of what is whole") { $0.isQuiet = true },
    .verbose { $0.isVerbose = true },
  ])

/// Checks the streams and indexes that the operands name.
func checkAll(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  MappedFile.reportTruncation("inv-check: a file of an index was cut short while it was read")
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
