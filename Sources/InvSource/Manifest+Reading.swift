public import InvBytes
import InvDigest
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
    var fields: [[UInt8]: Field] = [:]
    var files: [File]?
    try scanner.members { (scanner, key, start) throws(FormatError) in
      if key.elementsEqual("files".utf8) {
        files = try Self.files(&scanner)
      } else {
        let name = String(decoding: TextEscape.escaped(key), as: UTF8.self)
        fields[key] = Field(name: name, value: try scanner.value(), start: start)
      }
    }
    try scanner.end()

    func field(_ name: String) throws(FormatError) -> Field {
      guard let field = fields[Array(name.utf8)] else { throw FormatError("no '\(name)'", at: 0) }
      return field
    }
    sourceBucket = try field("sourceBucket").bucket()
    destinationBucket = try field("destinationBucket").bucket()
    created = try field("creationTimestamp").time()
    format = try field("fileFormat").format()
    schema = try field("fileSchema").bytes()
    version = try fields[Array("version".utf8)]?.text()
    guard let files else { throw FormatError("no 'files'", at: 0) }
    self.files = files
  }

  private static func files(_ scanner: inout ManifestScanner) throws(FormatError) -> [File] {
    var files: [File] = []
    var total: UInt64 = 0
    try scanner.elements { (scanner, start) throws(FormatError) in
      let name = "files[\(files.count)]"
      let value = try scanner.value()
      func field(_ member: String) throws(FormatError) -> Field {
        guard let value = value[member] else {
          throw FormatError("\(name) has no '\(member)'", at: UInt64(start))
        }
        return Field(name: "\(name).\(member)", value: value, start: start)
      }
      let file = File(
        key: try field("key").key(), size: try field("size").size(),
        md5: try field("MD5checksum").md5())
      let (sum, overflow) = total.addingReportingOverflow(file.size)
      guard !overflow else {
        throw FormatError("\(name): the sizes add up to 2^64 and more", at: UInt64(start))
      }
      total = sum
      files.append(file)
    }
    return files
  }
}

/// A field of a manifest with its place, for messages.
private struct Field {
  let name: String
  let value: JSONValue
  let start: Int

  func fault(_ what: String) -> FormatError { FormatError("'\(name)' \(what)", at: UInt64(start)) }

  func bytes() throws(FormatError) -> [UInt8] {
    guard let bytes = value.bytes else { throw fault("is not text") }
    if bytes.isEmpty { throw fault("is empty") }
    return bytes
  }

  func text() throws(FormatError) -> String {
    guard let text = String(validating: try bytes(), as: UTF8.self) else {
      throw fault("is not UTF-8")
    }
    return text
  }

  /// A plain name or the last part of an ARN.
  func bucket() throws(FormatError) -> [UInt8] {
    var name = try bytes()
    if name.starts(with: "arn:".utf8) {
      let parts = name.split(separator: 0x3a, maxSplits: 5, omittingEmptySubsequences: false)
      guard parts.count == 6 else { throw fault("is not the ARN of a bucket") }
      name = Array(parts[5])
    }
    guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2f }) else {
      throw fault("is not the name of a bucket")
    }
    return name
  }

  /// Milliseconds since 1970, as text or as a number.
  func time() throws(FormatError) -> Int64 {
    let digits = value.bytes ?? value.number.map { Array($0.text.utf8) } ?? []
    do throws(FormatError) {
      return try Timestamp.seconds(fromMilliseconds: digits)
    } catch { throw fault("is \(error.what)") }
  }

  func format() throws(FormatError) -> Manifest.Format {
    let text = try text()
    switch text.lowercased() {
    case "csv": return .csv
    case "orc": return .orc
    case "parquet": return .parquet
    default:
      let shown = String(decoding: TextEscape.escaped(text.utf8), as: UTF8.self)
      throw fault("is '\(shown)'; known are CSV, ORC and Parquet")
    }
  }

  func key() throws(FormatError) -> [UInt8] {
    let key = Array(try text().utf8)
    guard key.count <= Manifest.keyLimit else {
      throw fault("is longer than \(Manifest.keyLimit) bytes")
    }
    guard !key.contains(0) else { throw fault("has a NUL in it") }
    return key
  }

  func size() throws(FormatError) -> UInt64 {
    guard let size = value.number?.uint64 else { throw fault("is not a number of bytes") }
    return size
  }

  func md5() throws(FormatError) -> MD5.Digest {
    guard let bytes = value.bytes, let digest = MD5.Digest(hex: bytes) else {
      throw fault("is not 32 hexadecimal digits")
    }
    return digest
  }
}
