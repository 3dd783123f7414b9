import InvCLI
import InvCompress
import InvFormat
import InvSource
import InvSystem

/// Reads one data file, or part of one, after another.
struct Worker: ~Copyable {
  let parsing: Parsing
  /// Of the last file, for the next when it is laid out the same.
  private var rows: RowAssembler?
  private var layout: RowLayout?
  var table: TableRows?
  /// Whether what is going on now may fail and only the file is lost.
  var isOnlyTheFile = true
  /// Whether the others still wait to hear what the file at hand is.
  private var isOpening = false

  init(_ parsing: Parsing) { self.parsing = parsing }

  mutating func read(_ file: DataFile) {
    isOpening = true
    defer { opened(nil) }
    let place = Place(file: file.number)
    guard !parsing.isStopped(at: place) else { return }
    var account = FileAccount(file.entry.name, parsing.settings.patience)
    var failure: Failure?
    do throws(Failure) {
      // Parts have accounts of their own.
      if try !read(file, &account) { return }
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
    parsing.record(account, at: place, failure: failure)
  }

  /// Reads part `part` of `open`.
  mutating func read(_ part: Int, of open: OpenFile) {
    let place = Place(file: open.file.number, part: part)
    guard !parsing.isStopped(at: place) else { return }
    var account = open.account(part, parsing.settings.patience)
    var failure: Failure?
    do throws(Failure) {
      switch open.content {
      case .table(let table): try read(part, of: table, open, &account, place)
      case .scan(let scan): try read(part, of: scan, open, &account, place)
      }
    } catch {
      if isOnlyTheFile && parsing.settings.patience == .endless {
        account.noteUnreadable(error)
      } else {
        failure = error
      }
    }
    if failure == nil && open.partsLeft.countDown() == 0 {
      do throws(Failure) { try open.file.remove() } catch { failure = error }
    }
    parsing.record(account, at: place, failure: failure)
  }

  /// Tells the others what the file at hand is: one with parts, or nothing that they could help with.
  private mutating func opened(_ open: OpenFile?) {
    if isOpening { parsing.queue.opened(open) }
    isOpening = false
  }

  /// Reads the rows of a file; false when it has parts that are now to be read.
  private mutating func read(_ file: DataFile, _ account: inout FileAccount) throws(Failure) -> Bool
  {
    let name = printableName(file.entry.name)
    isOnlyTheFile = false
    let options = try options(for: file.entry, name)
    isOnlyTheFile = true
    var whole: SeekableFile?
    let inflow = try Inflow(
      try file.source(&whole), zstdWindowLog: parsing.windowLog, xzMemory: parsing.xzMemory)
    var window = try TextWindow(inflow)
    try window.gather(TableKind.reach)
    let found = TableKind(front: window.front(TableKind.reach), options)
    if let kind = options.format?.table {
      guard found == kind else { throw .data("\(name) is not \(kind.rawValue)") }
    }
    if let found, options.format.map({ $0.table == found }) ?? true {
      guard let open = try open(window, found, options, file, whole) else { return true }
      opened(open)
      return open.parts == 0
    }
    if !window.isPlain { whole = nil }
    let text = try OpenedText(window, options, name: name, &isOnlyTheFile)
    if let format = text.scanFormat, let whole {
      isOnlyTheFile = true
      if let open = try parts(format, file, whole) {
        opened(open)
        return false
      }
    }
    opened(nil)
    isOnlyTheFile = false
    switch consume text {
    case .empty: break
    case .delimited(let text, let layout):
      try read(text, layout, file, &account)
    case .rows(let reader):
      try read(reader, file, &account)
    case .scan(let text):
      try read(text, file, &account)
    }
    return true
  }

  /// What options say of a file, and its entry in the file stream.
  private func options(for entry: FileEntry, _ name: String) throws(Failure) -> ReadingOptions {
    var options = parsing.settings.reading
    if options.format == nil, let format = entry.format {
      options.format = SourceFormat(rawValue: format)
      if options.format == nil {
        throw .data("\(name): format '\(printable(format))' is not known; see --formats")
      }
    }
    options.schema = options.schema ?? entry.schema.map { String(decoding: $0, as: UTF8.self) }
    return options
  }

  private mutating func read(
    _ text: consuming CSVText, _ layout: RowLayout, _ file: DataFile, _ account: inout FileAccount
  ) throws(Failure) {
    guard var rows = try begin(layout, file, file.entry.origin) else { return }
    isOnlyTheFile = true
    var seen: UInt64 = 0
    let place = Place(file: file.number)
    do throws(Failure) {
      try text.read(
        into: &rows, fields: layout.fields, account: &account, limit: parsing.allowance
      ) { text throws(Failure) in
        try parsing.advance(text.consumed - seen)
        seen = text.consumed
        if parsing.isStopped(at: place) { throw Failure("stopped", .fault) }
      }
    } catch {
      end(consume rows)
      throw error
    }
    end(consume rows)
    try parsing.advance(text.consumed - seen)
  }

  private mutating func read(
    _ reader: any RowReader, _ file: DataFile, _ account: inout FileAccount
  ) throws(Failure) {
    guard var rows = try begin(reader.layout, file, origin(file, reader)) else { return }
    isOnlyTheFile = true
    var seen: UInt64 = 0
    let place = Place(file: file.number)
    do throws(Failure) {
      try readRows(of: reader, into: &rows, account: &account, limit: parsing.allowance) {
        consumed throws(Failure) in
        try parsing.advance(consumed - seen)
        seen = consumed
        if parsing.isStopped(at: place) { throw Failure("stopped", .fault) }
      }
    } catch {
      end(consume rows)
      throw error
    }
    end(consume rows)
    try parsing.advance(reader.consumed - seen)
  }

  /// Where rows come from that say it themselves, unless it is said elsewhere.
  private func origin(_ file: DataFile, _ reader: any RowReader) -> Origin {
    var origin = file.entry.origin
    guard let ncdu = reader as? NcduRows else { return origin }
    if origin.bucket.isEmpty { origin.bucket = ncdu.root }
    origin.snapshot = origin.snapshot ?? ncdu.timestamp
    return origin
  }

  /// The assembler for the rows of a file; nil when they are not needed.
  private mutating func begin(_ layout: RowLayout, _ file: DataFile, _ origin: Origin)
    throws(Failure) -> RowAssembler?
  {
    var origin = origin
    origin.columns = layout.knownColumns
    guard let writer = try parsing.writer(layout.schema, file, origin) else { return nil }
    if self.layout != layout { rows = nil }
    self.layout = layout
    var rows = self.rows.take() ?? RowAssembler(layout, parsing.settings.choice, writer)
    do throws(Failure) {
      let number = try writer.add(ObjectSource(file: file.entry.name, origin: origin))
      rows.begin(source: number, mount: origin.mount)
    } catch {
      parsing.stop(error)
      throw error
    }
    return rows
  }

  /// Keeps the assembler for the next file, unless it could not write.
  private mutating func end(_ rows: consuming RowAssembler) {
    if let loss = rows.loss { parsing.stop(loss) } else { self.rows = consume rows }
  }
}
