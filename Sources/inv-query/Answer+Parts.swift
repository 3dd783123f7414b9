import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem

extension Answer {
  /// Writes rows by dimensions: of the prefix that is asked about, or of those that are listed below.
  func writeParts() throws(Failure) {
    guard settings.scope != nil else { return try writeParts(of: asked, named: prefix) }
    try lister.forEach(below: asked) { entry throws(Failure) in
      try read { () throws(FormatError) in try names.move(to: entry.position) }
      try writeParts(of: entry.position, named: names.prefix)
    }
    try writeParts(of: asked, named: nil)
  }

  /// Without a name it is what the entry holds itself.
  private func writeParts(of position: Int, named name: [UInt8]?) throws(Failure) {
    guard let breakdown else { return }
    let entries = try read { () throws(FormatError) in
      try breakdown.entries(try reader.cells(position, own: name == nil))
    }
    let whole = entries.reduce(0) { $0 &+ $1.bytes }
    for entry in entries {
      if let name { table.text(name) } else { table.label("(directly here)") }
      for value in entry.names { table.text(value) }
      table.count(entry.objects)
      table.bytes(entry.bytes)
      table.share(entry.bytes, of: whole)
      try endRow()
    }
  }

  /// Writes a table of its own: one dimension down, the other across.
  func writeCross() throws(Failure) {
    guard let breakdown else { return }
    let entries = try read { () throws(FormatError) in
      try breakdown.entries(try reader.cells(asked))
    }
    func distinct(_ place: Int) -> [[UInt8]] {
      var seen: Set<[UInt8]> = []
      return breakdown.values(place).filter { name in
        entries.contains { $0.names[place] == name } && seen.insert(name).inserted
      }
    }
    let (down, across) = (distinct(0), distinct(1))
    var cross = Table(
      [Table.Column("\(breakdown.names[0]) \\ \(breakdown.names[1])", .text)]
        + across.map { Table.Column(String(decoding: $0, as: UTF8.self), .bytes) }
        + [Table.Column("all", .bytes)],
      format: .table, width: width, isColored: isColored)
    var bytes: [[UInt8]: [[UInt8]: UInt64]] = [:]
    for entry in entries { bytes[entry.names[0], default: [:]][entry.names[1]] = entry.bytes }
    for name in down {
      cross.text(name)
      for column in across {
        if let cell = bytes[name]?[column] { cross.bytes(cell) } else { cross.missing() }
      }
      cross.bytes((bytes[name] ?? [:]).values.reduce(0, &+))
      cross.endRow()
      rows += 1
    }
    cross.label("all")
    for column in across { cross.bytes(down.reduce(0) { $0 &+ (bytes[$1]?[column] ?? 0) }) }
    cross.bytes(entries.reduce(0) { $0 &+ $1.bytes })
    cross.endRow()
    try cross.finish(footer: footer, into: &output)
  }

  /// Writes the lines of a bill and their sum.
  func writeBill(_ position: Int) throws(Failure) {
    guard let pricing else { return }
    let cells = try read { () throws(FormatError) in try reader.cells(position) }
    let bill = pricing.bill(of: cells)
    for omission in bill.omissions { command.say(omission) }
    bill.write(to: &table, name: prefix, currency: pricing.region.currency)
    rows += UInt64(bill.lines.count)
    try table.drain(into: &output)
  }
}
