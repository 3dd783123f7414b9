public import InvBytes
import InvText

extension Manifest {
  /// No manifest is longer: this one would list 350,000 files.
  public static let lengthLimit = 64 << 20
  /// S3 allows 1024 bytes, which percent-encoding can triple.
  static let keyLimit = 3072

  /// Reads a manifest strictly: all its fields but the version must be there, and mean something.
  ///
  /// Fields that are not known are passed over. Offsets in errors count from the start of `text`.
  public init(parsing text: [UInt8]) throws(FormatError) {
    var scanner = ManifestScanner(text)
    var fields: [[UInt8]: ManifestField] = [:]
    var files: [File]?
    try scanner.members { (scanner, key, start) throws(FormatError) in
      if key.elementsEqual("files".utf8) {
        files = try Self.files(&scanner)
      } else if key.elementsEqual("report_shards_file_names".utf8) {
        files = try Self.shards(&scanner)
      } else {
        let name = String(decoding: TextEscape.escaped(key), as: UTF8.self)
        fields[key] = ManifestField(name: name, value: try scanner.value(), start: start)
      }
    }
    try scanner.end()

    let found = ManifestFields(fields)
    guard let files else { throw FormatError("no 'files'", at: 0) }
    if found.has("report_config") {
      self = try Manifest(google: found, files)
    } else if found.has("ruleDefinition") || found.has("destinationContainer") {
      self = try Manifest(azure: found, files)
    } else {
      self = try Manifest(s3: found, files)
    }
  }

  private init(s3 fields: ManifestFields, _ files: [File]) throws(FormatError) {
    sourceBucket = try fields.field("sourceBucket").bucket()
    destinationBucket = try fields.field("destinationBucket").bucket()
    created = try fields.field("creationTimestamp").time()
    format = try fields.field("fileFormat").format()
    schema = try fields.field("fileSchema").bytes()
    version = try fields["version"]?.text()
    self.files = files
  }

  private static func files(_ scanner: inout ManifestScanner) throws(FormatError) -> [File] {
    var files: [File] = []
    var total: UInt64 = 0
    try scanner.elements { (scanner, start) throws(FormatError) in
      let name = "files[\(files.count)]"
      let value = try scanner.value()
      func field(_ member: String) throws(FormatError) -> ManifestField {
        guard let value = value[member] else {
          throw FormatError("\(name) has no '\(member)'", at: UInt64(start))
        }
        return ManifestField(name: "\(name).\(member)", value: value, start: start)
      }
      // Azure says where a blob is, and not what its digest is.
      let isBlob = value["blob"] != nil
      let file = File(
        key: try field(isBlob ? "blob" : "key").key(), size: try field("size").size(),
        md5: isBlob ? nil : try field("MD5checksum").md5())
      let (sum, overflow) = total.addingReportingOverflow(file.size)
      guard !overflow else {
        throw FormatError("\(name): the sizes add up to 2^64 and more", at: UInt64(start))
      }
      total = sum
      files.append(file)
    }
    return files
  }

  /// The shards of a report, of which only the names are told.
  private static func shards(_ scanner: inout ManifestScanner) throws(FormatError) -> [File] {
    var files: [File] = []
    try scanner.elements { (scanner, start) throws(FormatError) in
      let name = "report_shards_file_names[\(files.count)]"
      let key = try ManifestField(name: name, value: try scanner.value(), start: start).key()
      files.append(File(key: key, size: 0, hasSize: false, md5: nil))
    }
    return files
  }
}
