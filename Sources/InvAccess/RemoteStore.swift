public import InvNet
public import InvSource
public import InvSystem

/// What lies below one operand on a server.
///
/// A path in it is the operand, or begins like it: `s3://BUCKET/KEY`, the key as it is, or
/// `https://HOST/PATH`, without the query of the operand, which goes with every request.
public struct RemoteStore: ManifestStore {
  let remote: Remote
  /// The operand without its query.
  public let path: String
  /// From the question mark on; empty where there is none, as always in S3.
  public let query: String

  public var tries: Int { 3 }

  public init(_ operand: String, _ remote: Remote) throws(Failure) {
    self.remote = remote
    let isHTTP = Scheme.of(operand) != .s3
    path = isHTTP ? String(operand.prefix { $0 != "?" }) : operand
    query = String(operand.dropFirst(path.count))
    _ = try place(of: path)
  }

  /// What a path of this store stands for.
  func place(of path: String) throws(Failure) -> RemotePlace {
    guard Scheme.of(path) == .s3 else {
      guard URLParts(path + query) != nil else {
        throw .usage(
          "\(printable(path)) is not a URL that can be read: percent-encoded,"
            + " without a user's name and fragment")
      }
      return .url(path + query)
    }
    let rest = path.dropFirst("s3://".count)
    let bucket = rest.prefix { $0 != "/" }
    guard let object = RemotePlace.object(in: Array(bucket.utf8), rest.dropFirst(bucket.count + 1))
    else { throw .usage("\(printable(path)): '\(printable(String(bucket)))' is no bucket's name") }
    return object
  }

  public func contents(of path: String, limit: Int) throws(Failure) -> [UInt8]? {
    if path.hasSuffix("/") || Self.isBucket(path) { return nil }
    return try remote.contents(of: try place(of: path), limit: limit)
  }

  public func names(in path: String) throws(Failure) -> [String]? {
    guard case .object(let bucket, let key) = try place(of: path) else {
      // What the server says of a name that is no folder's says more.
      guard path.hasSuffix("/") else { return nil }
      throw .usage(
        "\(printable(path)) leads to no manifest; a folder on a server of HTTP tells no names:"
          + " name the manifest.json")
    }
    let prefix = key.isEmpty || key.last == 0x2f ? key : key + [0x2f]
    let names = try remote.names(in: bucket, below: prefix)
    if names.isEmpty { return nil }
    return names.compactMap { name in
      String(validating: name.last == 0x2f ? name.dropLast() : name[...], as: UTF8.self)
    }
  }

  public func folder(of path: String) throws(Failure) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? path
  }

  public func missing(_ path: String) -> Failure {
    let nothing = Failure.data("\(printable(path)): there is nothing of that name")
    guard !path.hasSuffix("/") && !Self.isBucket(path) else { return nothing }
    // What the server says of it, with its own words.
    do throws(Failure) {
      _ = try remote.perform(RemoteRequest(try place(of: path)), limit: 1 << 20)
      return nothing
    } catch {
      return error
    }
  }

  /// Whether `path` is that of a bucket, without a slash behind its name.
  private static func isBucket(_ path: String) -> Bool {
    Scheme.of(path) == .s3 && !path.dropFirst("s3://".count).contains("/")
  }
}

/// The schemes of servers.
enum Scheme: String {
  case s3, http, https

  /// nil for what lies on this machine.
  static func of(_ operand: String) -> Scheme? {
    operand.firstRange(of: "://").flatMap {
      Scheme(rawValue: operand[..<$0.lowerBound].lowercased())
    }
  }
}

/// Whether an operand names something on a server.
public func isRemote(_ operand: String) -> Bool { Scheme.of(operand) != nil }

extension RemotePlace {
  /// nil where no bucket can have that name: what it has in it must not lead a request elsewhere.
  static func object(in bucket: [UInt8], _ key: some StringProtocol) -> RemotePlace? {
    object(in: bucket, Array(key.utf8))
  }

  public static func object(in bucket: [UInt8], _ key: [UInt8]) -> RemotePlace? {
    let isFit = bucket.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
      default: false
      }
    }
    guard isFit, bucket.count <= 255, let first = bucket.first, first != 0x2e else { return nil }
    return .object(bucket: String(decoding: bucket, as: UTF8.self), key: key)
  }
}
