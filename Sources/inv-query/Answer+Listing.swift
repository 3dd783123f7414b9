import InvAnswer
import InvBytes
import InvFormat
import InvSystem

extension Answer {
  /// Writes the row of the prefix that is asked about.
  func writeEntry() throws(Failure) {
    let figures = try read { () throws(FormatError) in try reader.figures(asked) }
    if settings.hasListed { listed.add(asked) }
    if format == .table && prefix.isEmpty { table.label("(all)") } else { table.text(prefix) }
    try write(try row(asked, figures), prefix, of: figures.bytes)
  }

  /// Writes the prefixes that are listed below the one that is asked about, and what is left.
  func writeListing() throws(Failure) {
    let whole = try read { () throws(FormatError) in try reader.figures(asked) }
    let own = try read { () throws(FormatError) in try reader.ownFigures(asked) }
    var rest = Figures()
    (rest.objects, rest.bytes) = (whole.objects &- own.objects, whole.bytes &- own.bytes)
    var others = EntryRow(.others, rest)
    let ownRow = try row(asked, own, isOwn: true)
    if needsCells {
      others.sum = try read { () throws(FormatError) in try cellSum(try reader.cells(asked)) }
      others.sum -= ownRow.sum
    }
    let isTree = if case .tree = listing.scope { true } else { false }
    try lister.forEach(below: asked) { entry throws(Failure) in
      let figures = try read { () throws(FormatError) in
        try names.move(to: entry.position)
        return try reader.figures(entry.position)
      }
      if settings.hasListed { listed.add(entry.position) }
      table.text(name(entry))
      let row = try row(entry.position, figures)
      try write(row, names.prefix, of: whole.bytes)
      if isTree ? entry.level == 1 : listing.scope != .all {
        others.figures.objects &-= figures.objects
        others.figures.bytes &-= figures.bytes
        others.sum -= row.sum
      }
    }
    let isLeft = others.figures.objects > 0 || others.figures.bytes > 0 || !others.sum.isZero
    if format == .table, listing.scope != .all, isLeft {
      table.label("(others)")
      try write(others, nil, of: whole.bytes)
    }
    // Programs have the name, and are told apart from it by a member.
    if format == .json { table.text(prefix) } else { table.label("(directly here)") }
    try write(ownRow, prefix, of: whole.bytes)
    if settings.hasListed { try writeListed(of: whole.bytes) }
  }

  var lister: Lister {
    let isKeeping = settings.hasTotal
    guard let pricing else { return Lister(listing, reader, isKeeping: isKeeping) }
    let reader = reader
    return Lister(listing, reader, isKeeping: isKeeping) { position throws(FormatError) in
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

  /// Writes the sum of what was listed since the last such row.
  func writeListed(of whole: UInt64 = 0) throws(Failure) {
    let reader = isListing ? reader : UnionReader(index, selection, below: 0)
    let row = try read { () throws(FormatError) in
      var row = EntryRow(.listed, Figures())
      let positions = try listed.removeAll(reader)
      row.parts = try breakdown?.entries(reader, of: positions, pricing)
      let sums = CellSums()
      for position in positions {
        if pricing != nil { try add(reader, position, to: sums) }
        row.figures.add(try reader.figures(position))
        let accessed = settings.hasAccess ? try reader.accessed(position) : nil
        row.accessed = [row.accessed, accessed].compactMap(\.self).max()
        if needsCells, !row.sum.add(try cellSum(try reader.cells(position))) {
          throw FormatError("a sum of cells is over 2^64", at: 0)
        }
      }
      if pricing != nil { row.cells = sums.cells }
      return row
    }
    switch format {
    case .json where isListing: table.text(prefix)
    case .json: table.missing()
    default: table.label("(listed)")
    }
    try write(row, isListing ? prefix : nil, of: whole)
  }
}
