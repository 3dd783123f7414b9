public import InvFormat
public import InvSystem
import InvText

/// Which column of a data file holds what.
public struct RowLayout: Equatable, Sendable {
  /// A column that is carried as words because it was asked for, or because it says who owns.
  public struct Word: Equatable, Sendable {
    public let name: String
    public let field: Int
  }

  public let family: ColumnFamily
  /// The columns as the schema names them.
  public let names: [String]
  public let key: Int
  public let size: Int?
  public let allocated: Int?
  public let modified: Int?
  public let accessed: Int?
  public let storageClass: Int?
  public let accessTier: Int?
  public let isLatest: Int?
  public let isMarker: Int?
  /// Whether the row is that of a directory, true or false.
  public let isFolder: Int?
  /// What the row is, by the names of kinds and states.
  public let sort: Int?
  /// Whether the object is deleted but kept, true or false.
  public let isDeleted: Int?
  /// Where one of these is not empty, the object is no longer current.
  public let pasts: [Int]
  public let words: [Word]
  /// Where times are meant that do not say it.
  public var clock = LocalClock.utc
  /// How many columns must be in a row; nil when it has only to be those that are used.
  public let fields: Int

  /// Whether rows say which versions are no longer current.
  public var hasVersions: Bool {
    isLatest != nil || isMarker != nil || isDeleted != nil || !pasts.isEmpty
  }
  var hasKinds: Bool { isFolder != nil || sort != nil || family.hasFolderKeys }
  public var hasStates: Bool { hasVersions || hasKinds }
  /// Whether all there is to know of a row is what an inventory of S3 says.
  var isUsual: Bool {
    !hasKinds && isDeleted == nil && pasts.isEmpty && allocated == nil && accessed == nil
      && family == .s3
  }

  /// The layout of columns called `names`, of which those in `wanted` are carried as words; `file` is
  /// where the names come from, for messages.
  public init(
    _ names: [String], _ family: ColumnFamily = .s3, carrying wanted: [String] = [], file: String
  ) throws(Failure) {
    let plain = names.map(Self.plain)
    for (place, name) in plain.enumerated() where name != "" && plain[..<place].contains(name) {
      throw Failure.data("\(file): column '\(printable(names[place]))' is there twice")
    }
    func place(_ role: ColumnFamily.Role) -> Int? {
      for name in family.names(role) {
        if let place = plain.firstIndex(of: name) { return place }
      }
      return nil
    }
    guard let key = place(.key) else {
      throw Failure.data("\(file): no column '\(family.keyName)' among \(Self.list(names))")
    }
    self.family = family
    self.names = names
    fields = names.count
    self.key = key
    size = place(.size)
    allocated = place(.allocated)
    modified = place(.modified)
    accessed = place(.accessed)
    storageClass = place(.storageClass)
    accessTier = place(.accessTier)
    isLatest = place(.isLatest)
    isMarker = place(.isMarker)
    isFolder = place(.isFolder)
    sort = place(.sort)
    isDeleted = place(.isDeleted)
    pasts = family.names(.past).compactMap { plain.firstIndex(of: $0) }
    words = try Self.words(names, plain, family, wanted, file)
  }

  private static func words(
    _ names: [String], _ plain: [String], _ family: ColumnFamily, _ wanted: [String], _ file: String
  ) throws(Failure) -> [Word] {
    var words: [Word] = []
    for name in ["owner", "group"] where family.hasOwners {
      if let field = plain.firstIndex(of: name) { words.append(Word(name: name, field: field)) }
    }
    let roles = ColumnFamily.Role.ofColumns.flatMap { role in
      family.names(role).prefix { plain.contains($0) }.prefix(1)
    }
    for wish in wanted {
      let wish = Self.plain(wish)
      let field = plain.firstIndex { $0 == wish || Self.plain(Self.word($0)) == wish }
      guard let field else {
        throw Failure.data(
          "\(file): no column '\(printable(wish))' to carry among \(Self.list(names))")
      }
      let name = Self.word(plain[field])
      guard !words.contains(where: { $0.field == field }), !roles.contains(plain[field]) else {
        continue
      }
      guard Self.canBeWord(name), !words.contains(where: { $0.name == name }) else {
        throw Failure.data("\(file): column '\(printable(names[field]))' cannot be carried")
      }
      words.append(Word(name: name, field: field))
    }
    return words
  }

  /// The columns of a manifest's `fileSchema`, or of `--schema`: "Bucket, Key, Size".
  public static func names(_ schema: String, delimiter: UInt8 = 0x2c) -> [String] {
    let separator = Character(Unicode.Scalar(delimiter))
    return schema.split(separator: separator, omittingEmptySubsequences: false).map {
      let name = $0.drop { $0 == " " }
      return String(name.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// Whether a row with these fields only repeats the names.
  public func isHeader(_ fields: [String]) -> Bool {
    fields.map(Self.plain) == names.map(Self.plain)
  }

  /// The columns of object rows that such a file makes.
  public var schema: ObjectSchema {
    var roles: [ObjectSchema.Role] = [.key]
    if hasKinds { roles.append(.kind) }
    if hasStates { roles.append(.state) }
    if size != nil { roles.append(.size) }
    if allocated != nil { roles.append(.allocated) }
    if storageClass != nil { roles.append(.storageClass) }
    if modified != nil { roles.append(.modified) }
    if accessed != nil { roles.append(.accessed) }
    roles += words.compactMap { ObjectSchema.Role(rawValue: $0.name) }
    return ObjectSchema(
      roles, words: words.map(\.name).filter { ObjectSchema.Role(rawValue: $0) == nil })
  }

  /// The columns whose values are known: states that only tell directories say nothing of versions.
  public var knownColumns: [String] {
    schema.columns.map(\.name).filter { $0 != ObjectSchema.Role.state.rawValue || tellsVersions }
  }

  private var tellsVersions: Bool { hasVersions || family.isFileSystem }

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
