import InvCLI
import InvSystem
import InvText

/// Tells what there is to do and what it takes, as far as manifests can say.
func list(_ inputs: Inputs, _ shares: Shares) throws(Failure) {
  for note in inputs.notes { command.say(note) }
  // Measured with made inventories of 1 million objects: bytes of CSV.gz a row, then bytes of
  // runs and of the index (40 a prefix) a row.
  let rows = inputs.bytes / 52
  let counts: [(String, UInt64)] = [
    ("manifests", UInt64(inputs.manifests.count)), ("files", UInt64(inputs.files)),
    ("rows, about", rows),
  ]
  let sizes: [(String, UInt64)] = [
    ("bytes of files", inputs.bytes), ("disk for runs, about", rows * 12),
    ("disk for index, about", rows * 16), ("memory, inv-build", Shares.own),
    ("memory, inv-fetch", shares.fetch), ("memory, inv-parse", shares.parse),
    ("memory, inv-agg", shares.aggregate), ("memory, inv-merge", shares.merge),
    ("memory, inv-mkindex", shares.index),
  ]
  var output = TextOutput()
  let isTable = output.isTerminal
  let lines =
    [("what", "estimate")]
    + counts.map { ($0, isTable ? HumanSize.text(count: $1) : "\($1)") }
    + sizes.map { ($0, isTable ? HumanSize.text(bytes: $1) : "\($1)") }
  for (name, value) in lines {
    let gap = isTable ? String(repeating: " ", count: 24 - name.utf8.count) : "\t"
    try output.write("\(name)\(gap)\(value)\n")
  }
  try output.finish()
}
