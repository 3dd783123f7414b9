import InvAnswer
import InvBytes
import InvFormat
import InvSystem
import InvText

/// What is told of an index as a whole: the same thing as lines for people, as rows, and as one object.
struct About {
  /// A line of its own for people.
  var lines: [String] = []
  /// What, which one of them, and the value.
  var rows: [(what: String, name: [UInt8]?, value: [UInt8])] = []
  var object = JSONLine()

  mutating func row(_ what: String, _ name: [UInt8]? = nil, _ value: some CustomStringConvertible) {
    rows.append((what, name, Array("\(value)".utf8)))
  }

  /// Writes it in the format that is asked for, by default for people; how many rows that are.
  func write(_ settings: Settings) throws(Failure) -> UInt64 {
    var output = TextOutput()
    switch settings.format ?? .table {
    case .table:
      for line in lines { try output.write(line + "\n") }
    case .json: try output.write(object.text + [0x0a])
    case .tsv, .csv:
      var table = Table(
        [.init("what", .text), .init("name", .text), .init("value", .text)],
        format: settings.format == .csv ? .csv : .tsv)
      for row in rows {
        table.text(Array(row.what.utf8))
        if let name = row.name { table.text(name) } else { table.missing() }
        table.text(row.value)
        table.endRow()
      }
      try table.finish(into: &output)
    }
    try output.finish()
    return UInt64(rows.count)
  }
}

/// What the index is: of what, of when, how large, file by file.
func information(on index: Index) throws(Failure) -> About {
  let (manifest, schema) = (index.manifest, index.schema)
  let size = manifest.files.reduce(UInt64(0)) { $0 &+ $1.size }
  let snapshots = schema.origins.map { $0.snapshot.flatMap { Timestamp.text($0) } }
  var about = About()
  func line(_ what: String, _ text: String) { about.lines.append(padded(what, to: 16) + text) }
  func both(_ what: String, _ text: String) {
    line(what, escaped(text))
    about.row(what, nil, text)
  }
  both("index", index.path)
  both("build", hexText(manifest.build))
  both("encoding", manifest.isRaw ? "raw" : "packed")
  for (origin, snapshot) in zip(schema.origins, snapshots) {
    line("source", escaped(origin.bucket))
    about.rows.append(("source", origin.mount, origin.bucket))
    if !origin.mount.isEmpty { line("mounted at", escaped(origin.mount)) }
    line("snapshot", snapshot ?? "unknown")
    about.row("snapshot", origin.mount, snapshot ?? "-")
    line("columns", origin.columns.joined(separator: ", "))
    about.row("columns", origin.mount, origin.columns.joined(separator: " "))
  }
  if let under = schema.under {
    line("only under", escaped(under))
    about.rows.append(("under", nil, under))
  }
  if let depth = schema.maxDepth {
    line("cut at depth", "\(depth)")
    about.row("max_depth", nil, depth)
  }
  line("prefixes", HumanSize.text(count: manifest.prefixes))
  about.row("prefixes", nil, manifest.prefixes)
  line("objects", HumanSize.text(count: manifest.objects))
  about.row("objects", nil, manifest.objects)
  line("bytes", "\(HumanSize.text(bytes: manifest.bytes)) (\(manifest.bytes))")
  about.row("bytes", nil, manifest.bytes)
  line("greatest depth", "\(manifest.depth)")
  about.row("depth", nil, manifest.depth)
  line("age of", schema.ageOf.rawValue)
  about.row("age_of", nil, schema.ageOf.rawValue)
  line("size of", schema.sizeOf.rawValue)
  about.row("size_of", nil, schema.sizeOf.rawValue)
  line("size", "\(HumanSize.text(bytes: size)) (\(tenths(size, manifest.prefixes)) bytes a prefix)")
  about.row("size", nil, size)
  for (place, dimension) in schema.dimensions.enumerated() {
    let values = dimension.names(words: schema.words[place])
    let names = manifest.names[place]
    let shown = values.prefix(40).enumerated().map { number, value in
      let name = names.flatMap { $0[number] }.map { " (\(escaped($0)))" } ?? ""
      return (value.isEmpty ? "''" : escaped(value)) + name
    }
    line("by \(dimension.name)", shown.joined(separator: ", ") + (values.count > 40 ? ", ..." : ""))
    for value in values { about.rows.append(("value", Array(dimension.name.utf8), value)) }
    for (value, name) in zip(values, names ?? []) {
      if let name { about.rows.append(("\(dimension.name)_name", value, name)) }
    }
  }
  about.lines += ["", padded("file", to: 28) + "       bytes  bytes a prefix"]
  for file in manifest.files {
    about.lines.append(
      padded(file.name, to: 28) + padded(HumanSize.text(count: file.size), to: -12)
        + padded(tenths(file.size, manifest.prefixes), to: -16))
    about.row("file", Array(file.name.utf8), file.size)
  }
  about.object = object(of: index, size: size)
  return about
}

private func object(of index: Index, size: UInt64) -> JSONLine {
  let (manifest, schema) = (index.manifest, index.schema)
  var object = JSONLine()
  object.member("index", Array(index.path.utf8))
  object.member("build", Array(hexText(manifest.build).utf8))
  object.member("encoding", Array((manifest.isRaw ? "raw" : "packed").utf8))
  object.member("prefixes", manifest.prefixes)
  object.member("objects", manifest.objects)
  object.member("bytes", manifest.bytes)
  object.member("depth", UInt64(manifest.depth))
  object.member("age_of", Array(schema.ageOf.rawValue.utf8))
  object.member("size_of", Array(schema.sizeOf.rawValue.utf8))
  object.member("under", schema.under)
  object.member("max_depth", schema.maxDepth.map { UInt64($0) })
  object.member("origins", schema.origins) { object, origin in
    object.member("mount", origin.mount)
    object.member("name", origin.bucket)
    object.member("snapshot", origin.snapshot.flatMap { Timestamp.text($0) }.map { Array($0.utf8) })
    object.member("columns", list: origin.columns.map { Array($0.utf8) })
  }
  object.member("dimensions", Array(schema.dimensions.enumerated())) { object, dimension in
    object.member("name", Array(dimension.element.name.utf8))
    object.member("values", list: dimension.element.names(words: schema.words[dimension.offset]))
    if let names = manifest.names[dimension.offset] { object.member("names", list: names) }
  }
  object.member("size", size)
  object.member("files", manifest.files) { object, file in
    object.member("name", Array(file.name.utf8))
    object.member("size", file.size)
  }
  return object
}

/// A name on one line of text; bytes that are not UTF-8 as \xHH.
func escaped(_ name: some Collection<UInt8>) -> String {
  let text = TextEscape.escaped(name)
  if let text = String(validating: text, as: UTF8.self) { return text }
  return text.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined()
}

func escaped(_ text: String) -> String { escaped(text.utf8) }

private func hexText(_ number: UInt64) -> String {
  padded(String(number, radix: 16), to: -16).replacing(" ", with: "0")
}

/// With blanks up to `width`, before it where the width is negative.
func padded(_ text: String, to width: Int) -> String {
  let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
  return width < 0 ? blanks + text : text + blanks
}

/// `number` / `count` with one decimal.
private func tenths(_ number: UInt64, _ count: UInt64) -> String {
  let tenths = (UInt128(number) * 10 + UInt128(count) / 2) / UInt128(max(1, count))
  return "\(tenths / 10).\(tenths % 10)"
}
