import InvBytes
public import InvFormat
public import InvSystem

/// Makes object rows of the records of scans, and blocks of those.
public struct ScanRows: ~Copyable {
  private let format: ScanFormat
  /// nil when every key is wanted.
  private let choice: RowChoice?
  private let writer: ObjectWriter
  private let source: UInt32
  private var builder: ObjectBlockBuilder
  private var keys: KeyDecoder
  private var folder = FolderKey()
  private var (owners, groups, projects) = (ScanIDs(), ScanIDs(), ScanIDs())
  private let places: ScanPlaces
  private let strips: Bool
  private let hasEncodedKeys: Bool
  /// Whether a line is taken for a message before it is taken for a record.
  private let messagesGoFirst: Bool
  private var inlineFiles: UInt64 = 0
  private var unstripped: UInt64 = 0
  private var malformedKeys: UInt64 = 0
  private var rowsSayingMore: UInt64 = 0
  private var carriageReturns: UInt64 = 0
  /// Why `writer` could not take something: nothing more can be written.
  public private(set) var loss: Failure?

  /// Makes rows of `source` for `writer`, whose columns are those of `format`, with keys under `mount`.
  public init(
    _ format: ScanFormat, _ choice: RowChoice, _ writer: ObjectWriter, source: UInt32,
    mount: [UInt8]
  ) {
    self.format = format
    self.choice = choice.isEverything ? nil : choice
    self.writer = writer
    self.source = source
    builder = ObjectBlockBuilder(writer.schema)
    hasEncodedKeys = choice.hasEncodedKeys ?? false
    keys = KeyDecoder(
      isEncoded: hasEncodedKeys, hasPluses: false, joins: !choice.isEverything)
    keys.begin(mount: mount)
    places = ScanPlaces(writer.schema)
    strips = !format.strips.isEmpty
    messagesGoFirst = format.template.isUnlikeMessages
  }

  /// Takes the record `text[start..<end]`, behind which its end and 32 bytes more can be read.
  @inline(__always)
  mutating func take(_ text: RawSpan, _ start: Int, _ end: Int) throws(Failure) -> RowVerdict {
    var row = ScanRow()
    if messagesGoFirst, ScanMessage.mayBegin(text.u8(at: start)),
      let message = ScanMessage(text, start, end)
    {
      return message.verdict
    }
    var path = format.template.walk(text, start, end, &row, format.clock)
    if path < 0 {
      if format.terminator == newline, let message = ScanMessage(text, start, end) {
        return message.verdict
      }
      guard let names = format.names else { return row.verdict }
      path = names.read(text, start, end, &row, format.clock)
      if path < 0 { return row.verdict }
    }
    let isFolder = row.kind == .directory
    builder.set(places.kind, UInt64(row.kind.rawValue))
    let state = isFolder ? ObjectState.directory : .current
    builder.set(places.state, UInt64(state.rawValue))
    if places.size >= 0 { builder.set(places.size, row.size) }
    var isInline = false
    if places.allocated >= 0 {
      isInline =
        format.hasInlineFiles && row.allocated == 0 && row.size &- 1 < 4096 && !isFolder
      builder.set(places.allocated, isInline ? row.size : row.allocated)
    }
    if places.modified >= 0 { builder.set(places.modified, UInt64(bitPattern: row.modified)) }
    if places.accessed >= 0 { builder.set(places.accessed, UInt64(bitPattern: row.accessed)) }
    if places.file >= 0 { builder.set(places.file, row.file) }
    if places.fileHigh >= 0 { builder.set(places.fileHigh, row.fileHigh) }
    if places.links >= 0 { builder.set(places.links, row.links) }
    let key = key(text, path, end)
    if key.count == 0 && (!isFolder || path == end && !format.hasRelativePaths) {
      return .emptyKey
    }
    // A word that is written must be of a row that may be: the key is judged first.
    let verdict: RowVerdict
    if isFolder {
      guard folder.take(text, key) else { return .longKey }
      let bytes = folder.bytes
      verdict = keys.prepare(bytes.raw, folder.place, choice, isRoot: true)
      if verdict != .counted { return verdict }
      try setWords(row, text)
      keys.keep(bytes.raw, 0, folder.place.count, in: &builder)
    } else {
      verdict = keys.prepare(text, key, choice)
      if verdict != .counted { return verdict }
      try setWords(row, text)
      keys.keep(text, key.start, key.count, in: &builder)
    }
    if isInline { inlineFiles += 1 }
    if row.saysMore { rowsSayingMore += 1 }
    if format.hasCarriageReturns && text.u8(at: end &- 1) == 0x0d { carriageReturns += 1 }
    if keys.isMalformed { malformedKeys += 1 }
    if builder.isFull { try flush() }
    return .counted
  }

  @inline(__always)
  private mutating func setWords(_ row: ScanRow, _ text: RawSpan) throws(Failure) {
    do throws(Failure) {
      try owners.set(row.owner, text, places.owner, in: &builder, writer)
      try groups.set(row.group, text, places.group, in: &builder, writer)
      try projects.set(row.project, text, places.project, in: &builder, writer)
    } catch {
      loss = error
      throw error
    }
  }

  /// The part of the path at `start` that is the key: without the slash or the `./` before it, and below
  /// what is to be taken off; empty for the root.
  @inline(__always)
  private mutating func key(_ text: RawSpan, _ start: Int, _ end: Int) -> WordCache.Field {
    var start = start
    let front = text.u16(at: start)
    if front & 0xff == 0x2f {
      if start < end { start &+= 1 }
    } else if front == 0x2f2e {
      if end &- start >= 2 { start &+= 2 }
    } else if end &- start == 1 && front & 0xff == 0x2e {
      start = end
    }
    if strips { start = stripped(text, start, end) }
    return WordCache.Field(start: start, count: end &- start)
  }

  /// Where the path goes on behind what is to be taken off, which is below a slash or all of it.
  private mutating func stripped(_ text: RawSpan, _ start: Int, _ end: Int) -> Int {
    for strip in format.strips {
      if let next = behind(strip, text, start, end) { return next }
    }
    unstripped += 1
    return start
  }

  /// Where the path goes on that is below `strip`, or is it; nil for any other.
  private func behind(_ strip: [UInt8], _ text: RawSpan, _ start: Int, _ end: Int) -> Int? {
    var at = start
    for byte in strip {
      guard at < end, self.byte(text, &at, end) == byte else { return nil }
    }
    return at == end || byte(text, &at, end) == 0x2f ? at : nil
  }

  /// The byte of a path that stands at `at`, which goes behind it.
  private func byte(_ text: RawSpan, _ at: inout Int, _ end: Int) -> UInt8 {
    let byte = text.u8(at: at)
    at += 1
    guard hasEncodedKeys, byte == percent, end - at >= 2,
      let decoded = KeyDecoder.hexByte(text.u16(at: at))
    else { return byte }
    at += 2
    return decoded
  }

  /// Tells `account` what was odd.
  func remark(in account: inout FileAccount) {
    account.inlineFiles = inlineFiles
    account.unstripped = unstripped
    account.malformedKeys = malformedKeys
    account.rowsSayingMore = rowsSayingMore
    account.carriageReturns = carriageReturns
  }

  /// Writes the rows at hand.
  mutating func flush() throws(Failure) {
    do throws(Failure) { try builder.flush(source: source, to: writer) } catch {
      loss = error
      throw error
    }
  }
}

/// Where the columns of scans are among those of rows, -1 where they are not.
struct ScanPlaces {
  let (kind, state, size, allocated): (Int, Int, Int, Int)
  let (modified, accessed, owner, group): (Int, Int, Int, Int)
  let (file, fileHigh, links, project): (Int, Int, Int, Int)

  init(_ schema: ObjectSchema) {
    func place(_ role: ObjectSchema.Role) -> Int { schema.place(role) ?? -1 }
    (kind, state, size, allocated) = (place(.kind), place(.state), place(.size), place(.allocated))
    (modified, accessed) = (place(.modified), place(.accessed))
    (owner, group) = (place(.owner), place(.group))
    (file, fileHigh, links) = (place(.file), place(.fileHigh), place(.links))
    project = schema.place(ScanRow.project) ?? -1
  }
}

extension ScanRow {
  /// The column of projects.
  static let project = "project"
}
