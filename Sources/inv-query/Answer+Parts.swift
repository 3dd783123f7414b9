import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem

extension Answer {
  /// Writes rows by dimensions: of the prefix that is asked about, or of those that are listed below.
  func writeParts() throws(Failure) {
    guard isListing else { return try writeParts(of: asked, named: prefix) }
    try lister.forEach(below: asked) { entry throws(Failure) in
      try read { () throws(FormatError) in try names.move(to: entry.position) }
      try writeParts(of: entry.position, named: name(entry))
    }
    try writeParts(of: asked, named: nil)
  }

  /// Without a name it is what the entry holds itself.
  private func writeParts(of position: Int, named name: [UInt8]?) throws(Failure) {
    guard let breakdown else { return }
    let entries = try read { () throws(FormatError) in
      try breakdown.entries(reader, position, own: name == nil, pricing)
    }
    let whole = entries.filter { $0.row != .total }.reduce(0) { $0 &+ $1.bytes }
    for entry in entries {
      if let name { table.text(name) } else { table.label("(directly here)") }
      writeValues(entry, breakdown)
      table.count(entry.objects)
      table.bytes(entry.bytes)
      table.share(entry.bytes, of: whole)
      if let pricing {
        if let cost = entry.cost { table.money(cost) } else { table.missing() }
        table.text(Array(pricing.region.currency.utf8))
      }
      try endRow()
    }
  }

  /// Writes what the values of an entry are called; where it is a sum, which one first.
  private func writeValues(_ entry: Breakdown.Entry, _ breakdown: Breakdown) {
    var label: String? =
      switch entry.row {
      case .value: nil
      case .others: "(others)"
      case .total: "(total)"
      }
    for name in breakdown.names(of: entry) {
      if let name {
        table.text(name)
      } else if let text = label {
        table.label(text)
        label = nil
      } else {
        table.missing()
      }
    }
  }

  /// Writes a table of its own: one dimension down, the other across; the cells are bytes, or costs.
  func writeCross() throws(Failure) {
    guard let breakdown else { return }
    let cross = try read { () throws(FormatError) in
      CrossTable(
        breakdown, try breakdown.entries(reader, asked, pricing), none: pricing?.total(of: []))
    }
    var table = cross.table(width: width, isColored: isColored)
    rows += UInt64(cross.down.count)
    try table.finish(into: &output)
  }

  /// Writes the lines of a bill and their sum.
  func writeBill() throws(Failure) {
    guard let pricing else { return }
    let cells = try read { () throws(FormatError) in try reader.cells(asked) }
    let bill = pricing.bill(of: cells)
    bill.write(to: &table, name: prefix, currency: pricing.region.currency)
    rows += UInt64(bill.lines.count)
    try table.drain(into: &output)
  }

  /// Says what no cost of this answer has; of many answers it is said once for the whole index.
  func sayOmissions() throws(Failure) {
    guard let pricing, !hasSeveral || answers == 0 else { return }
    let cells = try read { () throws(FormatError) in try reader.cells(hasSeveral ? 0 : asked) }
    let place = hasSeveral ? " in the whole index" : ""
    for omission in pricing.bill(of: cells).omissions { command.say(omission + place) }
  }
}
