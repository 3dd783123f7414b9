import InvBytes
import InvText

/// Where object rows come from: one data file of one snapshot of one bucket.
public struct ObjectSource: Equatable, Sendable {
  /// The data file's name.
  public var file: [UInt8]
  public var origin: Origin

  public init(file: [UInt8], origin: Origin) {
    self.file = file
    self.origin = origin
  }

  var fields: Fields {
    var fields = Fields()
    fields.add("file", file)
    fields.add("origin", parts: origin.parts)
    return fields
  }

  init(_ fields: Fields) throws(FormatError) {
    try fields.require(only: ["file", "origin"])
    guard let file = fields.bytes("file"), let origin = fields["origin"] else {
      throw FormatError("a source has no file or no origin", at: 0)
    }
    self.init(file: file, origin: try Origin(origin))
  }
}

/// The bucket or filesystem that rows were listed from, and when: inv-rows(5), "Origins".
public struct Origin: Equatable, Hashable, Sendable {
  /// The prefix that the keys were put under; empty, or ends in a slash.
  public var mount: [UInt8]
  public var bucket: [UInt8]
  /// Seconds since 1970; nil when it is not known.
  public var snapshot: Int64?
  /// The columns that the rows had: what is not among them is not known.
  public var columns: [String]

  public init(mount: [UInt8] = [], bucket: [UInt8], snapshot: Int64?, columns: [String] = []) {
    self.mount = mount
    self.bucket = bucket
    self.snapshot = snapshot
    self.columns = columns
  }

  var parts: [[UInt8]] {
    [
      mount, bucket, [UInt8]((snapshot.flatMap { Timestamp.text($0) } ?? "-").utf8),
      [UInt8](columns.joined(separator: " ").utf8),
    ]
  }

  init(_ parts: [[UInt8]]) throws(FormatError) {
    guard parts.count == 4 else { throw FormatError("an origin has \(parts.count) parts", at: 0) }
    guard parts[0].isEmpty || parts[0].last == 0x2f else {
      throw FormatError("a mount does not end in a slash", at: 0)
    }
    let time = String(decoding: parts[2], as: UTF8.self)
    let snapshot = time == "-" ? nil : try Timestamp.seconds(from: parts[2])
    guard let columns = String(validating: parts[3], as: UTF8.self) else {
      throw FormatError("the columns of an origin are not text", at: 0)
    }
    self.init(
      mount: parts[0], bucket: parts[1], snapshot: snapshot,
      columns: columns.split(separator: " ").map(String.init))
    guard self.parts == parts else {
      throw FormatError("a time or the columns of an origin are not in their one form", at: 0)
    }
  }

  /// Why rows of `self` and of `other` must not be added; nil when they may be.
  public func conflict(with other: Origin) -> String? {
    if mount == other.mount {
      if bucket != other.bucket {
        return "rows of two buckets, \(quoted(bucket)) and \(quoted(other.bucket))"
      }
      if snapshot != other.snapshot {
        func text(_ time: Int64?) -> String { time.flatMap { Timestamp.text($0) } ?? "unknown" }
        return "rows of two snapshots, \(text(snapshot)) and \(text(other.snapshot))"
      }
      if columns != other.columns {
        return "rows with different columns, \(columns.joined(separator: " "))"
          + " and \(other.columns.joined(separator: " "))"
      }
      return nil
    }
    if mount.starts(with: other.mount) || other.mount.starts(with: mount) {
      return "rows under \(quoted(mount)) and under \(quoted(other.mount))"
    }
    return nil
  }
}
