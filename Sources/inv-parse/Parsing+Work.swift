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
  /// Whether what is going on now may fail and only the file is lost.
  private var isOnlyTheFile = true

  init(_ parsing: Parsing) { self.parsing = parsing }

  mutating func read(_ file: DataFile) {
    guard !parsing.isStopped(at: file.number) else { return }
    var account = FileAccount(file.entry.name, parsing.settings.patience)
    var failure: Failure?
    do throws(Failure) {
      try read(file, &account)
    } catch {
      if isOnlyTheFile && parsing.settings.patience == .endless {
        account.noteUnreadable(error)
      } else {
        failure = error
      }
    }
    if failure == nil {
      do throws(Failure) { try file.remove() } catch { failure = error }
    }
    parsing.record(account, number: file.number, failure: failure)
  }

  private mutating func read(_ file: DataFile, _ account: inout FileAccount) throws(Failure) {
    let (entry, settings) = (file.entry, parsing.settings)
    let name = printableName(entry.name)
    isOnlyTheFile = false
    if settings.format == .auto, let format = entry.format, format != "s3-csv" {
      throw .data("\(name): format '\(printable(format))' is not understood; s3-csv is")
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
