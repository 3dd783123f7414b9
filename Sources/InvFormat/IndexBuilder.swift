import InvBytes
public import InvSystem
import InvText

/// How an index is to be made.
public struct IndexBuilding: Sendable {
  /// What the process may take.
  public var memory: UInt64 = 256 << 20
  public var threads = 1
  /// Columns as plain arrays.
  public var isRaw = false
  /// Where temporary files go; nil beside the index.
  public var temporary: String?

  public init() {}

  /// The least memory that an index can be made in.
  public static let leastMemory: UInt64 = 64 << 20
}

/// Makes an index of a stream of prefix rows: one pass over the rows, then the hash.
public final class IndexBuilder {
  private let reader: PrefixReader
  private let building: IndexBuilding
  private var source = IndexSource()
  private var audit = Audit()
  public private(set) var rows: UInt64 = 0
  public private(set) var manifest: IndexManifest
  /// How large all files are together.
  public private(set) var size: UInt64 = 0

  public init(_ reader: PrefixReader, _ building: IndexBuilding) {
    self.reader = reader
    self.building = building
    manifest = IndexManifest(schema: reader.schema)
    manifest.isRaw = building.isRaw
  }

  /// Reads all rows and leaves the index at `path`; `progress` is told how much has been read.
  public func run(
    into path: String, isReplacing: Bool, progress: (UInt64, UInt64) -> Void
  ) throws(Failure) {
    let folder = try AtomicFolder(path, isReplacing: isReplacing)
    let place = IndexPlace(folder: folder.hidden, temporary: building.temporary)
    try write(to: place, progress)
    try folder.commit()
  }

  private func write(to place: IndexPlace, _ progress: (UInt64, UInt64) -> Void) throws(Failure) {
    let writer = try IndexWriter(
      reader.schema, code: reader.code, in: place, memory: building.memory / 2,
      threads: building.threads)
    try readRows(into: writer, progress)
    var files = try writer.end()
    manifest.prefixes = writer.count
    manifest.last = writer.lastPrefix
    (manifest.objects, manifest.bytes) = (writer.objects, writer.bytes)
    (manifest.depth, manifest.rollups) = (writer.greatestDepth, writer.rollups)
    manifest.audit = audit
    files.sort { $0.name < $1.name }
    manifest.files = files.map { file in
      IndexManifest.File(
        name: file.name, size: file.length + UInt64(IndexHeader.length),
        checksum: file.header?.payloadChecksum ?? 0)
    }
    size = manifest.files.reduce(0) { $0 + $1.size }
    let text = manifest.sealed()
    for file in files { try file.seal(build: manifest.build) }
    source.build = manifest.build
    try write(text, to: "\(place.folder)/\(IndexManifest.name)")
    try write(source.text, to: "\(place.folder)/\(IndexManifest.sourceName)")
  }

  private func write(_ text: [UInt8], to path: String) throws(Failure) {
    let file = try Temporaries.shared.create(path)
    try file.write(text)
    try file.sync()
    try file.close()
  }

  private func readRows(
    into writer: IndexWriter, _ progress: (UInt64, UInt64) -> Void
  ) throws(Failure) {
    var rows: PrefixRows
    do throws(FormatError) { rows = try PrefixRows(reader.schema) } catch {
      throw Failure.data("\(printable(reader.name)): \(error.what)")
    }
    while let event = try reader.next() {
      switch event {
      case .block(let block):
        try take(block, &rows, writer)
        let (done, total) = reader.progress
        progress(done, total)
      case .progress(let done, let total): progress(done, total)
      case .maker(let maker): source.add(maker)
      case .end(let audit, let totals):
        guard totals == rows.totals else {
          throw Failure.data(
            "\(printable(reader.name)): the footer counts \(totals.objects) objects and"
              + " \(totals.bytes) bytes; there were \(rows.totals.objects) and \(rows.totals.bytes)"
          )
        }
        self.audit = audit
      }
    }
    self.rows = rows.totals.rows
  }

  private func take(_ block: PrefixBlock, _ rows: inout PrefixRows, _ writer: IndexWriter)
    throws(Failure)
  {
    do throws(FormatError) { try rows.begin(block) } catch {
      throw reader.failure(error.what, in: block)
    }
    while true {
      do throws(FormatError) {
        guard try rows.next() else { return }
      } catch { throw reader.failure(error.what, in: block) }
      try writer.append(
        rows.prefix, sharing: rows.shared, listed: rows.listed, times: rows.times,
        cells: rows.cells)
    }
  }
}
