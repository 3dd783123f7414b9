import InvFormat
import InvSource

/// A file whose parts are read by any thread.
struct OpenFile: Sendable {
  enum Content: Sendable {
    case table(OpenTable)
    case scan(OpenScan)
  }

  let file: DataFile
  let origin: Origin
  let content: Content
  /// How many of its parts have not been read to their ends.
  let partsLeft: Countdown

  /// How many parts there are.
  let parts: Int

  init(_ file: DataFile, _ origin: Origin, _ content: Content) {
    self.file = file
    self.origin = origin
    self.content = content
    parts =
      switch content {
      case .table(let open): open.table.parts.count
      case .scan(let open): open.parts.count
      }
    partsLeft = Countdown(parts)
  }

  /// The account of part `part`, of which nothing has been read.
  func account(_ part: Int, _ patience: Patience) -> FileAccount {
    switch content {
    case .table(let open):
      let rows = open.table.parts[part]
      var account = FileAccount(file.entry.name, patience, firstRow: rows.firstRow)
      account.end = rows.offset
      return account
    case .scan(let open):
      var account = FileAccount(file.entry.name, patience, firstRow: nil)
      account.end = open.parts[part].lowerBound
      return account
    }
  }
}

/// A table with all that is needed to read its parts.
struct OpenTable: Sendable {
  let table: any TableFile
  let layout: RowLayout
  /// Whether it is a copy, whose bytes have been counted as it was made.
  let isSpooled: Bool
}

/// A scan that lies in a file as it reads, with all that is needed to read its parts.
struct OpenScan: Sendable {
  let text: SeekableFile
  let format: ScanFormat
  /// Where the parts lie in the file; each ends with a record.
  let parts: [Range<UInt64>]
}
