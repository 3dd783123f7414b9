import InvCLI
import InvCompress
import InvFormat
import InvSource
import InvSystem

extension Parsing {
  /// The widest window a zstd file may ask for: as wide as memory for all threads allows.
  var windowLog: Int32 {
    let each = (96 << 20) / threads
    return Int32(63 - UInt64(each).leadingZeroBitCount)
  }

  /// What one thread does.
  func work() {
    var worker = Worker(self)
    while let file = next() {
      worker.read(file)
      file.abandon()
    }
  }
}

/// Reads one data file after another.
private struct Worker: ~Copyable {
  private let parsing: Parsing
  /// Of the last file, for the next when it is laid out the same.
  private var rows: RowAssembler?
  private var layout: CSVLayout?
  private var tableRows: TableAssembler?
  private var tableLayout: TableLayout?
  /// Whether what is going on now may fail and only the file is lost.
  private var isOnlyTheFile = true

  init(_ parsing: Parsing) { self.parsing = parsing }

  mutating func read(_ file: DataFile) {
    guard !parsing.isStopped(at: file.number) else { return }
    let patience = parsing.settings.patience
    guard case .table(let table, let part) = file.content else {
      var account = FileAccount(file.entry.name, patience)
      let failure = read(file, &account)
      return parsing.record(account, number: file.number, failure: failure)
    }
    let firstRow = table.file.parts.isEmpty ? 0 : table.file.parts[part].firstRow
    var account = FileAccount(file.entry.name, patience, firstRow: firstRow)
    let failure = table.isStopped(at: part) ? nil : read(file, &account)
    if let (account, failure) = table.record(account, part: part, failure: failure) {
      parsing.record(account, number: file.number, failure: failure)
    }
  }

  /// Reads a file or a part of one; why that could not be done, unless the rest is set aside.
  private mutating func read(_ file: DataFile, _ account: inout FileAccount) -> Failure? {
    do throws(Failure) {
      if case .table(let table, let part) = file.content {
        try read(table, part, file, &account)
      } else {
        try readText(file, &account)
      }
      return nil
    } catch {
      guard isOnlyTheFile && parsing.settings.patience == .endless else { return error }
      account.noteUnreadable(error)
      return nil
    }
  }

  /// An error when `entry` is said to be of a format that is not understood.
  private func checkFormat(_ entry: FileEntry) throws(Failure) {
    guard parsing.settings.format == .auto, let format = entry.format,
      InputFormat(rawValue: format) == nil
    else { return }
    throw .data(
      "\(printableName(entry.name)): format '\(printable(format))' is not understood;"
        + " s3-csv and s3-parquet are")
  }

  /// Reads part `part` of a table.
  private mutating func read(
    _ table: SharedTable, _ part: Int, _ file: DataFile, _ account: inout FileAccount
  ) throws(Failure) {
    isOnlyTheFile = false
    try checkFormat(file.entry)
    let layout = try TableLayout(table.file, carrying: parsing.settings.words)
    var origin = file.entry.origin
    origin.columns = layout.layout.schema.columns.map(\.name)
    guard let writer = try parsing.writer(layout.layout, file, origin) else { return }
    if tableLayout != layout { tableRows = nil }
    tableLayout = layout
    var rows = tableRows.take() ?? TableAssembler(layout, parsing.settings.choice, writer)
    do throws(Failure) {
      let source = ObjectSource(file: file.entry.name, origin: origin)
      rows.begin(source: try table.number(source, of: writer), mount: origin.mount)
    } catch {
      parsing.stop(error)
      throw error
    }
    isOnlyTheFile = true
    guard part < table.file.parts.count else { return tableRows = consume rows }
    var seen: UInt64 = 0
    let allowance = parsing.allowance
    do throws(Failure) {
      try rows.read(
        table.file, part: part, account: &account,
        limit: allowance == .max ? .max : allowance - min(allowance, table.counted)
      ) { bytes throws(Failure) in
        try parsing.advance(bytes - seen)
        seen = bytes
        if parsing.isStopped(at: file.number) || table.isStopped(at: part) {
          throw Failure("stopped", .fault)
        }
      }
    } catch {
      if let loss = rows.loss { parsing.stop(loss) } else { tableRows = consume rows }
      throw error
    }
    tableRows = consume rows
  }

  /// Reads a file of CSV.
  private mutating func readText(_ file: DataFile, _ account: inout FileAccount) throws(Failure) {
    let (entry, settings) = (file.entry, parsing.settings)
    let name = printableName(entry.name)
    isOnlyTheFile = false
    try checkFormat(entry)
    if case .broken(let failure) = file.content {
      isOnlyTheFile = true
      throw failure
    }
    let schema = settings.schema ?? entry.schema.map { String(decoding: $0, as: UTF8.self) }
    var known: CSVLayout?
    if let schema { known = try parsing.layout(schema, for: name) }
    isOnlyTheFile = true
    var text = try CSVText(Inflow(try file.source(), zstdWindowLog: parsing.windowLog))
    let first = try text.firstRow()
    isOnlyTheFile = false
    guard let layout = try layout(known, first, name) else { return }
    if let first, layout.isHeader(first) { text.skipFirstRow() }
    var origin = entry.origin
    origin.columns = layout.schema.columns.map(\.name)
    guard let writer = try parsing.writer(layout, file, origin) else { return }
    if self.layout != layout { rows = nil }
    self.layout = layout
    var rows = self.rows.take() ?? RowAssembler(layout, settings.choice, writer)
    do throws(Failure) {
      let number = try writer.add(ObjectSource(file: entry.name, origin: origin))
      rows.begin(source: number, mount: origin.mount)
    } catch {
      parsing.stop(error)
      throw error
    }
    isOnlyTheFile = true
    var seen: UInt64 = 0
    do throws(Failure) {
      try text.read(
        into: &rows, fields: layout.fields, account: &account, limit: parsing.allowance
      ) { text throws(Failure) in
        try parsing.advance(text.consumed - seen)
        seen = text.consumed
        if parsing.isStopped(at: file.number) { throw Failure("stopped", .fault) }
      }
    } catch {
      if let loss = rows.loss {
        parsing.stop(loss)
      } else {
        self.rows = consume rows
      }
      throw error
    }
    self.rows = consume rows
    try parsing.advance(text.consumed - seen)
  }

  /// How the file is laid out: as is `known`, or as its `first` line says; nil when it is empty.
  private func layout(_ known: CSVLayout?, _ first: [String]?, _ name: String) throws(Failure)
    -> CSVLayout?
  {
    if let known { return known }
    guard let first else { return nil }
    guard CSVLayout.isHeader(first) else {
      throw .data("\(name): its columns are not known: name them with --schema \"Bucket, Key, …\"")
    }
    return try CSVLayout(first, carrying: parsing.settings.words, file: name)
  }
}
