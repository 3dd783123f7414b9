import InvBytes
import InvCLI
import InvFormat
import InvSource
import InvSystem

/// Writes the rows of the ranges to standard output, each range that is worked on as a source.
final class Output: @unchecked Sendable {
  /// Rows of a source, of one range after another.
  private final class Slot {
    var rows: ListedRows
    init(_ rows: consuming ListedRows) { self.rows = rows }
  }

  let place: Place
  private let settings: Settings
  private let origin: Origin
  let writer: ObjectWriter
  private let isPipe: Bool
  private var free: [Slot] = []
  /// By the numbers of their ranges.
  private var taken: [Int: Slot] = [:]
  private var slots: [Slot] = []
  private let keep: Keep?

  init(_ place: Place, _ settings: Settings, _ keep: Keep?) throws(Failure) {
    self.place = place
    self.settings = settings
    self.keep = keep
    let schema = ListedRows.schema(hasVersions: place.hasVersions)
    origin = Origin(
      mount: settings.mount, bucket: Array(place.bucket.utf8),
      snapshot: keep?.snapshot ?? settings.snapshot ?? Machine.time,
      columns: schema.columns.map(\.name))
    isPipe = try Descriptor.standardOutput.status().kind == .pipe
    writer = try ObjectWriter(.standardOutput, schema: schema, tool: "inv-list")
  }

  /// How many rows were read, and how many of them were written.
  var read: UInt64 { slots.reduce(0) { $0 + $1.rows.counted + $1.rows.leftOut } }
  var counted: UInt64 { slots.reduce(0) { $0 + $1.rows.counted } }

  /// Writes a page of a range, which is at its end when there is no page behind this.
  func add(_ page: ListingPage, of range: Int) throws(Failure) {
    if let keep {
      if let part = try keep.add(page, of: range) { try copy(keep.path(part)) }
      return
    }
    let slot: Slot
    if let own = taken[range] ?? free.popLast() { slot = own } else { slot = try makeSlot() }
    try slot.rows.add(page)
    taken[range] = slot
    if page.isLast {
      taken[range] = nil
      free.append(slot)
    }
  }

  /// Writes the rows of a part that was kept.
  func copy(_ path: String) throws(Failure) {
    let slot: Slot
    if let first = slots.first { slot = first } else { slot = try makeSlot() }
    let reader = try ObjectReader(
      try RowStream(try Descriptor.reading(path)), wanting: "inv-list")
    let schema = reader.schema
    let state = schema.place(.state)
    guard let size = schema.place(.size), let storageClass = schema.place(.storageClass),
      let modified = schema.place(.modified)
    else { throw .data("\(printable(path)) has other columns") }
    var words: [UInt32] = []
    while let event = try reader.next() {
      if case .words(_, _, let more) = event {
        for word in more { words.append(try slot.rows.word(word)) }
      }
      guard case .block(let block) = event else { continue }
      var rows = ObjectRows(block)
      while try next(&rows, path) {
        let place = Int(rows.value(storageClass))
        try slot.rows.add(
          rows.key.raw, state: UInt8(truncatingIfNeeded: state.map { rows.value($0) } ?? 0),
          size: rows.value(size), storageClass: words[place], modified: rows.signed(modified))
      }
    }
  }

  private func next(_ rows: inout ObjectRows, _ path: String) throws(Failure) -> Bool {
    do throws(FormatError) { return try rows.next() } catch {
      throw .data("\(printable(path)): \(error.what)")
    }
  }

  private func makeSlot() throws(Failure) -> Slot {
    var name = place.name
    if !slots.isEmpty { name += Array(" (range \(slots.count + 1))".utf8) }
    let source = try writer.add(ObjectSource(file: name, origin: origin))
    let slot = Slot(
      ListedRows(writer, source: source, mount: settings.mount, excluding: settings.excluded))
    slots.append(slot)
    return slot
  }

  /// Ends the stream.
  func finish() throws(Failure) {
    if slots.isEmpty { _ = try makeSlot() }
    var audit = Audit()
    var leftOut: UInt64 = 0
    for slot in slots {
      try slot.rows.flush()
      leftOut += slot.rows.leftOut
    }
    audit.read = read
    if leftOut > 0 { audit.leftOut["matches --exclude"] = leftOut }
    if isPipe {
      var maker = Fields(maker: "inv-list \(Version.program)", command: Machine.arguments)
      maker.add("file", place.name, Array(String(counted).utf8))
      var makers = Makers()
      makers.add(maker)
      try writer.write(makers)
    }
    try writer.finish(audit)
  }

  /// Ends the stream with a failure; what is left to say.
  func fail(_ failure: Failure) -> Failure {
    // The failure is the news, not that it could not be written.
    if failure.teller != .brokenPipe { try? writer.fail(failure) }
    return failure
  }
}
