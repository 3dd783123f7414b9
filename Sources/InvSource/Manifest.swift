public import InvDigest
import InvText

/// What the manifest of an inventory says.
public struct Manifest: Equatable, Sendable {
  /// How the data files are written, by the name that a file stream gives it.
  public enum Format: String, CaseIterable, Sendable {
    case csv = "s3-csv"
    case orc = "s3-orc"
    case parquet = "s3-parquet"
    case azureCSV = "azure-csv"
    case azureParquet = "azure-parquet"
    case gcsCSV = "gcs-csv"
    case gcsParquet = "gcs-parquet"
  }

  /// Who writes such manifests.
  public enum Author: Sendable {
    /// S3 and those that write theirs like it.
    case s3
    case azure, google

    /// The version that all known manifests have.
    public var usualVersion: String? {
      switch self {
      case .s3: "2016-11-30"
      case .azure: "1.0"
      case .google: nil
      }
    }
  }

  /// A data file as the manifest lists it.
  public struct File: Equatable, Sendable {
    public var key: [UInt8]
    /// Bytes as stored; 0 when that is not said.
    public var size: UInt64
    public var hasSize = true
    /// Of the bytes as stored, where that is said.
    public var md5: MD5.Digest?
  }

  public var author = Author.s3
  /// The bucket that was listed, and the one that holds the list: plain names.
  public var sourceBucket: [UInt8]
  public var destinationBucket: [UInt8]
  public var version: String?
  /// When the list was made, in seconds since 1970.
  ///
  /// The name of the manifest's folder is another time: when the scan began, to the minute.
  public var created: Int64
  public var format: Format
  /// The columns in a grammar that depends on the format; empty where the files show them themselves.
  public var schema: [UInt8]
  public var files: [File]

  /// The keys under which the data file `key` may be stored, likeliest first.
  ///
  /// That is as it is listed; then, because a destination prefix that ends in a slash is listed with
  /// one slash and stored with two, with two before the source bucket; then both percent-decoded.
  public func storedKeys(of key: [UInt8]) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    for key in [key, PercentCoding.decoded(key).bytes] {
      for key in [key, withDoubledSlash(key)] where !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  /// `prefix/bucket/…` as `prefix//bucket/…`.
  private func withDoubledSlash(_ key: [UInt8]) -> [UInt8] {
    let component = [0x2f] + sourceBucket + [0x2f]
    var start = key.count - component.count
    while start > 0 {
      if key[start] == 0x2f, key[start...].starts(with: component) {
        if key[start - 1] == 0x2f { return key }
        return Array(key[...start] + key[start...])
      }
      start -= 1
    }
    return key
  }
}
