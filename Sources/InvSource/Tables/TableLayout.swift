public import InvSystem

/// Which columns of a file of tables hold what object rows are made of.
public struct TableLayout: Equatable, Sendable {
  /// The same by the places of columns in the file.
  public let layout: CSVLayout
  /// The columns that are read.
  let columns: [Int]
  /// Their kinds.
  let kinds: [TableColumn.Kind]

  /// The layout of `file`, of which the columns in `wanted` are carried as words.
  public init(_ file: any TableFile, carrying wanted: [String]) throws(Failure) {
    let name = printable(file.name)
    layout = try CSVLayout(file.columns.map(\.name), carrying: wanted, file: name)
    var columns: [Int] = []
    func use(_ place: Int?, _ kinds: [TableColumn.Kind]) throws(Failure) {
      guard let place else { return }
      let column = file.columns[place]
      guard kinds.contains(column.kind) else {
        var nouns: [String] = []
        for kind in kinds where !nouns.contains(kind.noun) { nouns.append(kind.noun) }
        throw .data(
          "\(name): column '\(printable(column.name))' holds \(column.kind.noun), not"
            + " \(nouns.joined(separator: " or "))")
      }
      if !columns.contains(place) { columns.append(place) }
    }
    try use(layout.key, [.bytes])
    try use(layout.size, [.integer, .unsigned])
    try use(layout.modified, [.time, .integer, .bytes])
    try use(layout.storageClass, [.bytes])
    try use(layout.storageClass == nil ? nil : layout.accessTier, [.bytes])
    try use(layout.isLatest, [.boolean, .bytes])
    try use(layout.isMarker, [.boolean, .bytes])
    for word in layout.words {
      try use(word.field, [.bytes, .integer, .unsigned, .boolean, .time])
    }
    self.columns = columns
    kinds = columns.map { file.columns[$0].kind }
  }

  /// Where the column at `place` of the file is among those that are read.
  func place(_ place: Int?) -> Int? { place.flatMap { columns.firstIndex(of: $0) } }
}

extension TableColumn.Kind {
  /// What a column of this kind holds, for messages.
  var noun: String {
    switch self {
    case .bytes: "text"
    case .integer, .unsigned: "integers"
    case .boolean: "booleans"
    case .real: "reals"
    case .time: "times"
    case .other(let name): "'\(printable(name))'"
    }
  }
}
