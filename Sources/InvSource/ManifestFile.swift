import InvDigest
import InvBytes
public import InvSystem

/// A manifest that has been read from where it lies.
public struct ManifestFile: Sendable {
  /// As it is called in messages.
  public let path: String
  /// The absolute path of its folder, with a slash at the end.
  public let folder: String
  public let manifest: Manifest
  /// Whether there was a checksum beside it, which it then has.
  public let isVerified: Bool

  /// Finds and reads the manifest that `place` leads to: itself, or a folder that holds it, or the
  /// folder of an inventory configuration, with the newest complete snapshot or the one asked for.
  ///
  /// What has been passed over is told to `note`.
  public init(at place: String, snapshot: String?, note: (String) -> Void) throws(Failure) {
    guard let status = try FileStatus.of(place) else {
      throw Failure.system("open", place, noSuchFile)
    }
    let found: ManifestBytes
    if status.kind != .folder {
      found = try ManifestBytes(path: place)
    } else if try FileStatus.of(place.below("manifest.json")) != nil {
      found = try ManifestBytes(path: place.below("manifest.json"))
    } else {
      let folder = try ConfigurationFolder(place)
      if let snapshot {
        let name = try folder.snapshot(snapshot)
        found = try ManifestBytes(path: place.below(name).below("manifest.json"))
      } else {
        found = try folder.newestComplete(note: note)
      }
      try self.init(found)
      return
    }
    if snapshot != nil {
      throw .usage(
        "--snapshot chooses among those of a configuration; \(printable(place)) is one of them")
    }
    try self.init(found)
  }

  private init(_ found: ManifestBytes) throws(Failure) {
    guard found.checksum != .differs else {
      throw .data("\(printable(found.path)) does not match \(found.checksumName) beside it")
    }
    path = found.path
    isVerified = found.checksum == .matches
    let slash = found.path.lastIndex(of: "/")
    let folder = try resolvedPath(slash.map { String(found.path[...$0]) } ?? ".")
    self.folder = folder.hasSuffix("/") ? folder : folder + "/"
    do throws(FormatError) {
      manifest = try Manifest(parsing: found.bytes)
    } catch {
      throw .data("\(printable(path)): byte \(error.at): \(error.what)")
    }
  }
}

/// The bytes of a manifest, compared with the checksum beside it.
struct ManifestBytes {
  enum Checksum { case matches, differs, absent }

  let path: String
  let bytes: [UInt8]
  let checksum: Checksum

  /// manifest.checksum for manifest.json.
  var checksumName: String {
    Self.checksumPath(path).split(separator: "/").last.map(String.init) ?? ""
  }

  private static func checksumPath(_ path: String) -> String {
    (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".checksum"
  }

  init(path: String) throws(Failure) {
    self.path = path
    bytes = try Descriptor.reading(path).contents(limit: Manifest.lengthLimit)
    let beside = Self.checksumPath(path)
    guard try FileStatus.of(beside) != nil else {
      checksum = .absent
      return
    }
    let text = try Descriptor.reading(beside).contents(limit: 4096)
    let isSpace = { (byte: UInt8) in byte == 0x20 || 0x09...0x0d ~= byte }
    let digits = text.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    checksum = MD5.Digest(hex: Array(digits)) == (try MD5.of(bytes)) ? .matches : .differs
  }
}

/// ENOENT.
private let noSuchFile: Int32 = 2

extension String {
  /// The path of `name` in this folder.
  func below(_ name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }
}
