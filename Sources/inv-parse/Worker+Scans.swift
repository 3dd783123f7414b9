import InvCompress
import InvFormat
import InvSource
import InvSystem

// A large scan that lies in a file is opened by one thread, and its parts are read by all.
extension Worker {
  /// The parts of a scan that is `text`; nil where there is only one.
  func parts(_ format: ScanFormat, _ file: DataFile, _ text: SeekableFile) throws(Failure)
    -> OpenFile?
  {
    let parts = try ScanParts.cut(text, from: file.start, format)
    guard parts.count > 1 else { return nil }
    let origin = origin(file, format)
    return OpenFile(
      file, origin, .scan(OpenScan(text: text, format: format, parts: parts)))
  }

  /// Where the rows of a scan come from, as far as its name tells what nothing else does.
  private func origin(_ file: DataFile, _ format: ScanFormat) -> Origin {
    var origin = file.entry.origin
    origin.columns = format.knownColumns
    if let said = ScanFileName(file.entry.name) {
      if origin.bucket.isEmpty { origin.bucket = said.filesystem ?? [] }
      let clock = parsing.settings.reading.clock
      origin.snapshot = origin.snapshot ?? clock.instant(ofLocal: said.day)
    }
    return origin
  }

  /// Reads all of a scan.
  mutating func read(
    _ text: consuming ScanText, _ file: DataFile, _ account: inout FileAccount
  ) throws(Failure) {
    try read(text, file, origin(file, text.format), &account, Place(file: file.number))
  }

  /// Reads part `part` of `scan`.
  mutating func read(
    _ part: Int, of scan: OpenScan, _ open: OpenFile, _ account: inout FileAccount, _ place: Place
  ) throws(Failure) {
    isOnlyTheFile = true
    let places = scan.parts[part]
    let window = try TextWindow(
      Inflow(scan.text.source(places), format: .plain), at: places.lowerBound)
    isOnlyTheFile = false
    try read(ScanText(window, scan.format), open.file, open.origin, &account, place)
  }

  private mutating func read(
    _ text: consuming ScanText, _ file: DataFile, _ origin: Origin, _ account: inout FileAccount,
    _ place: Place
  ) throws(Failure) {
    guard var rows = try begin(text.format, file, origin) else { return }
    isOnlyTheFile = true
    var seen: UInt64 = 0
    do throws(Failure) {
      try text.read(into: &rows, account: &account, limit: parsing.allowance) {
        text throws(Failure) in
        try parsing.advance(text.consumed - seen)
        seen = text.consumed
        if parsing.isStopped(at: place) { throw Failure("stopped", .fault) }
      }
    } catch {
      if let loss = rows.loss { parsing.stop(loss) }
      throw error
    }
    try parsing.advance(text.consumed - seen)
  }

  /// What makes the rows of a scan; nil when they are not needed.
  private func begin(_ format: ScanFormat, _ file: DataFile, _ origin: Origin) throws(Failure)
    -> ScanRows?
  {
    guard let writer = try parsing.writer(format.schema, file, origin) else { return nil }
    do throws(Failure) {
      // The rows of a source are in order, and those of two parts are not.
      let number = try writer.add(ObjectSource(file: file.entry.name, origin: origin))
      return ScanRows(
        format, parsing.settings.choice, writer, source: number, mount: origin.mount)
    } catch {
      parsing.stop(error)
      throw error
    }
  }
}
