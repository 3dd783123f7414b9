import InvCLI
import InvFormat
import InvSource
import InvSystem

/// Writes the rows of the ranges to standard output, each range that is worked on as a source.
final class Output: @unchecked Sendable {
  /// Rows of a source, of one range after another.
  private final class Slot {
    var rows: ListingRows
    init(_ rows: consuming ListingRows) { self.rows = rows }
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

  init(_ place: Place, _ settings: Settings, snapshot: Int64) throws(Failure) {
    self.place = place
    self.settings = settings
    let schema = ListingRows.schema(hasVersions: place.hasVersions)
    origin = Origin(
      mount: settings.mount, bucket: Array(place.bucket.utf8), snapshot: snapshot,
      columns: schema.columns.map(\.name))
    isPipe = try Descriptor.standardOutput.status().kind == .pipe
    writer = try ObjectWriter(.standardOutput, schema: schema, tool: "inv-list")
  }

  /// How many rows were read, and how many of them were written.
  var read: UInt64 { slots.reduce(0) { $0 + $1.rows.counted + $1.rows.leftOut } }
  var counted: UInt64 { slots.reduce(0) { $0 + $1.rows.counted } }

  /// Writes a page of a range, which is at its end when there is no page behind this.
  func add(_ page: ListingPage, of range: Int) throws(Failure) {
    let slot: Slot
    if let own = taken[range] ?? free.popLast() { slot = own } else { slot = try makeSlot() }
    try slot.rows.add(page)
    taken[range] = slot
    if page.isLast {
      taken[range] = nil
      free.append(slot)
    }
  }

  private func makeSlot() throws(Failure) -> Slot {
    var name = place.name
    if !slots.isEmpty { name += Array(" (range \(slots.count + 1))".utf8) }
    let source = try writer.add(ObjectSource(file: name, origin: origin))
    let slot = Slot(
      ListingRows(writer, source: source, mount: settings.mount, excluding: settings.excluded))
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
