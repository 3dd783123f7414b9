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
  /// Of the words of the dimensions of ids; those of one kind are at most once there.
  public var names: [IDNames] = []

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
  /// How many directories were listed more than once.
  public private(set) var listedAgain: UInt64 = 0
  /// How large all files are together.
  public private(set) var size: UInt64 = 0
  /// Where files are now that came into the replaced folder and are of no index.
  public private(set) var remainder: String?

  public init(_ reader: PrefixReader, _ building: IndexBuilding) {
    self.reader = reader
    self.building = building
    // Nothing asks it, but what is wrong with it is to be found.
    reader.index = BlockIndex()
    manifest = IndexManifest(schema: reader.schema)
    manifest.isRaw = building.isRaw
  }

  /// The names whose ids the rows do not tell.
  public var needless: [IDNames.Kind] {
    building.names.map(\.kind).filter { place(of: $0) == nil }
  }

  private func place(of kind: IDNames.Kind) -> Int? {
    reader.schema.dimensions.firstIndex { $0 == Dimension(kind.dimension, .word) }
  }

  private func addNames() {
    for names in building.names {
      guard let place = place(of: names.kind) else { continue }
      manifest.names[place] = manifest.schema.words[place].map { names.name(of: $0) }
    }
  }

  /// Reads all rows and leaves the index at `path`; `progress` is told how much has been read.
  public func run(
    into path: String, isReplacing: Bool, progress: (UInt64, UInt64) -> Void
  ) throws(Failure) {
    let folder = try AtomicFolder(
      path, isReplacing: isReplacing, isOurs: { IndexManifest.isFileName($0) })
    let place = IndexPlace(
      folder: folder.hidden, temporary: building.temporary, isRaw: building.isRaw)
    try write(to: place, progress)
    remainder = try folder.commit()
  }

  private func write(to place: IndexPlace, _ progress: (UInt64, UInt64) -> Void) throws(Failure) {
    let memory = IndexMemory(building.memory)
    let packer = try IndexPacker(
      reader.schema, code: reader.code, in: place, memory: memory, threads: building.threads)
    try fold(into: packer, in: place, memory.open, progress)
    var files = try packer.end()
    // Not added to what the rows may say of it already, so that an index makes the same index.
    audit.remarks[Audit.listedAgain] = listedAgain > 0 ? listedAgain : nil
    manifest.audit = audit
    addNames()
    files.sort { $0.name < $1.name }
    manifest.files = files.map { file in
      IndexManifest.File(
        name: file.name, size: file.length + UInt64(IndexHeader.length),
        checksum: file.header?.payloadChecksum ?? 0)
    }
    size = manifest.files.reduce(0) { $0 + $1.size }
    let text = manifest.sealed()
    source.build = manifest.build
    for file in files { try file.seal(build: manifest.build) }
    try write(text, to: "\(place.folder)/\(IndexManifest.name)")
    try write(source.text, to: "\(place.folder)/\(IndexManifest.sourceName)")
    // One behind the other, so that the first takes most of them to the medium.
    for file in files { try file.sync() }
  }

  /// Makes all entries; `packer` has packed them when this returns.
  private func fold(
    into packer: IndexPacker, in place: IndexPlace, _ memory: Int,
    _ progress: (UInt64, UInt64) -> Void
  ) throws(Failure) {
    let line = try IndexLine(packer, threads: building.threads)
    defer { line.stop() }
    var writer = IndexWriter(reader.schema, code: reader.code, line, in: place, memory: memory)
    var row = CheckedRow(reader.schema, reader.code)
    try readRows(&row, into: &writer, progress)
    manifest.last = row.keyBytes
    try writer.end(row)
    try line.end()
    rows = row.totals.rows
    manifest.prefixes = writer.count
    (manifest.objects, manifest.bytes) = (writer.objects, writer.bytes)
    listedAgain = writer.listedAgain
    (manifest.depth, manifest.rollups) = (writer.greatestDepth, writer.rollups)
  }

  private func write(_ text: [UInt8], to path: String) throws(Failure) {
    let file = try Temporaries.shared.create(path)
    try file.write(text)
    try file.sync()
    try file.close()
  }

  private func readRows(
    _ row: inout CheckedRow, into writer: inout IndexWriter, _ progress: (UInt64, UInt64) -> Void
  ) throws(Failure) {
    while let event = try reader.next() {
      switch event {
      case .block(let block):
        try take(block, &row, &writer)
        let (done, total) = reader.progress
        progress(done, total)
      case .progress(let done, let total): progress(done, total)
      case .maker(let maker): source.add(maker)
      case .end(let audit, let totals):
        guard totals == row.totals else {
          throw Failure.data(
            "\(printable(reader.name)): the footer counts \(totals.objects) objects and"
              + " \(totals.bytes) bytes; there were \(row.totals.objects) and \(row.totals.bytes)"
          )
        }
        self.audit = audit
      }
    }
  }

  private func take(_ block: PrefixBlock, _ row: inout CheckedRow, _ writer: inout IndexWriter)
    throws(Failure)
  {
    func failure(_ error: FormatError) -> Failure { reader.failure(error.what, in: block) }
    do throws(FormatError) { try row.begin(block) } catch { throw failure(error) }
    while true {
      do throws(FormatError) {
        guard try row.next() else { return }
      } catch { throw failure(error) }
      try writer.append(&row, failure)
    }
  }
}
