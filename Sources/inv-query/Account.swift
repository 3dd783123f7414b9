import InvAnswer
import InvBytes
import InvFormat
import InvSystem
import InvText

/// What was read, counted and set aside, and from which files.
func account(of index: Index) throws(Failure) -> About {
  let audit = index.manifest.audit
  let files = try index.sourceFiles()
  let counted = audit.read &- audit.setAsideCount &- audit.leftOutCount
  var about = About()
  func line(_ number: UInt64?, _ what: String) {
    let text = number.map { HumanSize.text(count: $0) } ?? "not known"
    about.lines.append(padded(text, to: -20) + "  " + what)
  }
  line(audit.read, "rows read")
  about.row("read", nil, audit.read)
  line(counted, "counted")
  about.row("counted", nil, counted)
  let lists = [
    ("set_aside", "set aside", "rows", audit.setAside),
    ("left_out", "left out on request", "rows", audit.leftOut),
    ("remarks", "taken as they are", "values", audit.remarks),
  ]
  about.object.member("read", audit.read)
  about.object.member("counted", counted)
  for (name, words, unit, counts) in lists {
    let counts = counts.sorted { $0.key < $1.key }
    for (reason, count) in counts {
      line(count, "\(words): \(escaped(reason))")
      about.row(name, Array(reason.utf8), count)
    }
    about.object.member(name, counts) { object, entry in
      object.member(name == "remarks" ? "what" : "reason", Array(entry.key.utf8))
      object.member(unit, entry.value)
    }
  }
  for example in audit.examples {
    let place = "\(escaped(example.file)), row \(example.row), byte \(example.byte)"
    about.lines.append("example: \(place): \(escaped(example.reason))")
    about.row("example", Array(example.reason.utf8), place)
  }
  about.object.member("examples", audit.examples) { object, example in
    object.member("reason", Array(example.reason.utf8))
    object.member("file", example.file)
    object.member("row", example.row)
    object.member("byte", example.byte)
  }
  for (name, rows) in files {
    line(rows, "rows from \(escaped(name))")
    about.row("file", name, rows.map { "\($0)" } ?? "-")
  }
  // What is not known is not none.
  if files.isEmpty { about.lines.append("the data files were not recorded") }
  about.object.member("files", files.isEmpty ? nil : files) { object, file in
    object.member("name", file.name)
    object.member("rows", file.rows)
  }
  return about
}
