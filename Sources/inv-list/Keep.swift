import Glibc
import InvFormat
import InvSource
import InvSystem

/// A folder that rows are kept in, so that a listing that came to an early end can go on.
///
/// Its journal has the cuts of ranges and the parts, files of object rows, in the order they were made;
/// what it says up to any record holds, so that a torn end does no harm.
final class Keep: @unchecked Sendable {
  /// A file of rows of a range.
  struct Part: Sendable {
    let number: UInt64
    let range: Int
    let rows: UInt64
    let mark: ListingMark
    let isLast: Bool
  }

  /// A part that is being written.
  private final class Draft {
    let hidden: String
    let writer: ObjectWriter
    var rows: ListedRows
    var mark = ListingMark()

    init(_ hidden: String, _ writer: ObjectWriter, _ rows: consuming ListedRows) {
      self.hidden = hidden
      self.writer = writer
      self.rows = rows
    }
  }

  /// More rows go into another part: what is lost when the process is killed is a small share, and at
  /// first no more than is on its way.
  private var rowsPerPart: UInt64 { min(max(rows / 128, 1000), 1 << 16) }

  let folder: String
  /// When the listing began.
  let snapshot: Int64
  /// As far as the parts go.
  private(set) var ranges = [ListingRange(number: 0)]
  private(set) var parts: [Part] = []
  private let place: Place
  private let lock: Descriptor
  private let monitor = Monitor()
  private let journal: FrameWriter
  private var drafts: [Int: Draft] = [:]
  private var count: UInt64 = 0
  /// How many rows the parts have.
  private var rows: UInt64 = 0

  init(_ folder: String, _ place: Place, snapshot: Int64?) throws(Failure) {
    self.folder = folder
    self.place = place
    try Temporaries.shared.watch()
    let isNew = try makeFolder(folder)
    let file = "\(folder)/journal"
    let hasJournal = try FileStatus.of(file) != nil
    if !isNew, !hasJournal, try namesInFolder(folder).contains(where: { $0 != ".lock" }) {
      throw Failure("\(printable(folder)) holds what inv-list has not kept", .system)
    }
    lock = try Self.lock(folder)
    var header = Self.header(place)
    var (kept, records) = (Fields(), [Fields]())
    if hasJournal { (kept, records) = try Self.read(file) }
    if hasJournal {
      guard let text = kept.text("snapshot"), let time = Int64(text) else {
        throw .data("\(printable(file)) does not say when the listing began")
      }
      guard kept.lines.filter({ $0.name != "snapshot" }) == header.lines else {
        throw Failure(
          "\(printable(folder)) keeps another listing: name another folder, or remove it", .system)
      }
      guard snapshot == nil || snapshot == time else {
        throw Failure("\(printable(folder)) keeps a listing of another --snapshot", .system)
      }
      self.snapshot = time
    } else {
      self.snapshot = snapshot ?? Machine.time
    }
    header.add("snapshot", "\(self.snapshot)")
    let new = "\(folder)/.journal.new"
    Temporaries.shared.remove(new)
    journal = FrameWriter(try Temporaries.shared.create(new))
    try journal.writeHeader(header)
    try replay(records)
    try Temporaries.shared.publish { () throws(Failure) in
      guard unsafe rename(new, file) == 0 else { throw Failure.system("create", file) }
      Temporaries.shared.forget(new)
    }
    try removeLeftovers()
  }

  func path(_ part: Part) -> String { "\(folder)/part-\(part.number).rows" }

  private static func header(_ place: Place) -> Fields {
    var header = Fields()
    header.add("kind", "listing")
    header.add("bucket", place.bucket)
    header.add("prefix", place.prefix)
    header.add("versions", place.hasVersions ? "yes" : "no")
    return header
  }

  private static func lock(_ folder: String) throws(Failure) -> Descriptor {
    let path = "\(folder)/.lock"
    if try FileStatus.of(path) == nil { _ = try? Descriptor.creating(path) }
    let file = try Descriptor.reading(path)
    guard file.lock() else {
      throw Failure("another inv-list is at work in \(printable(folder))", .system)
    }
    return file
  }

  /// The header and the records of a journal, up to where it is torn.
  private static func read(_ path: String) throws(Failure) -> (Fields, [Fields]) {
    let reader = try FrameReader(try Descriptor.reading(path))
    let header = try reader.readHeader()
    var records: [Fields] = []
    while let frame = try? reader.next(), frame.type == .maker, let record = try? frame.fields() {
      records.append(record)
    }
    return (header, records)
  }

  /// Does again what the records say, as far as the parts are whole.
  private func replay(_ records: [Fields]) throws(Failure) {
    var broken: Set<Int> = []
    for record in records {
      if record["cut"] != nil {
        guard let (range, next) = Self.cut(record, in: ranges) else { return }
        ranges[range.number] = range
        ranges.append(next)
      } else if let part = Self.part(record), ranges.indices.contains(part.range) {
        count = max(count, part.number)
        if broken.contains(part.range) || !isWhole(part) {
          broken.insert(part.range)
          continue
        }
        parts.append(part)
        rows += part.rows
        ranges[part.range].go(on: part.mark, hasRows: part.rows > 0, isDone: part.isLast)
      } else {
        return
      }
      try journal.write(.maker, record)
    }
  }

  private func isWhole(_ part: Part) -> Bool {
    guard let stream = try? RowStream(try Descriptor.reading(path(part))),
      let reader = try? ObjectReader(stream, wanting: "inv-list"),
      reader.schema == ListedRows.schema(hasVersions: place.hasVersions)
    else { return false }
    while let event = try? reader.next() {
      if case .end(let audit) = event { return audit.read == part.rows }
    }
    return false
  }

  private func removeLeftovers() throws(Failure) {
    let kept = Set(parts.map { "part-\($0.number).rows" } + ["journal", ".lock"])
    for name in try namesInFolder(folder)
    where !kept.contains(name) && (name.hasPrefix("part-") || name.hasPrefix(".part-")) {
      Temporaries.shared.remove("\(folder)/\(name)")
    }
  }
}

// What comes in while the listing goes on.
extension Keep {
  /// Adds a page to the part of its range; the part, when it has been ended.
  func add(_ page: ListingPage, of range: Int) throws(Failure) -> Part? {
    let draft: Draft
    if let begun = drafts[range] { draft = begun } else { draft = try begin() }
    drafts[range] = draft
    try draft.rows.add(page)
    draft.mark = page.mark ?? draft.mark
    guard page.isLast || draft.rows.counted >= rowsPerPart else { return nil }
    return try end(draft, of: range, isLast: page.isLast)
  }

  /// Ends the parts that are being written.
  func finish() throws(Failure) {
    for (range, draft) in drafts { _ = try end(draft, of: range, isLast: false) }
  }

  private func begin() throws(Failure) -> Draft {
    let hidden = "\(folder)/.part-\(String(Machine.randomWord, radix: 16))"
    let schema = ListedRows.schema(hasVersions: place.hasVersions)
    let writer = try ObjectWriter(
      try Temporaries.shared.create(hidden), schema: schema, tool: "inv-list")
    let origin = Origin(
      bucket: Array(place.bucket.utf8), snapshot: snapshot, columns: schema.columns.map(\.name))
    let source = try writer.add(ObjectSource(file: place.name, origin: origin))
    return Draft(hidden, writer, ListedRows(writer, source: source))
  }

  private func end(_ draft: Draft, of range: Int, isLast: Bool) throws(Failure) -> Part {
    drafts[range] = nil
    try draft.rows.flush()
    var audit = Audit()
    audit.read = draft.rows.counted
    try draft.writer.finish(audit)
    count += 1
    rows += audit.read
    let part = Part(
      number: count, range: range, rows: audit.read, mark: draft.mark, isLast: isLast)
    let path = path(part)
    try Temporaries.shared.publish { () throws(Failure) in
      guard unsafe rename(draft.hidden, path) == 0 else { throw Failure.system("create", path) }
      Temporaries.shared.forget(draft.hidden)
    }
    try write(Self.record(part))
    return part
  }

  /// Takes note of a cut, before anything of the new range comes.
  func note(_ cut: ListingPlan.Cut, _ plan: ListingPlan) throws(Failure) {
    guard let end = plan.ranges[cut.range].end else { return }
    var record = Fields()
    record.add("cut", "\(cut.range)", "\(cut.next)", "\(end.shared)")
    record.add("key", end.key)
    record.add("next", end.next ?? [])
    try write(record)
  }

  private func write(_ record: Fields) throws(Failure) {
    try monitor.withLock { () throws(Failure) in try journal.write(.maker, record) }
  }
}

// The records of the journal.
extension Keep {
  private static func record(_ part: Part) -> Fields {
    var record = Fields()
    record.add(
      "part", "\(part.number)", "\(part.range)", "\(part.rows)", part.isLast ? "last" : "more")
    record.add("key", part.mark.key)
    if let version = part.mark.version { record.add("version", version) }
    return record
  }

  private static func numbers(_ parts: [[UInt8]]) -> [UInt64] {
    parts.compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
  }

  private static func part(_ record: Fields) -> Part? {
    guard let parts = record["part"], parts.count == 4, let key = record.bytes("key") else {
      return nil
    }
    let numbers = numbers(Array(parts[..<3]))
    guard numbers.count == 3, let range = Int(exactly: numbers[1]) else { return nil }
    return Part(
      number: numbers[0], range: range, rows: numbers[2],
      mark: ListingMark(key: key, version: record.bytes("version")),
      isLast: parts[3] == Array("last".utf8))
  }

  private static func cut(_ record: Fields, in ranges: [ListingRange]) -> (
    ListingRange, ListingRange
  )? {
    guard let parts = record["cut"], let key = record.bytes("key"),
      let next = record.bytes("next")
    else { return nil }
    let numbers = numbers(parts)
    guard numbers.count == 3, let number = Int(exactly: numbers[0]), number < ranges.count,
      numbers[1] == UInt64(ranges.count), let shared = Int(exactly: numbers[2]),
      shared <= key.count
    else { return nil }
    let old = ranges[number]
    return (
      old.ending(ListingEnd(key: key, shared: shared, next: next)),
      ListingRange(
        number: ranges.count, mark: ListingMark(key: key), from: next, end: old.end)
    )
  }
}
