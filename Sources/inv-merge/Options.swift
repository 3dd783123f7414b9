import InvCLI
import InvFormat
import InvSystem

struct Settings: Sendable {
  var output: String?
  var under: [UInt8]?
  var maxDepth: Int?
  var memory: UInt64?
  var temporary: String?
  var threads = Thread.processors
  var isCompressed = true
  var isVerbose = false
}

let command = Command<Settings>(
  "inv-merge", summary: "merge runs into one sorted stream of prefix rows", operands: "RUN...",
  defaults: Settings(),
  options: [
    .output { $0.output = $1 },
    .value("under", nil, "PREFIX", "only prefixes that begin with PREFIX") {
      (settings, prefix: RawBytes) in settings.under = prefix.bytes
    },
    .value("max-depth", nil, "N", "count deeper prefixes at depth N") {
      $0.maxDepth = min($1, Container.keyLimit)
    },
    .memory(usual: "1/8 of all") { $0.memory = $1 },
    .value("temp", nil, "DIR", "put temporary runs into DIR", hint: .folder) { $0.temporary = $1 },
    .threads { $0.threads = $1 },
    .flag("plain", nil, "do not compress the file of --output") { $0.isCompressed = false },
    .verbose { $0.isVerbose = true },
  ])
