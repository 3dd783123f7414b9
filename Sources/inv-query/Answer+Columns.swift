import InvAnswer
import InvSystem

extension Answer {
  /// The columns of the rows.
  static func columns(_ shape: Shape, _ settings: Settings) -> [Table.Column] {
    let isListing = settings.scope != nil
    switch shape {
    case .entries: return entryColumns(settings, isListing: isListing)
    case .parts, .cross:
      return [Table.Column("prefix", .text, in: isListing ? nil : programs)]
        + settings.by.map { Table.Column($0, .text) }
        + [
          Table.Column("objects", .count), Table.Column("bytes", .bytes),
          Table.Column("share", .share),
        ]
        + costs(settings)
    case .bill: return Bill.columns
    }
  }

  private static let programs: [Table.Format] = [.tsv, .csv, .json]

  private static func costs(_ settings: Settings) -> [Table.Column] {
    settings.hasCost
      ? [Table.Column("cost", .money), Table.Column("currency", .text, in: programs)] : []
  }

  /// In the order in which `write` fills them.
  private static func entryColumns(_ settings: Settings, isListing: Bool) -> [Table.Column] {
    var columns = [
      Table.Column("prefix", .text), Table.Column("depth", .count, in: programs),
      Table.Column("objects", .count), Table.Column("bytes", .bytes),
      Table.Column("share", .share, in: isListing ? nil : []),
      Table.Column("direct_objects", .count, in: isListing ? programs : nil),
      Table.Column("direct_bytes", .bytes, in: isListing ? programs : nil),
      Table.Column("prefixes", .count),
    ]
    if settings.hasDirectories {
      columns += [
        Table.Column("direct_prefixes", .count), Table.Column("directory_bytes", .bytes),
      ]
    }
    columns += [Table.Column("oldest", .time), Table.Column("newest", .time)]
    if settings.hasAccess { columns.append(Table.Column("accessed", .time)) }
    for kind in Accounts.Kind.allCases where settings.single.contains(kind) {
      let name = ValueNames.dimension(of: kind)
      columns.append(Table.Column(name, .text))
      if !settings.isNumeric { columns.append(Table.Column("\(name)_name", .text, in: [.json])) }
    }
    if settings.hasHidden {
      columns += [
        Table.Column("noncurrent_objects", .count), Table.Column("noncurrent_bytes", .bytes),
        Table.Column("delete_markers", .count),
      ]
    }
    columns += costs(settings)
    if settings.hasCost { columns.append(Table.Column("bill", .list)) }
    columns.append(Table.Column("snapshot", .time, in: [.json]))
    if !settings.others.isEmpty { columns.append(Table.Column("sources", .list, in: [.json])) }
    if !settings.by.isEmpty { columns.append(Table.Column("by", .list)) }
    if isListing { columns.append(Table.Column("directly_here", .truth)) }
    if settings.hasListed { columns.append(Table.Column("listed", .truth)) }
    return columns
  }
}
