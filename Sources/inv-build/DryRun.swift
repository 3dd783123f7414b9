import InvCLI
import InvSystem
import InvText

/// Tells what there is to do and what it takes, as far as manifests can say; a listing has none, and nor
/// have scans.
func list(_ inputs: Inputs?, _ scans: Scans?, _ shares: Shares) throws(Failure) {
  for note in inputs?.notes ?? [] { command.say(note) }
  if scans != nil {
    command.say("how many rows there are, and what they take, is not known before they are read")
  } else if inputs == nil {
    command.say("how many keys there are, and what they take, is not known before a listing")
  }
  let (counts, sizes) = inputs.map(estimates) ?? scans.map(figures) ?? ([], [])
  let memory: [(String, UInt64)] =
    ([("inv-build", Shares.own)] + shares.readers
    + [
      ("inv-agg", shares.aggregate), ("inv-merge", shares.merge), ("inv-mkindex", shares.index),
    ]).map { ("memory, \($0)", $1) }
  var output = TextOutput()
  let isTable = output.isTerminal
  let lines =
    [("what", "estimate")]
    + counts.map { ($0, isTable ? HumanSize.text(count: $1) : "\($1)") }
    + (sizes + memory).map { ($0, isTable ? HumanSize.text(bytes: $1) : "\($1)") }
  for (name, value) in lines {
    let gap = isTable ? String(repeating: " ", count: 24 - name.utf8.count) : "\t"
    try output.write("\(name)\(gap)\(value)\n")
  }
  try output.finish()
}

private typealias Figures = [(String, UInt64)]

/// What there is to know of data files.
private func figures(_ scans: Scans) -> (Figures, Figures) {
  (
    [("files", UInt64(scans.operands.count))],
    scans.bytes.map { [("bytes of files", $0)] } ?? []
  )
}

/// What the manifests say, and what follows from it: counts, and sizes.
private func estimates(_ inputs: Inputs) -> (Figures, Figures) {
  // Measured with made inventories of 1 million objects: bytes of CSV.gz a row, then bytes of
  // runs and of the index (40 a prefix) a row.
  let rows = inputs.bytes / 52
  let counts: Figures = [
    ("manifests", UInt64(inputs.manifests.count)), ("files", UInt64(inputs.files)),
    ("rows, about", rows),
  ]
  let sizes: Figures = [
    ("bytes of files", inputs.bytes), ("disk for runs, about", rows * 12),
    ("disk for index, about", rows * 16),
  ]
  return (counts, sizes)
}
