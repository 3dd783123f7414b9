import InvBytes
public import InvSystem

/// Reads the objects that JSON documents list: those of `rclone lsjson` and of the AWS command line.
public final class JSONRows: RowReader {
  public let layout: RowLayout
  private var tokens: JSONTokens
  /// Under which names documents have lists, and whether of delete markers.
  private let lists: [(name: [UInt8], isMarker: Bool)]
  private let names: [[UInt8]]
  /// The values of the entry at hand, and which of them it has.
  private var values: [[UInt8]]
  private var has: [Bool]
  private var isInDocument = false
  private var isInList = false
  private var isMarkers = false

  /// The objects of `window`, of which further members called `wanted` are carried as words.
  init(
    _ window: consuming TextWindow, _ format: SourceFormat, carrying wanted: [String],
    clock: LocalClock
  ) throws(Failure) {
    var names: [String]
    let family: ColumnFamily
    switch format {
    case .rcloneJSON:
      (family, names, lists) = (.rclone, ["Path", "IsDir", "Size", "ModTime", "Tier"], [])
    case .awsVersions:
      names = [
        "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModified", "StorageClass",
      ]
      let lists = [("Versions", false), ("DeleteMarkers", true)]
      (family, self.lists) = (.aws, lists.map { (Array($0.0.utf8), $0.1) })
    default:
      names = ["Key", "Size", "LastModified", "StorageClass"]
      (family, lists) = (.aws, [(Array("Contents".utf8), false)])
    }
    for name in wanted.map(Self.memberName) {
      let plain = RowLayout.plain(name)
      if !names.contains(where: { RowLayout.plain($0) == plain }) { names.append(name) }
    }
    var layout = try RowLayout(names, family, carrying: wanted, file: printable(window.name))
    layout.clock = clock
    self.layout = layout
    self.names = names.map { Array($0.utf8) }
    values = Array(repeating: [], count: names.count)
    has = Array(repeating: false, count: names.count)
    tokens = JSONTokens(window)
  }

  /// What the member is called that rows carry as `name`: as it stands, but for those that have another
  /// name in rows.
  private static func memberName(_ name: String) -> String {
    switch name {
    case "owner": "Owner"
    case "checksum": "ChecksumAlgorithm"
    case "version": "VersionId"
    case "etag": "ETag"
    default: name
    }
  }

  public var consumed: UInt64 { tokens.consumed }
  public var position: UInt64 { tokens.position }

  public func next(_ row: inout FieldRow) throws(Failure) -> RowFound? {
    while true {
      let token = try tokens.next()
      if isInList {
        switch token {
        case .objectStart: return try entry(&row)
        case .arrayEnd: isInList = false
        default: throw tokens.fault("no JSON object in a list of objects")
        }
      } else if isInDocument {
        if token == .objectEnd { isInDocument = false } else { try member() }
      } else {
        switch token {
        case .end: return nil
        case .arrayStart: (isInList, isMarkers) = (true, false)
        case .objectStart where lists.isEmpty: return try entry(&row)
        case .objectStart: isInDocument = true
        case .null: break
        default: throw tokens.fault("neither a JSON object nor an array")
        }
      }
    }
  }

  /// Enters the list that the member at hand is, or passes over it.
  private func member() throws(Failure) {
    let list = lists.first { $0.name == tokens.bytes }
    let token = try tokens.next()
    if let list, token == .arrayStart {
      (isInList, isMarkers) = (true, list.isMarker)
    } else {
      try tokens.skip(token)
    }
  }

  private func entry(_ row: inout FieldRow) throws(Failure) -> RowFound {
    let start = tokens.start
    for place in values.indices {
      values[place].removeAll(keepingCapacity: true)
      has[place] = false
    }
    while try tokens.next() == .key {
      guard let place = names.firstIndex(of: tokens.bytes) else {
        let token = try tokens.next()
        try tokens.skip(token)
        continue
      }
      guard !has[place] else { throw tokens.fault("a JSON key that was there before") }
      has[place] = true
      try take(at: place)
    }
    if isMarkers, let place = layout.isMarker { values[place] = Array("true".utf8) }
    if let place = layout.isMarker, values[place].isEmpty { values[place] = Array("false".utf8) }
    row.begin()
    for value in values { row.append(value) }
    row.end()
    return RowFound(byte: start)
  }

  /// Takes the value of the member at `place`.
  private func take(at place: Int) throws(Failure) {
    let token = try tokens.next()
    switch token {
    case .string where names[place].elementsEqual("ETag".utf8):
      values[place] = tokens.bytes.filter { $0 != quote }
    case .string where names[place].elementsEqual("VersionId".utf8):
      // What was there before there were versions has the empty one in inventories.
      if !tokens.bytes.elementsEqual("null".utf8) { values[place] = tokens.bytes }
    case .string, .number: values[place] += tokens.bytes
    case .bool(let truth): values[place] = Array((truth ? "true" : "false").utf8)
    case .arrayStart: try takeElements(at: place)
    case .objectStart: try takeIdentity(at: place)
    default: break
    }
  }

  /// Takes the texts of an array with commas between them.
  private func takeElements(at place: Int) throws(Failure) {
    while true {
      let token = try tokens.next()
      if token == .arrayEnd { return }
      guard token == .string || token == .number else {
        try tokens.skip(token)
        continue
      }
      if !values[place].isEmpty { values[place].append(comma) }
      values[place] += tokens.bytes
      guard values[place].count <= JSONTokens.lengthLimit else {
        throw tokens.fault("JSON text of more than \(JSONTokens.lengthLimit) bytes")
      }
    }
  }

  /// Takes the member ID of an object, such as an owner.
  private func takeIdentity(at place: Int) throws(Failure) {
    while try tokens.next() == .key {
      let isIdentity = tokens.bytes.elementsEqual("ID".utf8)
      let token = try tokens.next()
      if isIdentity && token == .string { values[place] = tokens.bytes }
      try tokens.skip(token)
    }
  }
}
