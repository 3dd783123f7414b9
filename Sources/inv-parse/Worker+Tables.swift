import InvCLI
import InvFormat
import InvSource
import InvSystem

// Tables are opened by one thread, and their parts are read by all.
extension Worker {
  /// Opens the table that `window` begins; nil when its rows are not needed.
  mutating func open(
    _ window: consuming TextWindow, _ kind: TableKind, _ options: ReadingOptions, _ file: DataFile,
    _ whole: SeekableFile?
  ) throws(Failure) -> OpenFile? {
    let name = printableName(file.entry.name)
    isOnlyTheFile = false
    try options.check(options.format, kind)
    isOnlyTheFile = true
    let (seekable, isSpooled) = try seekable(window, file, whole)
    let table: any TableFile =
      switch kind {
      case .parquet: try ParquetFile(seekable, memory: parsing.memory)
      case .orc: try ORCFile(seekable, memory: parsing.memory)
      }
    isOnlyTheFile = false
    let layout = try RowLayout(table: table.columns, options, file: name)
    try TableAssembler.check(layout, table.columns, file: name)
    var origin = file.entry.origin
    origin.columns = layout.knownColumns
    guard try parsing.writer(layout.schema, file, origin) != nil else { return nil }
    let open = OpenTable(table: table, layout: layout, isSpooled: isSpooled)
    return OpenFile(file, origin, .table(open))
  }

  /// The file for reading at any place: itself where that can be done, else a copy without a name.
  private func seekable(
    _ window: consuming TextWindow, _ file: DataFile, _ whole: SeekableFile?
  ) throws(Failure) -> (SeekableFile, isSpooled: Bool) {
    var window = window
    let name = String(decoding: file.entry.name, as: UTF8.self)
    if window.isPlain, case .path = file.content, let whole { return (whole, false) }
    let scratch = try Descriptor.scratch(in: Machine.environment("TMPDIR") ?? "/tmp")
    var offset: UInt64 = 0
    var seen: UInt64 = 0
    while true {
      let bytes = try window.takeAll()
      if bytes.isEmpty { break }
      do throws(Failure) { try scratch.write(Array(bytes), at: offset) } catch {
        parsing.stop(error)
        throw error
      }
      offset += UInt64(bytes.count)
      try parsing.advance(window.consumed - seen)
      seen = window.consumed
      if parsing.isStopped(at: Place(file: file.number)) { throw Failure("stopped", .fault) }
    }
    return (try SeekableFile(scratch, name: name), true)
  }

  /// Reads part `part` of `open`, the table in `file`.
  mutating func read(
    _ part: Int, of open: OpenTable, _ file: OpenFile, _ account: inout FileAccount,
    _ place: Place
  ) throws(Failure) {
    let columns = open.table.columns
    isOnlyTheFile = false
    guard let writer = try parsing.writer(open.layout.schema, file.file, file.origin) else {
      return
    }
    if table?.layout != open.layout || table?.columns != columns { table = nil }
    let kept = table.take()
    var rows: TableRows
    if let kept {
      rows = kept
    } else {
      rows = try TableRows(open, file.file, parsing.settings.choice, writer)
    }
    do throws(Failure) {
      // The rows of a source are in order, and those of two parts are not.
      let source = ObjectSource(file: file.file.entry.name, origin: file.origin)
      rows.assembler.begin(source: try writer.add(source), mount: file.origin.mount)
    } catch {
      parsing.stop(error)
      throw error
    }
    isOnlyTheFile = true
    do throws(Failure) {
      try rows.read(part, of: open.table, &account, parsing.allowance) { () throws(Failure) in
        if parsing.isStopped(at: place) { throw Failure("stopped", .fault) }
      }
    } catch {
      if let loss = rows.assembler.loss { parsing.stop(loss) } else { table = consume rows }
      throw error
    }
    table = consume rows
    if !open.isSpooled { try parsing.advance(open.table.parts[part].bytes) }
  }
}

/// What a thread keeps from one part of a table to the next.
struct TableRows: ~Copyable {
  let layout: RowLayout
  let columns: [TableColumn]
  var assembler: TableAssembler
  private var vectors: [ColumnVector]

  init(
    _ open: OpenTable, _ file: DataFile, _ choice: RowChoice, _ writer: ObjectWriter
  ) throws(Failure) {
    layout = open.layout
    columns = open.table.columns
    assembler = try TableAssembler(
      layout, columns, choice, writer, file: printableName(file.entry.name))
    vectors = Array(repeating: ColumnVector(), count: assembler.columns.count)
  }

  /// Makes object rows of a part; also when it throws, the rows that were counted have been written,
  /// if they could be.
  mutating func read(
    _ part: Int, of table: any TableFile, _ account: inout FileAccount, _ limit: UInt64,
    between: () throws(Failure) -> Void
  ) throws(Failure) {
    defer {
      for place in vectors.indices { vectors[place].release() }
      assembler.release()
    }
    do throws(Failure) {
      let reader = try table.reader(part: part, columns: assembler.columns)
      while account.counted < limit {
        let count = try reader.next(&vectors, limit: TableAssembler.batch)
        if count == 0 { break }
        try assembler.take(
          vectors, count, account: &account, at: table.parts[part].offset, limit: limit)
        try between()
      }
    } catch {
      if assembler.loss == nil { try assembler.flush() }
      throw error
    }
    try assembler.flush()
  }
}
