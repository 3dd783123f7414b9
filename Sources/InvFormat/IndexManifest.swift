public import InvBytes
import InvText

/// What an index says of itself: inv-index(5), "The manifest".
public struct IndexManifest: Equatable, Sendable {
  /// One file of the index.
  public struct File: Equatable, Sendable {
    public let name: String
    public let size: UInt64
    /// Of the payload.
    public let checksum: UInt64
  }

  public var build: UInt64 = 0
  public var isRaw = false
  public var prefixes: UInt64 = 0
  /// The first and the last prefix: the key range.
  public var first: [UInt8] = []
  public var last: [UInt8] = []
  /// Of the root.
  public var objects: UInt64 = 0
  public var bytes: UInt64 = 0
  /// The greatest depth.
  public var depth = 0
  public var rollups: UInt64 = 0
  public var schema: PrefixSchema
  /// By dimension: the names of its words, where there are any; nil where it has none.
  public var names: [[[UInt8]?]?]
  public var audit = Audit()
  public var files: [File] = []

  public static let name = "manifest.json"
  static let sourceName = "source.json"
  static let format = "inv-index"
  /// More than any manifest that has all words there can be.
  static let lengthLimit = 1 << 30

  init(schema: PrefixSchema) {
    self.schema = schema
    names = Array(repeating: nil, count: schema.dimensions.count)
  }

  /// The text, with the build that it gives.
  mutating func sealed() -> [UInt8] {
    build = 0
    build = XXH64.hash(text.raw)
    return text
  }

  private var text: [UInt8] {
    var text = JSONText()
    text.member("format", Self.format)
    text.member("version", UInt64(IndexHeader.version))
    text.member("build", hex(build))
    text.member("encoding", isRaw ? "raw" : "packed")
    text.member("prefixes", prefixes)
    text.member("first", first)
    text.member("last", last)
    text.member("objects", objects)
    text.member("bytes", bytes)
    text.member("depth", UInt64(depth))
    text.member("rollups", rollups)
    text.member("age_of", schema.ageOf.rawValue)
    if schema.sizeOf != .logical { text.member("size_of", schema.sizeOf.rawValue) }
    let times = (schema.hasModified ? ["modified"] : []) + (schema.hasAccessed ? ["accessed"] : [])
    text.list("times", strings: times.map { Array($0.utf8) })
    text.member("listed", schema.hasListed)
    text.member("max_depth", schema.maxDepth.map { UInt64($0) })
    text.member("under", schema.under)
    text.list("origins", schema.origins) { text, origin in
      text.member("mount", origin.mount)
      text.member("name", origin.bucket)
      text.member("snapshot", origin.snapshot.flatMap { Timestamp.text($0) })
      text.list("columns", strings: origin.columns.map { Array($0.utf8) })
    }
    text.list("dimensions", Array(schema.dimensions.indices)) { text, place in
      Self.add(schema.dimensions[place], schema.words[place], to: &text)
      if let names = names[place] { text.list("names", optionals: names) }
    }
    addAudit(to: &text)
    text.list("files", files) { text, file in
      text.member("name", file.name)
      text.member("size", file.size)
      text.member("checksum", hex(file.checksum))
    }
    return text.end()
  }

  private static func add(_ dimension: Dimension, _ words: [[UInt8]], to text: inout JSONText) {
    text.member("name", dimension.name)
    switch dimension.axis {
    case .state:
      text.member("type", "state")
    case .word:
      text.member("type", "word")
      text.list("words", strings: words)
    case .band(let edges, let unknown):
      text.member("type", "band")
      text.list("edges", numbers: edges)
      text.member("unknown", unknown)
    }
  }

  private func addAudit(to text: inout JSONText) {
    text.member("read", audit.read)
    let lists = [
      ("set_aside", "reason", "rows", audit.setAside),
      ("left_out", "reason", "rows", audit.leftOut),
      ("remarks", "what", "values", audit.remarks),
    ]
    for (name, what, count, counts) in lists {
      text.list(name, counts.sorted { $0.key < $1.key }) { text, entry in
        text.member(what, entry.key)
        text.member(count, entry.value)
      }
    }
    text.list("examples", audit.examples) { text, example in
      text.member("reason", example.reason)
      text.member("file", example.file)
      text.member("row", example.row)
      text.member("byte", example.byte)
    }
  }

  /// Reads the text and checks that the build is that of the text.
  public init(_ text: [UInt8]) throws(FormatError) {
    let fields = ManifestFields(try JSON.parse(text, lossless: true))
    guard try fields.text("format") == Self.format else {
      throw FormatError("it is no manifest of an index", at: 0)
    }
    guard try fields.number("version") == UInt64(IndexHeader.version) else {
      throw FormatError("its version of the format is unknown", at: 0)
    }
    schema = try fields.schema()
    names = try fields.names()
    let digits = try fields.text("build")
    build = try fields.hex("build")
    let encoding = try fields.text("encoding")
    guard ["packed", "raw"].contains(encoding) else {
      throw FormatError("its encoding is unknown", at: 0)
    }
    isRaw = encoding == "raw"
    prefixes = try fields.number("prefixes")
    (first, last) = (try fields.bytes("first"), try fields.bytes("last"))
    (objects, bytes) = (try fields.number("objects"), try fields.number("bytes"))
    (depth, rollups) = (try fields.small("depth"), try fields.number("rollups"))
    audit = try fields.audit()
    for file in try fields.list("files") {
      files.append(
        File(
          name: try file.text("name"), size: try file.number("size"),
          checksum: try file.hex("checksum")))
    }
    guard prefixes > 0, prefixes < DepthSorter.positionLimit, rollups < prefixes,
      depth <= Container.keyLimit
    else { throw FormatError("its number of prefixes, rollups or levels is impossible", at: 0) }
    guard Self.checksum(text, digits) == build else {
      throw FormatError("its build is not that of its text", at: 0)
    }
  }

  /// The checksum of the text with zeros in the place of the build's digits.
  private static func checksum(_ text: [UInt8], _ digits: String) -> UInt64 {
    var text = text
    let wanted = Array("\"build\": \"\(digits)\"".utf8)
    if let place = text.firstRange(of: wanted) {
      for index in place.upperBound - 17..<place.upperBound - 1 { text[index] = 0x30 }
    }
    return XXH64.hash(text.raw)
  }
}

/// A number as sixteen hexadecimal digits.
func hex(_ number: UInt64) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
