public import InvSystem

/// Which columns of a table are read, and which of them is for what.
struct TableRoles: Sendable {
  /// The columns that are read, by their places in the file.
  private(set) var columns: [Int] = []
  private let table: [TableColumn]

  /// An error when a column cannot hold what it is for; `file` is named in it.
  init(_ layout: RowLayout, _ table: [TableColumn], file: String) throws(Failure) {
    self.table = table
    func use(_ field: Int?, _ what: String, _ kinds: (TableColumn.Kind) -> Bool) throws(Failure) {
      guard let field else { return }
      let column = table[field]
      if case .other(let kind) = column.kind {
        throw Failure.data(
          "\(file): column '\(printable(column.name))' is of the kind \(kind), which is not read")
      }
      guard kinds(column.kind) else {
        throw Failure.data(
          "\(file): column '\(printable(column.name))' holds \(column.kind), not \(what)")
      }
      if !columns.contains(field) { columns.append(field) }
    }
    try use(layout.key, "keys") { $0 == .bytes }
    for field in [layout.isMarker, layout.isLatest, layout.isFolder, layout.isDeleted] {
      try use(field, "true or false") { $0 == .boolean || $0 == .bytes }
    }
    for field in [layout.size, layout.allocated] {
      try use(field, "sizes") { [.integer, .unsigned, .bytes].contains($0) }
    }
    for field in [layout.modified, layout.accessed] {
      try use(field, "times") { [.time, .integer, .bytes].contains($0) }
    }
    for field in [layout.storageClass, layout.accessTier] {
      try use(field, "names of classes") { $0 == .bytes }
    }
    for field in layout.pasts + layout.words.map(\.field) { try use(field, "") { _ in true } }
  }

  /// The vector of a column, among those that are read.
  func vector(_ field: Int?) -> Int? { field.flatMap { columns.firstIndex(of: $0) } }

  func kind(_ vector: Int) -> TableColumn.Kind { table[columns[vector]].kind }
}

extension RowLayout {
  /// The layout of a table with these columns, of the family that its format or the columns tell; `file`
  /// is what it is called in messages.
  public init(table: [TableColumn], _ options: ReadingOptions, file: String) throws(Failure) {
    let names = table.map(\.name)
    var families = [options.format?.family].compactMap(\.self)
    if families.isEmpty { families = FormatSniffer.families(names) }
    guard families.count < 2 else {
      let formats = families.compactMap { SourceFormat.of($0, in: .parquet)?.rawValue }
      throw .data("\(file) may be \(formats.joined(separator: " or ")): say --format")
    }
    try self.init(names, families.first ?? .s3, carrying: options.words, file: file)
    clock = options.clock
  }
}
