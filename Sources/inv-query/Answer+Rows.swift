import InvAnswer
import InvBytes
import InvFormat
import InvSystem

extension Answer {
  /// What the row of the entry at `position` says, of all at and below it or what it holds itself.
  func row(_ position: Int, _ figures: Figures, isOwn: Bool = false) throws(Failure) -> EntryRow {
    try read { () throws(FormatError) in
      var row = EntryRow(isOwn ? .own : .entry, figures)
      row.position = position
      row.depth = try reader.depth(position)
      if settings.hasAccess { row.accessed = try reader.accessed(position, own: isOwn) }
      for place in listing.single {
        row.single.append(try reader.single(position, in: place, own: isOwn))
      }
      if settings.hasDirectories {
        row.directPrefixes = isOwn ? 0 : try reader.directPrefixes(position)
      }
      if needsCells {
        let cells = try reader.cells(position, own: isOwn)
        row.sum = try cellSum(cells)
        if pricing != nil { row.cells = cells }
      }
      row.parts = try breakdown?.entries(reader, position, own: isOwn, pricing)
      return row
    }
  }

  var needsCells: Bool {
    settings.hasHidden || settings.hasDirectories || pricing != nil
  }

  /// Writes the fields behind the name and ends the row.
  ///
  /// `name` is the prefix that the row is about; nil where it is about several.
  func write(_ row: EntryRow, _ name: [UInt8]?, of whole: UInt64) throws(Failure) {
    if let depth = row.depth { table.count(depth) } else { table.missing() }
    table.count(row.figures.objects)
    table.bytes(row.figures.bytes)
    table.share(row.figures.bytes, of: whole)
    if row.kind == .others {
      for _ in 0..<3 { table.missing() }
    } else {
      table.count(row.figures.directObjects)
      table.bytes(row.figures.directBytes)
      table.count(row.figures.prefixes)
    }
    if settings.hasDirectories {
      if let count = row.directPrefixes { table.count(count) } else { table.missing() }
      if hasDirectories { table.bytes(row.sum.directoryBytes) } else { table.missing() }
    }
    table.time(row.figures.oldest)
    table.time(row.figures.newest)
    if settings.hasAccess { table.time(row.accessed) }
    writeSingle(row)
    writeHidden(row.sum)
    writeCost(row)
    writeSources(row, name)
    if let breakdown { writeList(row.parts, breakdown) }
    if isListing { table.truth(row.kind == .own) }
    if settings.hasListed { table.truth(row.kind == .listed) }
    try endRow()
  }

  /// Whose alone it is: for people the name, for programs that read JSON the number and the name.
  private func writeSingle(_ row: EntryRow) {
    for (number, place) in listing.single.enumerated() {
      let value = row.single.indices.contains(number) ? row.single[number] : nil
      let (name, account) = (
        value.map { value in
          format == .json
            ? valueNames.word(value, in: place) : valueNames.name(value, in: place)
        }, value.flatMap { valueNames.account($0, in: place) }
      )
      if let name { table.text(name) } else { table.missing() }
      guard valueNames.hasAccounts(in: place) else { continue }
      if let account { table.text(account) } else { table.missing() }
    }
  }

  private func writeList(_ entries: [Breakdown.Entry]?, _ breakdown: Breakdown) {
    guard let entries else { return table.missing() }
    table.list(
      entries.map { entry in
        let kind: [(name: String, value: [UInt8]?)] =
          settings.breakdownOrder?.hasTotal ?? false
          ? [("row", Array(entry.row.rawValue.utf8))] : []
        return Table.Entry(
          kind + breakdown.members(of: entry), objects: entry.objects, bytes: entry.bytes,
          cost: pricing == nil ? nil : .some(entry.cost))
      })
  }

  /// For programs: the snapshot of what is at or below the entry, where there is just one, and all sources
  /// where there are several indexes.
  private func writeSources(_ row: EntryRow, _ name: [UInt8]?) {
    guard format == .json else {
      table.missing()
      if index.isSeveral { table.missing() }
      return
    }
    let origins = name.map { name in index.origins(row.position ?? asked, name) }
    let snapshots = Set((origins ?? []).map(\.snapshot))
    table.time(snapshots.count == 1 ? snapshots.first.flatMap(\.self) : nil)
    guard index.isSeveral else { return }
    table.sources(origins ?? index.schema.origins)
  }

  private func writeHidden(_ sum: CellSum) {
    guard settings.hasHidden else { return }
    if hasVersions {
      table.count(sum.objects)
      table.bytes(sum.bytes)
      table.count(sum.markers)
    } else {
      for _ in 0..<3 { table.missing() }
    }
  }

  /// Of a row of others there is no bill.
  private func writeCost(_ row: EntryRow) {
    guard let pricing else { return }
    if let cost = row.sum.cost { table.money(cost) } else { table.missing() }
    table.text(Array(pricing.region.currency.utf8))
    if format == .json, let cells = row.cells {
      table.list(pricing.bill(of: cells))
    } else {
      table.missing()
    }
  }

  func cellSum(_ cells: [Cell]) throws(FormatError) -> CellSum {
    var sum = CellSum()
    sum.cost = pricing?.total(of: cells)
    guard settings.hasHidden || settings.hasDirectories else { return sum }
    for cell in cells where !sum.add(cell, index.code.value(0, of: cell.code)) {
      throw FormatError("a sum of cells is over 2^64", at: 0)
    }
    return sum
  }
}
