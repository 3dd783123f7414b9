public import InvSystem

/// Where manifests lie: in files and folders of this machine, or on a server.
public protocol ManifestStore: Sendable {
  /// How often a manifest is read at most, until it is the one that its checksum is of.
  var tries: Int { get }

  /// The bytes of a file; nil when there is none at `path`, or a folder.
  func contents(of path: String, limit: Int) throws(Failure) -> [UInt8]?

  /// The names in a folder, in any order; nil when there is none at `path`.
  func names(in path: String) throws(Failure) -> [String]?

  /// The whole path of the folder that holds file `path`, with a slash at its end.
  func folder(of path: String) throws(Failure) -> String

  /// What to say when there is neither a file nor a folder at `path`.
  func missing(_ path: String) -> Failure
}

/// The files of this machine.
public struct LocalStore: ManifestStore {
  public init() {}

  public var tries: Int { 1 }

  public func contents(of path: String, limit: Int) throws(Failure) -> [UInt8]? {
    guard let status = try FileStatus.of(path), status.kind != .folder else { return nil }
    return try Descriptor.reading(path).contents(limit: limit)
  }

  public func names(in path: String) throws(Failure) -> [String]? {
    guard try FileStatus.of(path) != nil else { return nil }
    return try namesInFolder(path)
  }

  public func folder(of path: String) throws(Failure) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = try resolvedPath(slash.map { String(path[...$0]) } ?? ".")
    return folder.hasSuffix("/") ? folder : folder + "/"
  }

  public func missing(_ path: String) -> Failure { .system("open", path, noSuchFile) }
}

/// ENOENT.
private let noSuchFile: Int32 = 2
