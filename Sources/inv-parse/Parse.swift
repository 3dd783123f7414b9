import InvCLI
import InvCompress
import InvFormat
import InvSource
import InvSystem

/// Reads inventories and writes object rows.
func parse(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  if settings.listsFormats { return try listFormats() }
  var summary = Summary()
  try refuseTerminal(.standardOutput)
  let parsing = try Parsing(settings)
  let result: Parsing.Result
  do throws(Failure) {
    let input = try Input(operands.map(\.bytes)) { () throws(Failure) in
      var paths: [String] = []
      for operand in operands { paths.append(try operand.path()) }
      return paths
    }
    result = try parsing.run(input)
  } catch {
    throw parsing.fail(error)
  }
  if result.counted == 0 {
    command.say("0 rows: \(result.files == 0 ? "there was no data file" : "nothing was counted")")
  }
  for sentence in result.sentences { command.say(sentence) }
  if settings.isVerbose {
    summary.rows = result.counted
    summary.bytes = result.bytes
    summary.counts = [(UInt64(result.files), "files")]
    command.say(summary.line)
  }
  return result.setAside > 0 ? .data : .yes
}

/// Reads data files on several threads into one stream of object rows.
final class Parsing: @unchecked Sendable {
  /// What came of it all, and what is to be said of rows that were set aside.
  struct Result {
    let counted: UInt64
    let setAside: UInt64
    let files: Int
    let bytes: UInt64
    let sentences: [String]
  }

  /// More would need more than 192 MB.
  static let threadLimit = 12

  let settings: Settings
  let threads: Int
  /// What the threads hold of tables: pages of some writers are so large that only one can be held.
  let memory: TableMemory
  /// How many compressed files may be read at once.
  private(set) var decoders: Int
  private let isPipe: Bool
  let queue: WorkQueue
  private let monitor = Monitor()
  /// What the programs before this one say of themselves.
  var makers = Makers()
  // What follows is guarded by the monitor.
  private var outcome: Outcome
  /// Nothing more can be read or written.
  private var end: Failure?
  /// What comes after need not be read.
  private var last = Place.end
  /// Which file's turn it is to say what the columns are, as long as there is no writer.
  private var turn = 0
  /// The files that have come to an end.
  private var ended: Set<Int> = []
  private var first: (name: [UInt8], origin: Origin)?
  private var writer: ObjectWriter?
  private var total: UInt64 = 0
  private var done: UInt64 = 0
  private var lastProgress = Machine.clock

  init(_ settings: Settings) throws(Failure) {
    self.settings = settings
    threads = settings.head == nil ? min(settings.threads, Self.threadLimit) : 1
    decoders = threads
    memory = TableMemory(readers: threads)
    Machine.reuseMemory()
    isPipe = try Descriptor.standardOutput.status().kind == .pipe
    queue = WorkQueue(capacity: threads)
    outcome = Outcome(settings.patience)
  }

  /// Reads all that `input` names.
  func run(_ input: Input) throws(Failure) -> Result {
    var workers: [Thread] = []
    if let files = input.files { decoders = max(1, min(threads, files)) }
    do throws(Failure) {
      for _ in 0..<threads { workers.append(try Thread { self.work() }) }
      try hand(out: input)
    } catch {
      stop(error)
    }
    queue.close()
    for worker in workers { worker.join() }
    if let end { throw end }
    if let failure = outcome.failure { throw failure }
    let writer: ObjectWriter
    if let begun = self.writer { writer = begun } else { writer = try start(emptySchema()) }
    var audit = try outcome.audit()
    if let head = settings.head, outcome.counted >= head {
      audit.remarks["rows were not read after --head \(head)"] = 1
    }
    if isPipe {
      makers.add(maker)
      try writer.write(makers)
    }
    try writer.finish(audit)
    return Result(
      counted: outcome.counted, setAside: audit.setAsideCount, files: outcome.files,
      bytes: done, sentences: outcome.sentences(audit))
  }

  /// Ends the stream with `failure`; what is left to say.
  func fail(_ failure: Failure) -> Failure {
    if failure.teller != .brokenPipe {
      // The failure is the news, not that it could not be written.
      if writer == nil { _ = try? start(ObjectSchema([.key])) }
      try? writer?.fail(failure)
    }
    return failure.teller == .upstream ? Failure("", failure.status, teller: .upstream) : failure
  }

  private func start(_ schema: ObjectSchema) throws(Failure) -> ObjectWriter {
    let writer = try ObjectWriter(.standardOutput, schema: schema, tool: "inv-parse")
    self.writer = writer
    return writer
  }

  private func emptySchema() throws(Failure) -> ObjectSchema {
    // What has a template is a scan.
    let format = settings.reading.format ?? (settings.reading.template == nil ? nil : .find)
    if let format, let schema = try ScanFormat.usualSchema(format, settings.reading) {
      return schema
    }
    guard let schema = settings.reading.schema else {
      return ObjectSchema([.key, .size, .storageClass, .modified])
    }
    let family = settings.reading.format?.family ?? .s3
    return try RowLayout(
      RowLayout.names(schema), family, carrying: settings.reading.words, file: "--schema"
    ).schema
  }

  /// Who made the rows.
  private var maker: Fields {
    var maker = Fields(maker: "inv-parse \(Version.program)", command: Machine.arguments)
    for file in outcome.namesAndCounts {
      maker.add("file", file.name, [UInt8](String(file.counted).utf8))
    }
    return maker
  }
}

// What the threads share.
extension Parsing {
  func expect(bytes: UInt64) { monitor.withLock { total += bytes } }

  /// Nothing more can be read or written.
  func stop(_ failure: Failure) {
    monitor.withLock {
      end = end ?? failure
      monitor.wake()
    }
  }

  /// Whether what is at `place` need not be read.
  func isStopped(at place: Place) -> Bool {
    monitor.withLock { end != nil || place > last }
  }

  /// How many rows may still be counted.
  var allowance: UInt64 {
    monitor.withLock { settings.head.map { $0 - min($0, outcome.counted) } ?? .max }
  }

  /// What became of what is at `place`.
  func record(_ account: FileAccount, at place: Place, failure: Failure?) {
    monitor.withLock {
      if let enough = outcome.add(account, at: place, failure: failure) {
        last = min(last, enough)
      }
      if let head = settings.head, outcome.counted >= head { last = min(last, place) }
      // A file that never came to say its columns leaves that to the next.
      ended.insert(place.file)
      while ended.contains(turn) { turn += 1 }
      monitor.wake()
    }
  }

  /// Counts `bytes` of the files as read, and says so to the next program at times.
  func advance(_ bytes: UInt64) throws(Failure) {
    let news: (ObjectWriter, UInt64)? = monitor.withLock {
      done += bytes
      let now = Machine.clock
      guard isPipe, total > 0, let writer, now - lastProgress >= 0.1 else { return nil }
      lastProgress = now
      return (writer, min(done, total))
    }
    guard let news else { return }
    do throws(Failure) { try news.0.writeProgress(done: news.1, total: total) } catch {
      stop(error)
      throw error
    }
  }

  /// The writer for the rows of file `number`, made for the columns of the first; nil when the file need
  /// not be read.
  ///
  /// An error when its columns differ from those of the first, or when its rows must not be added to
  /// those.
  func writer(_ schema: ObjectSchema, _ file: DataFile, _ origin: Origin) throws(Failure)
    -> ObjectWriter?
  {
    try monitor.withLock { () throws(Failure) -> ObjectWriter? in
      let place = Place(file: file.number)
      while writer == nil && turn < file.number && end == nil && last >= place { monitor.wait() }
      guard end == nil, last >= place else { return nil }
      guard let writer, let first else {
        let name = printableName(file.entry.name)
        if !schema.has(.size) && !schema.has(.allocated) {
          command.say("\(name): no Size column: bytes are unknown")
        }
        if origin.snapshot == nil && (schema.has(.modified) || schema.has(.accessed)) {
          command.say("the time of the snapshot is not known: age will be unknown")
        }
        first = (file.entry.name, origin)
        do throws(Failure) { return try start(schema) } catch {
          end = end ?? error
          throw error
        }
      }
      if schema != writer.schema {
        func list(_ schema: ObjectSchema) -> String {
          schema.columns.map(\.name).joined(separator: ", ")
        }
        throw Failure.data(
          "\(printableName(file.entry.name)) has the columns \(list(schema)), but"
            + " \(printableName(first.name)) has \(list(writer.schema))")
      }
      if let conflict = first.origin.conflict(with: origin) {
        throw Failure.data(
          "\(printableName(file.entry.name)) and \(printableName(first.name)): \(conflict);"
            + " give each a root of its own with --mount")
      }
      return writer
    }
  }
}
