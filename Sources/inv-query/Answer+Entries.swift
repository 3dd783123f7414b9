import InvAnswer
import InvBytes
import InvFormat
import InvSystem

/// What the cells of an entry tell beside its figures.
struct CellSum {
  /// Of noncurrent versions, and how many delete markers.
  var objects: UInt64 = 0
  var bytes: UInt64 = 0
  var markers: UInt64 = 0
  var cost: Amount?

  var isZero: Bool { objects == 0 && bytes == 0 && markers == 0 && (cost?.isZero ?? true) }

  /// Takes away what a part of it has.
  static func -= (sum: inout CellSum, part: CellSum) {
    sum.objects &-= part.objects
    sum.bytes &-= part.bytes
    sum.markers &-= part.markers
    if let cost = part.cost { sum.cost? -= cost }
  }
}

extension Answer {
  /// The columns of the rows.
  static func columns(_ shape: Shape, _ settings: Settings) -> [Table.Column] {
    let programs: [Table.Format] = [.tsv, .csv, .json]
    let isListing = settings.scope != nil
    let costs =
      settings.hasCost
      ? [Table.Column("cost", .money), Table.Column("currency", .text, in: programs)] : []
    switch shape {
    case .entries: break
    case .parts, .cross:
      return [Table.Column("prefix", .text, in: isListing ? nil : programs)]
        + settings.by.map { Table.Column($0, .text) }
        + [
          Table.Column("objects", .count), Table.Column("bytes", .bytes),
          Table.Column("share", .share),
        ]
        + costs
    case .bill:
      return Bill.columns
    }
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
    columns += costs
    if settings.hasCost { columns.append(Table.Column("bill", .list)) }
    columns.append(Table.Column("snapshot", .time, in: [.json]))
    if !settings.by.isEmpty { columns.append(Table.Column("by", .list)) }
    if isListing { columns.append(Table.Column("directly_here", .truth)) }
    return columns
  }

  /// Writes the row of the prefix that is asked about.
  func writeEntry() throws(Failure) {
    let figures = try read { () throws(FormatError) in try reader.figures(asked) }
    if format == .table && prefix.isEmpty { table.label("(all)") } else { table.text(prefix) }
    try writeFields(asked, prefix, figures, whole: figures)
  }

  /// Writes the fields behind the name and ends the row.
  @discardableResult
  private func writeFields(
    _ position: Int, _ name: [UInt8], _ figures: Figures, whole: Figures, isOwn: Bool = false
  ) throws(Failure) -> CellSum {
    table.count(try read { () throws(FormatError) in try index.depths.value(position) })
    table.count(figures.objects)
    table.bytes(figures.bytes)
    table.share(figures.bytes, of: whole.bytes)
    table.count(figures.directObjects)
    table.bytes(figures.directBytes)
    table.count(figures.prefixes)
    table.time(figures.oldest)
    table.time(figures.newest)
    var sum = CellSum()
    var cells: [Cell] = []
    if needsCells {
      cells = try read { () throws(FormatError) in try reader.cells(position, own: isOwn) }
      sum = try cellSum(cells)
      writeHidden(sum)
      writeCost(sum, of: cells)
    }
    table.time(format == .json ? snapshot(of: name) : nil)
    if let breakdown {
      let entries = try read { () throws(FormatError) in try breakdown.entries(cells, pricing) }
      table.list(
        entries.map { entry in
          Table.Entry(
            Array(zip(breakdown.names, entry.names)).map { (name: $0.0, value: $0.1) },
            objects: entry.objects, bytes: entry.bytes,
            cost: pricing == nil ? nil : .some(entry.cost))
        })
    }
    if isListing { table.truth(isOwn) }
    try endRow()
    return sum
  }

  private var needsCells: Bool { settings.hasHidden || pricing != nil || breakdown != nil }

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

  /// Of a row that is not of an entry there is no bill.
  private func writeCost(_ sum: CellSum, of cells: [Cell]?) {
    guard let pricing else { return }
    if let cost = sum.cost { table.money(cost) } else { table.missing() }
    table.text(Array(pricing.region.currency.utf8))
    if format == .json, let cells { table.list(pricing.bill(of: cells)) } else { table.missing() }
  }

  private func cellSum(_ cells: [Cell]) throws(Failure) -> CellSum {
    var sum = CellSum()
    sum.cost = pricing?.total(of: cells)
    guard settings.hasHidden else { return sum }
    var hidden = Cell(code: 0, objects: 0, bytes: 0)
    var markers = hidden
    var fits = true
    for cell in cells {
      let state = index.code.value(0, of: cell.code)
      if state == UInt64(ObjectState.noncurrent.rawValue) {
        fits = hidden.add(objects: cell.objects, bytes: cell.bytes) && fits
      } else if state == UInt64(ObjectState.marker.rawValue) {
        fits = markers.add(objects: cell.objects, bytes: 0) && fits
      }
    }
    guard fits else {
      throw index.failure(FormatError("the sum of noncurrent versions is over 2^64", at: 0))
    }
    (sum.objects, sum.bytes, sum.markers) = (hidden.objects, hidden.bytes, markers.objects)
    return sum
  }

  /// Writes the prefixes that are listed below the one that is asked about, and what is left.
  func writeListing() throws(Failure) {
    let whole = try read { () throws(FormatError) in try reader.figures(asked) }
    let own = try read { () throws(FormatError) in try reader.ownFigures(asked) }
    var (objects, bytes) = (whole.objects &- own.objects, whole.bytes &- own.bytes)
    var rest = CellSum()
    if needsCells {
      rest = try cellSum(read { () throws(FormatError) in try reader.cells(asked) })
      rest -= try cellSum(read { () throws(FormatError) in try reader.cells(asked, own: true) })
    }
    let isTree = if case .tree = listing.scope { true } else { false }
    try lister.forEach(below: asked) { entry throws(Failure) in
      let figures = try read { () throws(FormatError) in
        try names.move(to: entry.position)
        return try reader.figures(entry.position)
      }
      table.text(name(entry))
      let sum = try writeFields(entry.position, names.prefix, figures, whole: whole)
      if isTree ? entry.level == 1 : listing.scope != .all {
        objects &-= figures.objects
        bytes &-= figures.bytes
        rest -= sum
      }
    }
    let isLeft = objects > 0 || bytes > 0 || !rest.isZero
    if format == .table, listing.scope != .all, isLeft {
      try writeOthers(objects, bytes, rest, of: whole)
    }
    // Programs have the name, and are told apart from it by a member.
    if format == .json { table.text(prefix) } else { table.label("(directly here)") }
    try writeFields(asked, prefix, own, whole: whole, isOwn: true)
  }

  var lister: Lister {
    guard let pricing else { return Lister(listing, reader) }
    let reader = reader
    return Lister(listing, reader) { position throws(FormatError) in
      pricing.total(of: try reader.cells(position)).order
    }
  }

  /// The name of the listed prefix that `names` is at: whole for programs; in a table below the one that
  /// is asked about, and in a tree its last part.
  func name(_ entry: ListedEntry) -> [UInt8] {
    let name = names.prefix
    guard format == .table else { return name }
    guard case .tree = listing.scope else { return Array(name.dropFirst(prefix.count)) }
    let start = name.dropLast().lastIndex(of: 0x2f).map { $0 + 1 } ?? 0
    return [UInt8](repeating: 0x20, count: 2 * (entry.level - 1))
      + name[max(start, prefix.count)...]
  }

  /// Writes a row of what is below and is not listed, so that the shares add up.
  private func writeOthers(
    _ objects: UInt64, _ bytes: UInt64, _ rest: CellSum, of whole: Figures
  ) throws(Failure) {
    table.label("(others)")
    table.missing()
    table.count(objects)
    table.bytes(bytes)
    table.share(bytes, of: whole.bytes)
    for _ in 0..<5 { table.missing() }
    writeHidden(rest)
    writeCost(rest, of: nil)
    for _ in 0..<(breakdown == nil ? 2 : 3) { table.missing() }
    try endRow()
  }
}
