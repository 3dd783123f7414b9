import InvBytes
import InvText

extension Manifest {
  /// Reads the manifest of an inventory rule of Azure.
  init(azure fields: ManifestFields, _ files: [File]) throws(FormatError) {
    if let status = fields["status"], try status.text().lowercased() != "succeeded" {
      throw status.fault("is '\(printable(try status.text()))': the inventory is not complete")
    }
    let rule = try fields.field("ruleDefinition")
    if let type = rule.member("objectType"), try type.text().lowercased() != "blob" {
      throw type.fault("is '\(printable(try type.text()))': no list of blobs")
    }
    guard let format = rule.member("format") else { throw rule.fault("has no 'format'") }
    author = .azure
    destinationBucket = try fields.field("destinationContainer").bucket()
    sourceBucket = try Self.account(fields.field("endpoint"))
    let start = fields.has("inventoryStartTime") ? "inventoryStartTime" : "inventoryCompletionTime"
    created = try fields.field(start).date()
    switch try format.text().lowercased() {
    case "csv": self.format = .azureCSV
    case "parquet": self.format = .azureParquet
    default:
      throw format.fault("is '\(printable(try format.text()))'; known are csv and parquet")
    }
    // The files have a first line, whose order counts.
    schema = []
    version = try fields["version"]?.text()
    self.files = files
  }

  /// The account that an address such as `https://account.blob.core.windows.net` is of.
  private static func account(_ endpoint: ManifestField) throws(FormatError) -> [UInt8] {
    var text = try endpoint.text()[...]
    if let scheme = text.firstRange(of: "://") { text = text[scheme.upperBound...] }
    let name = text.prefix { $0 != "." && $0 != "/" && $0 != ":" }
    guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw endpoint.fault("is no address of an account")
    }
    return Array(name.utf8)
  }

  /// Reads the manifest of a report of Google's Storage Insights.
  init(google fields: ManifestFields, _ files: [File]) throws(FormatError) {
    let report = try fields.field("report_config")
    author = .google
    created = try fields.field("snapshot_time").date()
    if let count = fields["shard_count"], try count.size() != UInt64(files.count) {
      throw count.fault("is not the number of shards, \(files.count)")
    }
    let options = report.member("object_metadata_report_options")
    let source = options?.member("storage_filters")?.member("bucket")
    let destination = options?.member("storage_destination_options")?.member("bucket")
    sourceBucket = try source?.bucket() ?? []
    destinationBucket = try destination?.bucket() ?? []
    let isParquet =
      report.member("parquet_options") != nil
      || !files.isEmpty && files.allSatisfy { $0.key.suffix(8).elementsEqual(".parquet".utf8) }
    format = isParquet ? .gcsParquet : .gcsCSV
    schema = isParquet ? [] : try Self.columns(report, options)
    version = nil
    self.files = files
  }

  /// The line of names that the shards begin with, or would if they had one.
  private static func columns(_ report: ManifestField, _ options: ManifestField?)
    throws(FormatError) -> [UInt8]
  {
    let text = report.member("csv_options")
    if let separator = text?.member("record_separator"), let bytes = separator.value.bytes,
      !bytes.isEmpty, bytes != [0x0a], bytes != [0x0d, 0x0a]
    {
      throw separator.fault("is neither LF nor CR LF")
    }
    let delimiter = text?.member("delimiter")
    let bytes = delimiter?.value.bytes ?? []
    let isOne = bytes.count == 1 && bytes[0] < 0x80 && !Self.isNamed(bytes[0])
    guard bytes.isEmpty || isOne && ![0x00, 0x0a, 0x0d, 0x22].contains(bytes[0]) else {
      throw (delimiter ?? report).fault("is not one character that can be between columns")
    }
    guard let fields = options?.member("metadata_fields") else { return [] }
    let separator = String(decoding: bytes.isEmpty ? [0x2c] : bytes, as: UTF8.self)
    return Array(try fields.texts().joined(separator: separator).utf8)
  }

  /// Whether names of columns may have `byte` in them.
  static func isNamed(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x41...0x5a ~= byte || 0x61...0x7a ~= byte || byte == 0x5f
      || byte == 0x2d || byte == 0x20
  }
}

private func printable(_ text: String) -> String {
  String(decoding: TextEscape.escaped(text.utf8), as: UTF8.self)
}
