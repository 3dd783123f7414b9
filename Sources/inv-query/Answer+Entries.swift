import InvAnswer
import InvBytes
import InvFormat
import InvSystem

extension Answer {
  /// The columns of the rows.
  static func columns(_ shape: Shape, _ settings: Settings, _ index: Index) -> [Table.Column] {
    let programs: [Table.Format] = [.tsv, .csv, .json]
    switch shape {
    case .entries: break
    case .parts, .cross:
      return [Table.Column("prefix", .text, in: settings.scope == nil ? programs : nil)]
        + settings.by.map { Table.Column($0, .text) }
        + [
          Table.Column("objects", .count), Table.Column("bytes", .bytes),
          Table.Column("share", .share),
        ]
    case .bill:
      return Bill.columns
    }
    let isListing = settings.scope != nil
    var columns = [
      Table.Column("prefix", .text), Table.Column("depth", .count, in: programs),
      Table.Column("objects", .count), Table.Column("bytes", .bytes),
      Table.Column("share", .share, in: isListing ? nil : []),
      Table.Column("direct_objects", .count, in: isListing ? programs : nil),
      Table.Column("direct_bytes", .bytes, in: isListing ? programs : nil),
      Table.Column("prefixes", .count), Table.Column("oldest", .time),
      Table.Column("newest", .time),
    ]
    if settings.hasHidden {
      columns += [
        Table.Column("noncurrent_objects", .count), Table.Column("noncurrent_bytes", .bytes),
        Table.Column("delete_markers", .count),
      ]
    }
    if settings.hasCost { columns.append(Table.Column("cost", .money)) }
    columns.append(Table.Column("snapshot", .time, in: [.json]))
    if !settings.by.isEmpty { columns.append(Table.Column("by", .list)) }
    if isListing { columns.append(Table.Column("directly_here", .truth)) }
    return columns
  }

  /// Writes the row of the entry that is asked about.
  func writeEntry(_ position: Int) throws(Failure) {
    let figures = try read { () throws(FormatError) in try reader.figures(position) }
    if format == .table && prefix.isEmpty { table.label("(all)") } else { table.text(prefix) }
    try writeCells(position, figures, whole: figures)
  }

  /// Writes the cells behind the name.
  private func writeCells(
    _ position: Int, _ figures: Figures, whole: Figures, isOwn: Bool = false
  ) throws(Failure) {
    table.count(try read { () throws(FormatError) in try index.depths.value(position) })
    table.count(figures.objects)
    table.bytes(figures.bytes)
    table.share(figures.bytes, of: whole.bytes)
    table.count(figures.directObjects)
    table.bytes(figures.directBytes)
    table.count(figures.prefixes)
    table.time(figures.oldest)
    table.time(figures.newest)
    if settings.hasHidden || pricing != nil || breakdown != nil {
      let cells = try read { () throws(FormatError) in try reader.cells(position, own: isOwn) }
      try writeParts(of: cells)
    }
    // Names are those of entries in order: the snapshot is that of all, or has to be looked for.
    if format == .json {
      table.time(
        index.schema.origins.count == 1 ? index.schema.origins[0].snapshot : snapshot(of: prefix))
    } else {
      table.missing()
    }
    if let breakdown {
      let entries = try read { () throws(FormatError) in
        try breakdown.entries(try reader.cells(position, own: isOwn))
      }
      table.list(
        entries.map { entry in
          Table.Entry(
            Array(zip(breakdown.names, entry.names)).map { (name: $0.0, value: $0.1) },
            objects: entry.objects, bytes: entry.bytes)
        })
    }
    if settings.scope != nil { table.truth(isOwn) }
    try endRow()
  }

  private func writeParts(of cells: [Cell]) throws(Failure) {
    if settings.hasHidden {
      let hidden = try read { () throws(FormatError) in try self.hidden(cells) }
      if hasVersions {
        table.count(hidden.objects)
        table.bytes(hidden.bytes)
        table.count(hidden.markers)
      } else {
        for _ in 0..<3 { table.missing() }
      }
    }
    if let pricing { table.money(pricing.total(of: cells)) }
  }

  private func hidden(_ cells: [Cell]) throws(FormatError)
    -> (objects: UInt64, bytes: UInt64, markers: UInt64)
  {
    var sum = Cell(code: 0, objects: 0, bytes: 0)
    var markers = sum
    var fits = true
    for cell in cells {
      let state = index.code.value(0, of: cell.code)
      if state == UInt64(ObjectState.noncurrent.rawValue) {
        fits = sum.add(objects: cell.objects, bytes: cell.bytes) && fits
      } else if state == UInt64(ObjectState.marker.rawValue) {
        fits = markers.add(objects: cell.objects, bytes: 0) && fits
      }
    }
    if !fits { throw FormatError("the sum of noncurrent versions is over 2^64", at: 0) }
    return (sum.objects, sum.bytes, markers.objects)
  }

  /// Writes the prefixes that are listed below the one that is asked about, and what is left.
  func writeListing() throws(Failure) {
    let whole = try read { () throws(FormatError) in try reader.figures(asked) }
    var shown = Figures()
    var count: UInt64 = 0
    let isTree = if case .tree = listing.scope { true } else { false }
    try lister.forEach(below: asked) { entry throws(Failure) in
      let figures = try read { () throws(FormatError) in
        try names.move(to: entry.position)
        return try reader.figures(entry.position)
      }
      if format == .table {
        table.text(name(entry, isTree: isTree))
      } else {
        table.text(names.prefix)
      }
      try writeCells(entry.position, figures, whole: whole)
      if !isTree || entry.level == 1 {
        shown.objects &+= figures.objects
        shown.bytes &+= figures.bytes
        count += 1
      }
    }
    let own = try read { () throws(FormatError) in try reader.ownFigures(asked) }
    if format == .table, listing.scope != .all { writeOthers(whole, shown, own, count) }
    table.label("(directly here)")
    try writeCells(asked, own, whole: whole, isOwn: true)
  }

  var lister: Lister {
    guard let pricing else { return Lister(listing, reader) }
    let reader = reader
    return Lister(listing, reader) { position throws(FormatError) in
      pricing.total(of: try reader.cells(position)).order
    }
  }

  /// The name of a listed prefix in a table: below the one that is asked about, in a tree its last part.
  private func name(_ entry: ListedEntry, isTree: Bool) -> [UInt8] {
    let name = names.prefix
    guard isTree else { return Array(name.dropFirst(prefix.count)) }
    let start = name.dropLast().lastIndex(of: 0x2f).map { $0 + 1 } ?? 0
    return [UInt8](repeating: 0x20, count: 2 * (entry.level - 1))
      + name[max(start, prefix.count)...]
  }

  /// Writes a row of what is below and is not listed, so that the shares add up.
  private func writeOthers(_ whole: Figures, _ shown: Figures, _ own: Figures, _ count: UInt64) {
    let objects = whole.objects &- shown.objects &- own.objects
    let bytes = whole.bytes &- shown.bytes &- own.bytes
    guard objects > 0 || bytes > 0 else { return }
    table.label("(others)")
    table.missing()
    table.count(objects)
    table.bytes(bytes)
    table.share(bytes, of: whole.bytes)
    let rest =
      (settings.hasHidden ? 3 : 0) + (settings.hasCost ? 1 : 0) + (breakdown == nil ? 0 : 1)
    for _ in 0..<(5 + rest + 1 + 1) { table.missing() }
    table.endRow()
  }
}
