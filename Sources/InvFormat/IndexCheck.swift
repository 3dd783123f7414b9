import InvBytes
public import InvSystem
import InvText

/// What is in an index that keeps every rule of inv-index(5), found by reading all of it.
public struct IndexCheck: Sendable {
  /// What was read, for people: "an index, 3 prefixes, 4 cells, 2 objects, 7 bytes".
  public let summary: String
  public let prefixes: UInt64
  /// How large its files are together.
  public let bytes: UInt64

  /// Reads the index in the folder at `path`; what is wrong with it is thrown, as bad data that names
  /// the file.
  ///
  /// Without `checksums` it is as if those of payloads were right.
  public init(_ path: String, checksums: Bool = true) throws(Failure) {
    let index = try Index(path)
    try Self.checkNames(index)
    try Self.checkSource(index)
    do throws(FormatError) {
      try Self.checkFiles(index, checksums: checksums)
      try Self.checkAudit(index.manifest.audit)
      try Self.checkBlocks(index)
      let walk = try IndexWalk(index)
      try walk.run()
      try Self.checkHash(index)
      try Self.check(index.manifest, walk)
      let figures = try (index.objects.value(0), index.bytes.value(0))
      summary =
        "an index, \(index.count) prefixes, \(walk.cellCount) cells, \(figures.0) objects,"
        + " \(figures.1) bytes"
    } catch { throw index.failure(error) }
    prefixes = UInt64(index.count)
    bytes = index.files.reduce(0) { $0 + UInt64($1.map.count) }
  }

  /// Checks that there are no files but those that the page has.
  private static func checkNames(_ index: Index) throws(Failure) {
    let known = Set(index.files.map(\.name.description) + [IndexManifest.name])
    for name in try index.folder.names() where !known.contains(name) {
      guard name != IndexManifest.sourceName else { continue }
      throw index.failure(FormatError("\(printable(name)) is no file of this index", at: 0))
    }
  }

  private static func checkSource(_ index: Index) throws(Failure) {
    let name = IndexManifest.sourceName
    guard let text = try index.folder.text(name) else {
      throw index.failure(FormatError("\(name) is missing", at: 0))
    }
    do throws(FormatError) {
      let source = try JSON.parse(text, lossless: true)
      guard source["format"]?.text == "inv-source" else {
        throw FormatError("it is no source of an index", at: 0)
      }
      guard source["build"]?.text == hex(index.manifest.build) else {
        throw FormatError("its build is not that of the manifest", at: 0)
      }
    } catch { throw index.failure(FormatError("\(name): \(error.what)", at: error.at)) }
  }

  /// Checks what the manifest says of the files, and their checksums.
  private static func checkFiles(_ index: Index, checksums: Bool) throws(FormatError) {
    let files = index.files.sorted { $0.name.description < $1.name.description }
    let names = files.map(\.name.description)
    guard index.manifest.files.map(\.name) == names else {
      let listed = index.manifest.files.map(\.name)
      let name = zip(listed, names).first { $0 != $1 }.map { max($0, $1) } ?? "a file"
      throw FormatError("manifest.json: \(name) is missing, or not where it belongs", at: 0)
    }
    for (file, said) in zip(files, index.manifest.files) {
      guard said.size == UInt64(file.map.count) else {
        throw FormatError(
          "\(file.name): it is \(file.map.count) bytes long, and \(said.size) in the manifest",
          at: 0)
      }
      guard said.checksum == file.header.payloadChecksum else {
        throw FormatError("\(file.name): its checksum is another in the manifest", at: 32)
      }
      guard !checksums || file.hasRightChecksum else {
        throw FormatError("\(file.name): the checksum of the payload does not match", at: 32)
      }
    }
  }

  /// Checks that there were no fewer rows than did not count.
  private static func checkAudit(_ audit: Audit) throws(FormatError) {
    var rest = audit.read
    for count in [audit.setAside.values, audit.leftOut.values].joined() {
      guard count <= rest else {
        throw FormatError("manifest.json: more rows set aside and left out than read", at: 0)
      }
      rest -= count
    }
  }

  private static func checkBlocks(_ index: Index) throws(FormatError) {
    var columns = [
      index.objects, index.bytes, index.depths, index.ends, index.greatestDepths,
      index.directObjects, index.directBytes, index.rollups, index.depthIndex, index.depthLevels,
      index.strings.offsets, index.cells.offsets, index.sums.offsets,
    ]
    columns += index.times + index.directTimes
    if let listed = index.listed { columns.append(listed) }
    for column in columns { try column.checkBlocks() }
    try index.strings.checkBlocks()
    try index.cells.checkOffsets()
    try index.sums.checkOffsets()
  }

  /// Checks that every prefix leads to its position.
  private static func checkHash(_ index: Index) throws(FormatError) {
    let names = PrefixCursor(index.strings)
    var hashes: [KeyHash] = []
    var found = [UInt64](repeating: 0, count: 1024)
    for position in 0..<index.count {
      try names.move(to: position)
      hashes.append(KeyHash(names.prefix.raw))
      guard hashes.count == found.count || position + 1 == index.count else { continue }
      var places = found.mutableSpan
      index.hash.positions(of: hashes.span, into: &places)
      let first = position + 1 - hashes.count
      for place in hashes.indices where found[place] != UInt64(first + place) {
        let target = found[place] == PerfectHash.absent ? "nowhere" : "to \(found[place])"
        throw FormatError("mph.bin: entry \(first + place): it leads \(target)", at: 0)
      }
      hashes.removeAll(keepingCapacity: true)
    }
  }

  /// Checks what the manifest says of the entries.
  private static func check(_ manifest: IndexManifest, _ walk: IndexWalk) throws(FormatError) {
    let figures = try (walk.index.objects.value(0), walk.index.bytes.value(0))
    let faults = [
      (manifest.first.isEmpty, "the first prefix is not \(quoted(manifest.first))"),
      (manifest.last == walk.prefix, "the last prefix is not \(quoted(manifest.last))"),
      (manifest.objects == figures.0, "there are \(figures.0) objects, not \(manifest.objects)"),
      (manifest.bytes == figures.1, "there are \(figures.1) bytes, not \(manifest.bytes)"),
      (
        UInt64(manifest.depth) == walk.greatestDepth,
        "the greatest depth is \(walk.greatestDepth), not \(manifest.depth)"
      ),
    ]
    for (isRight, fault) in faults where !isRight {
      throw FormatError("manifest.json: \(fault)", at: 0)
    }
  }
}

extension IndexFile {
  /// Whether the checksum of its payload matches; reads all of it.
  var hasRightChecksum: Bool {
    map.withBytes { XXH64.hash($0.extracting(IndexHeader.length..<map.count)) }
      == header.payloadChecksum
  }
}
