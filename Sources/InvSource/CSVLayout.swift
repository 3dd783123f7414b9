public import InvFormat
public import InvSystem
import InvText

/// Which field of a CSV row holds what.
public struct CSVLayout: Equatable, Sendable {
  /// A column that is carried as words because it was asked for.
  public struct Word: Equatable, Sendable {
    public let name: String
    public let field: Int
  }

  /// The columns as the schema names them.
  public let names: [String]
  public let key: Int
  public let size: Int?
  public let modified: Int?
  public let storageClass: Int?
  public let accessTier: Int?
  public let isLatest: Int?
  public let isMarker: Int?
  public let words: [Word]

  public var fields: Int { names.count }
  public var hasStates: Bool { isLatest != nil || isMarker != nil }

  /// The layout of columns called `names`, of which those in `wanted` are carried as words; `file` is
  /// where the names come from, for messages.
  public init(_ names: [String], carrying wanted: [String] = [], file: String) throws(Failure) {
    let plain = names.map(Self.plain)
    for (place, name) in plain.enumerated() where plain[..<place].contains(name) {
      throw Failure.data("\(file): column '\(printable(names[place]))' is there twice")
    }
    func place(_ names: String...) -> Int? { plain.firstIndex { names.contains($0) } }
    guard let key = place("key") else {
      throw Failure.data("\(file): no column 'Key' among \(Self.list(names))")
    }
    self.names = names
    self.key = key
    size = place("size")
    modified = place("lastmodifieddate", "lastmodified")
    storageClass = place("storageclass")
    accessTier = place("intelligenttieringaccesstier")
    isLatest = place("islatest")
    isMarker = place("isdeletemarker")
    var words: [Word] = []
    for wish in wanted {
      let wish = Self.plain(wish)
      let field = plain.firstIndex { $0 == wish || Self.plain(Self.word($0)) == wish }
      guard let field else {
        throw Failure.data(
          "\(file): no column '\(printable(wish))' to carry among \(Self.list(names))")
      }
      let name = Self.word(plain[field])
      guard !words.contains(where: { $0.field == field }) else { continue }
      guard !["key", "size", "class", "modified", "state"].contains(name) else { continue }
      guard Self.canBeWord(name), !words.contains(where: { $0.name == name }) else {
        throw Failure.data("\(file): column '\(printable(names[field]))' cannot be carried")
      }
      words.append(Word(name: name, field: field))
    }
    self.words = words
  }

  /// The columns of a manifest's `fileSchema`, or of `--schema`: "Bucket, Key, Size".
  public static func names(_ schema: String) -> [String] {
    schema.split(separator: ",", omittingEmptySubsequences: false).map {
      let name = $0.drop { $0 == " " }
      return String(name.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// Whether a row with these fields is a line of column names.
  public static func isHeader(_ fields: [String]) -> Bool { fields.map(plain).contains("key") }

  /// Whether a row with these fields only repeats the names.
  public func isHeader(_ fields: [String]) -> Bool {
    fields.map(Self.plain) == names.map(Self.plain)
  }

  /// The columns of object rows that such a file makes.
  public var schema: ObjectSchema {
    var roles: [ObjectSchema.Role] = [.key]
    if hasStates { roles.append(.state) }
    if size != nil { roles.append(.size) }
    if storageClass != nil { roles.append(.storageClass) }
    if modified != nil { roles.append(.modified) }
    roles += words.compactMap { ObjectSchema.Role(rawValue: $0.name) }
    return ObjectSchema(
      roles, words: words.map(\.name).filter { ObjectSchema.Role(rawValue: $0) == nil })
  }

  /// A column's name without what differs between formats.
  static func plain(_ name: String) -> String {
    name.lowercased().filter { !"_- ".contains($0) }
  }

  /// What a column is called when it is carried.
  static func word(_ plain: String) -> String {
    switch plain {
    case "encryptionstatus": "encryption"
    case "replicationstatus": "replication"
    case "objectlockmode": "lock-mode"
    case "objectlocklegalholdstatus": "legal-hold"
    case "objectlockretainuntildate": "retain-until"
    case "checksumalgorithm": "checksum"
    case "bucketkeystatus": "bucket-key"
    case "objectowner": "owner"
    case "objectaccesscontrollist": "acl"
    case "ismultipartuploaded": "multipart"
    case "versionid": "version"
    case "lifecycleexpirationdate": "expires"
    case "intelligenttieringaccesstier": "access-tier"
    case "storageclass": "class"
    case "lastmodifieddate", "lastmodified": "modified"
    case "islatest", "isdeletemarker": "state"
    default: plain
    }
  }

  /// Whether object rows can have a column of words of that name.
  private static func canBeWord(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else { return false }
    return [nil, .owner, .group].contains(ObjectSchema.Role(rawValue: name))
  }

  static func list(_ names: [String]) -> String { printable(names.joined(separator: ", ")) }
}
