import InvAnswer
import InvBytes
import InvFormat
import InvSystem
import InvText

/// Prints what the index is: of what, of when, how large, file by file.
func showInfo(_ index: Index, _ settings: Settings) throws(Failure) -> ExitStatus {
  var output = TextOutput()
  let manifest = index.manifest
  let size = manifest.files.reduce(UInt64(0)) { $0 &+ $1.size }
  var lines: [(String, String)] = [
    ("index", printable(index.path)), ("build", hexText(manifest.build)),
    ("encoding", manifest.isRaw ? "raw" : "packed"),
  ]
  for origin in manifest.schema.origins {
    lines.append(("source", escaped(origin.bucket)))
    if !origin.mount.isEmpty { lines.append(("mounted at", escaped(origin.mount))) }
    lines.append(("snapshot", origin.snapshot.flatMap { Timestamp.text($0) } ?? "unknown"))
    lines.append(("columns", origin.columns.joined(separator: ", ")))
  }
  if let under = manifest.schema.under { lines.append(("only under", escaped(under))) }
  if let depth = manifest.schema.maxDepth { lines.append(("cut at depth", "\(depth)")) }
  lines += [
    ("prefixes", HumanSize.text(count: manifest.prefixes)),
    ("objects", HumanSize.text(count: manifest.objects)),
    ("bytes", "\(HumanSize.text(bytes: manifest.bytes)) (\(manifest.bytes))"),
    ("greatest depth", "\(manifest.depth)"),
    ("last prefix", escaped(manifest.last)),
    ("age of", manifest.schema.ageOf.rawValue),
    ("size", "\(HumanSize.text(bytes: size)) (\(tenths(size, manifest.prefixes)) bytes a prefix)"),
  ]
  for (place, dimension) in manifest.schema.dimensions.enumerated() {
    let words = dimension.names(words: manifest.schema.words[place]).prefix(40)
    let text = words.map(escaped).joined(separator: ", ")
    lines.append(
      ("by \(dimension.name)", text + (manifest.schema.sizes[place] > 40 ? ", ..." : "")))
  }
  for (name, value) in lines { try output.write(padded(name, to: 16) + value + "\n") }
  try output.write("\n" + padded("file", to: 28) + "       bytes  bytes a prefix\n")
  for file in manifest.files {
    let number = HumanSize.text(count: file.size)
    let each = tenths(file.size, manifest.prefixes)
    try output.write(
      padded(file.name, to: 28) + padded(number, to: -12) + padded(each, to: -16) + "\n")
  }
  try output.finish()
  return .yes
}

/// Prints what was read, counted and set aside, and from which files.
func showAudit(_ index: Index, _ settings: Settings) throws(Failure) -> ExitStatus {
  var output = TextOutput()
  let audit = index.manifest.audit
  let counted = audit.read &- audit.setAsideCount &- audit.leftOutCount
  func line(_ number: UInt64, _ what: String) -> String {
    padded(HumanSize.text(count: number), to: -20) + "  \(what)\n"
  }
  try output.write(line(audit.read, "rows read"))
  try output.write(line(counted, "counted"))
  for (reason, count) in audit.setAside.sorted(by: { $0.key < $1.key }) {
    try output.write(line(count, "set aside: \(printable(reason))"))
  }
  for (reason, count) in audit.leftOut.sorted(by: { $0.key < $1.key }) {
    try output.write(line(count, "left out on request: \(printable(reason))"))
  }
  for (remark, count) in audit.remarks.sorted(by: { $0.key < $1.key }) {
    try output.write(line(count, "taken as they are: \(printable(remark))"))
  }
  for example in audit.examples {
    try output.write(
      "example: \(escaped(example.file)), row \(example.row), byte \(example.byte):"
        + " \(printable(example.reason))\n")
  }
  for (name, rows) in try index.sourceFiles() {
    try output.write(
      line(rows ?? 0, "\(rows == nil ? "rows not known" : "rows") from \(escaped(name))"))
  }
  try output.finish()
  return .yes
}

private func escaped(_ name: [UInt8]) -> String {
  String(decoding: TextEscape.escaped(name), as: UTF8.self)
}

private func hexText(_ number: UInt64) -> String {
  padded(String(number, radix: 16), to: -16).replacing(" ", with: "0")
}

/// With blanks up to `width`, before it where the width is negative.
private func padded(_ text: String, to width: Int) -> String {
  let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
  return width < 0 ? blanks + text : text + blanks
}

/// `number` / `count` with one decimal.
private func tenths(_ number: UInt64, _ count: UInt64) -> String {
  let tenths = (UInt128(number) * 10 + UInt128(count) / 2) / UInt128(max(1, count))
  return "\(tenths / 10).\(tenths % 10)"
}
