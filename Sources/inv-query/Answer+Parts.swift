import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem

extension Answer {
  /// Writes rows by dimensions: of the prefix that is asked about, or of those that are listed below.
  func writeParts() throws(Failure) {
    guard let breakdown else { return }
    guard isListing else { return try writeParts(of: asked, named: prefix, breakdown) }
    try lister.forEach(below: asked) { entry throws(Failure) in
      try read { () throws(FormatError) in try names.move(to: entry.position) }
      if settings.hasListed { listed.add(entry.position) }
      try writeParts(of: entry.position, named: name(entry), breakdown)
    }
    try writeParts(of: asked, named: nil, breakdown)
    guard settings.hasListed else { return }
    let sums = try read { () throws(FormatError) in
      try breakdown.entries(reader, of: try listed.removeAll(reader), pricing)
    }
    try write(sums, breakdown) { $0.label("(listed)") }
  }

  /// Without a name it is what the entry holds itself.
  private func writeParts(
    of position: Int, named name: [UInt8]?, _ breakdown: Breakdown
  ) throws(Failure) {
    let entries = try read { () throws(FormatError) in
      try breakdown.entries(reader, position, own: name == nil, pricing)
    }
    try write(entries, breakdown) { table in
      if let name { table.text(name) } else { table.label("(directly here)") }
    }
  }

  private func write(
    _ entries: [Breakdown.Entry], _ breakdown: Breakdown, name: (inout Table) -> Void
  ) throws(Failure) {
    let whole = entries.filter { $0.row != .total }.reduce(0) { $0 &+ $1.bytes }
    for entry in entries {
      name(&table)
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
    if settings.hasListed { listed.add(asked) }
    let cells = try read { () throws(FormatError) in try reader.cells(asked) }
    try write(pricing.bill(of: cells), pricing) { [prefix] in $0.text(prefix) }
  }

  /// Writes one bill of all that was asked about.
  func writeListedBill() throws(Failure) {
    guard let pricing else { return }
    if isGrouped { try beginGroup("(listed)") }
    let reader = UnionReader(index, selection, below: 0)
    let sums = CellSums()
    try read { () throws(FormatError) in
      for position in try listed.removeAll(reader) { try add(reader, position, to: sums) }
    }
    try write(pricing.bill(of: sums.cells), pricing) { $0.label("(listed)") }
    if isGrouped { try table.finish(into: &output) }
  }

  /// Adds the cells at and below the entry.
  func add(_ reader: UnionReader, _ position: Int, to sums: CellSums) throws(FormatError) {
    for cell in try reader.cells(position) where !sums.add(cell) {
      throw FormatError("a sum of cells is over 2^64", at: 0)
    }
  }

  private func write(_ bill: Bill, _ pricing: Pricing, name: (inout Table) -> Void) throws(Failure)
  {
    bill.write(to: &table, currency: pricing.region.currency, name: name)
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
