import InvBytes
import InvDigest
import InvText

/// The fields of a manifest but for its files.
struct ManifestFields {
  private let fields: [[UInt8]: ManifestField]

  init(_ fields: [[UInt8]: ManifestField]) { self.fields = fields }

  func has(_ name: String) -> Bool { self[name] != nil }

  subscript(_ name: String) -> ManifestField? { fields[Array(name.utf8)] }

  /// A field that must be there.
  func field(_ name: String) throws(FormatError) -> ManifestField {
    guard let field = self[name] else { throw FormatError("no '\(name)'", at: 0) }
    return field
  }
}

/// A field of a manifest with its place, for messages.
struct ManifestField {
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
    // `arn:aws:s3:::name`, and `acs:oss:::name` of Alibaba.
    for (prefix, count) in [("arn:", 6), ("acs:", 5)] where name.starts(with: prefix.utf8) {
      let parts = name.split(
        separator: 0x3a, maxSplits: count - 1, omittingEmptySubsequences: false)
      guard parts.count == count, let last = parts.last else {
        throw fault("is not the ARN of a bucket")
      }
      name = Array(last)
    }
    guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2f }) else {
      throw fault("is not the name of a bucket")
    }
    return name
  }

  /// Milliseconds since 1970, as text or as a number; or seconds, where milliseconds would be a time
  /// before there were any buckets.
  func time() throws(FormatError) -> Int64 {
    var digits = value.bytes ?? value.number.map { Array($0.text.utf8) } ?? []
    if digits.count == 10 { digits += Array("000".utf8) }
    do throws(FormatError) {
      return try Timestamp.seconds(fromMilliseconds: digits)
    } catch { throw fault("is \(error.what)") }
  }

  /// A time as in RFC 3339.
  func date() throws(FormatError) -> Int64 {
    do throws(FormatError) { return try Timestamp.seconds(from: try bytes()) } catch {
      throw fault("is \(error.what)")
    }
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
    // No file has more: off_t.
    guard let size = value.number?.uint64, size <= UInt64(Int64.max) else {
      throw fault("is not a number of bytes")
    }
    return size
  }

  func md5() throws(FormatError) -> MD5.Digest {
    guard let bytes = value.bytes, let digest = MD5.Digest(hex: bytes) else {
      throw fault("is not 32 hexadecimal digits")
    }
    return digest
  }

  /// The member called `name`, or as that would be in camel case, of an object; nil where it has none.
  func member(_ name: String) -> ManifestField? {
    var camel = ""
    for part in name.split(separator: "_") {
      camel += camel.isEmpty ? String(part) : part.prefix(1).uppercased() + part.dropFirst()
    }
    guard let found = value[name] ?? value[camel] else { return nil }
    return ManifestField(name: "\(self.name).\(name)", value: found, start: start)
  }

  /// The texts of an array.
  func texts() throws(FormatError) -> [String] {
    guard let elements = value.array else { throw fault("is no array") }
    var texts: [String] = []
    for element in elements {
      texts.append(try ManifestField(name: name, value: element, start: start).text())
    }
    return texts
  }
}
