import InvBytes
import InvCompress
import InvSystem

/// Tells formats by what files begin with.
enum FormatSniffer {
  /// No more is looked at.
  static let reach = 1 << 16
  static let delimiters = Array(",;|\t:^\u{1}".utf8)

  /// What the text may be, and for delimited text by which byte; a text that nothing tells of is none.
  struct Candidate: Equatable {
    let format: SourceFormat
    var delimiter: UInt8?
  }

  /// The formats that a text may have that begins with `front`.
  static func candidates(_ front: ArraySlice<UInt8>) -> [Candidate] {
    var front = front
    if let format = ScanSniffer.format(of: front) { return [Candidate(format: format)] }
    if front.starts(with: [0xef, 0xbb, 0xbf]) { front = front.dropFirst(3) }
    let text = front.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
    if text.first == 0x5b || text.first == 0x7b {
      let found = json(Array(text))
      if !found.isEmpty { return found.map { Candidate(format: $0) } }
    }
    let line = front.prefix { $0 != newline }
    // Its reader says what is wrong with units.
    if ListingRows.parts(line) != nil || ListingRows.hasUnit(line) {
      return [Candidate(format: .awsLs)]
    }
    return delimited(front)
  }

  /// Text whose first line has names of columns that are known.
  private static func delimited(_ front: ArraySlice<UInt8>) -> [Candidate] {
    var found: [Candidate] = []
    for delimiter in delimiters {
      guard let names = firstRow(front, delimiter) else { continue }
      for family in families(names) {
        guard let format = SourceFormat.of(family, in: nil) else { continue }
        // A single column has no delimiter.
        if names.count > 1 || delimiter == comma {
          found.append(Candidate(format: format, delimiter: delimiter))
        }
      }
    }
    return found
  }

  static func firstRow(_ front: ArraySlice<UInt8>, _ delimiter: UInt8) -> [String]? {
    var row = CSVRow(CSVDialect(delimiter: delimiter))
    let text = Array(front)
    var start = 0
    while true {
      switch row.read(text, start..<text.count, isAtEnd: true) {
      case .row(_, let verdict):
        guard verdict == .counted else { return nil }
        return (0..<row.fields).map { String(decoding: row.field($0), as: UTF8.self) }
      case .blank(let length): start += length
      case .incomplete: return nil
      }
    }
  }

  /// Whose inventories have columns of these names.
  static func families(_ names: [String]) -> [ColumnFamily] {
    let names = Set(names.map(RowLayout.plain))
    if names.contains("key") { return [.s3] }
    guard names.contains("name") else { return [] }
    let azure: Set<String> = [
      "contentlength", "creationtime", "lastmodified", "accesstier", "blobtype", "hdiisfolder",
      "lastaccesstime", "iscurrentversion", "contentmd5", "snapshot", "deleted",
    ]
    let google: Set<String> = [
      "timecreated", "timedeleted", "updated", "storageclass", "generation",
      "metageneration", "md5hash", "crc32c", "bucket", "project",
    ]
    // One may be there by chance: any text has a name and a size.
    let (isAzure, isGoogle) = (
      names.intersection(azure).count > 1, names.intersection(google).count > 1
    )
    return isAzure == isGoogle ? [.azure, .gcs] : isAzure ? [.azure] : [.gcs]
  }

  /// What JSON that begins like this may be.
  static func json(_ text: [UInt8]) -> [SourceFormat] {
    // What is cut off is no fault of the text: what came before it must tell.
    guard
      let window = try? TextWindow(Inflow(ByteSource(name: "", bytes: text), format: .plain))
    else { return [] }
    var tokens = JSONTokens(window)
    return (try? json(&tokens)) ?? []
  }

  private static func json(_ tokens: inout JSONTokens) throws(Failure) -> [SourceFormat] {
    let first = try tokens.next()
    if first == .objectStart { return try members(&tokens, isEntry: false) }
    switch try tokens.next() {
    case .number: return [.ncdu]
    case .objectStart: return try members(&tokens, isEntry: true)
    case .arrayEnd: return [.awsObjects, .rcloneJSON]
    default: return []
    }
  }

  /// What has an object with these members: one of many, or a document.
  private static func members(_ tokens: inout JSONTokens, isEntry: Bool) throws(Failure)
    -> [SourceFormat]
  {
    while try tokens.next() == .key {
      switch String(decoding: tokens.bytes, as: UTF8.self) {
      case "Path": return [.rcloneJSON]
      case "Key" where isEntry: return [.awsObjects]
      case "Contents" where !isEntry: return [.awsObjects]
      case "Versions" where !isEntry: return [.awsVersions]
      case "DeleteMarkers" where !isEntry: return [.awsVersions]
      default:
        let token = try tokens.next()
        try tokens.skip(token)
      }
    }
    return isEntry ? [] : [.awsObjects, .awsVersions]
  }
}
