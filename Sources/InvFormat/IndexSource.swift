import InvBytes
import InvSystem
import InvText

/// How an index came to be: inv-index(5), "The source".
struct IndexSource {
  var build: UInt64 = 0
  private var makers: [Fields] = []
  /// The data files and how many rows each gave.
  private var files: [(name: [UInt8], rows: UInt64?)] = []

  /// Takes the lines of a maker frame.
  mutating func add(_ maker: Fields) {
    var rest = Fields()
    for line in maker.lines {
      if line.name == "file", let name = line.parts.first {
        files.append((name, line.parts.count > 1 ? UInt64(decimal: line.parts[1]) : nil))
      } else {
        rest.add(line.name, parts: line.parts)
      }
    }
    if !rest.lines.isEmpty { makers.append(rest) }
  }

  var text: [UInt8] {
    var text = JSONText()
    text.member("format", "inv-source")
    text.member("build", hex(build))
    text.member("made", Timestamp.text(Machine.time))
    text.list("makers", makers) { text, maker in
      var names: Set<String> = []
      for line in maker.lines where names.insert(line.name).inserted {
        let parts = maker.all(line.name).flatMap(\.self)
        if parts.count == 1 {
          text.member(line.name, parts[0])
        } else {
          text.list(line.name, strings: parts)
        }
      }
    }
    text.list("files", files) { text, file in
      text.member("name", file.name)
      text.member("rows", file.rows)
    }
    return text.end()
  }
}
