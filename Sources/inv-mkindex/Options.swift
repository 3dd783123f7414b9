import InvCLI
import InvSystem

struct Settings: Sendable {
  var isReplacing = false
  var isRaw = false
  var passwd: String?
  var groupFile: String?
  var memory: UInt64?
  var temporary: String?
  var threads = Thread.processors
  var isVerbose = false
}

let command = Command<Settings>(
  "inv-mkindex", summary: "make an index of sorted prefix rows", operands: "OUT [FILE]",
  hint: .folder, defaults: Settings(),
  options: [
    .force { $0.isReplacing = true },
    .flag("raw", nil, "write columns as plain arrays, not packed") { $0.isRaw = true },
    .value("passwd", nil, "FILE", "name owners as FILE does, which is as /etc/passwd", hint: .file)
    {
      $0.passwd = $1
    },
    .value(
      "group-file", nil, "FILE", "name groups as FILE does, which is as /etc/group", hint: .file
    ) {
      $0.groupFile = $1
    },
    .memory(usual: "1/8 of all") { $0.memory = $1 },
    .value("temp", nil, "DIR", "put temporary files into DIR", hint: .folder) { $0.temporary = $1 },
    .threads { $0.threads = $1 },
    .verbose { $0.isVerbose = true },
  ])
