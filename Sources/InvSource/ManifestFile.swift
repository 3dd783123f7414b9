import InvDigest
import InvBytes
public import InvSystem

/// A manifest that has been read from where it lies.
public struct ManifestFile: Sendable {
  /// As it is called in messages.
  public let path: String
  /// The whole path of its folder, with a slash at the end.
  public let folder: String
  public let manifest: Manifest
  /// Whether there was a checksum beside it, which it then has.
  public let isVerified: Bool

  /// Finds and reads the manifest that `place` leads to in `store`: itself, or a folder that holds it, or
  /// the folder of an inventory configuration, with the newest complete snapshot or the one asked for.
  ///
  /// What has been passed over is told to `note`.
  public init(
    at place: String, in store: some ManifestStore = LocalStore(), snapshot: String?,
    note: (String) -> Void
  ) throws(Failure) {
    let found = try Self.find(place, store, snapshot: snapshot, note: note)
    guard found.checksum != .differs else {
      throw .data("\(printable(found.path)) does not match \(found.checksumName) beside it")
    }
    path = found.path
    isVerified = found.checksum == .matches
    folder = try store.folder(of: found.path)
    do throws(FormatError) {
      manifest = try Manifest(parsing: found.bytes)
    } catch {
      throw .data("\(printable(path)): byte \(error.at): \(error.what)")
    }
  }
}

extension ManifestFile {
  private static func find(
    _ place: String, _ store: some ManifestStore, snapshot: String?, note: (String) -> Void
  ) throws(Failure) -> ManifestBytes {
    for path in [place, place.below("manifest.json")] {
      guard let found = try ManifestBytes(path: path, in: store) else { continue }
      if snapshot != nil {
        throw .usage(
          "--snapshot chooses among those of a configuration; \(printable(place)) is one of them")
      }
      return found
    }
    let folder = try ConfigurationFolder(place, in: store)
    if let snapshot { return try folder.manifest(of: snapshot) }
    return try folder.newestComplete(note: note)
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

  /// nil when there is no file at `path`.
  init?(path: String, in store: some ManifestStore) throws(Failure) {
    self.path = path
    let beside = Self.checksumPath(path)
    var tries = store.tries
    while true {
      guard let bytes = try store.contents(of: path, limit: Manifest.lengthLimit) else {
        return nil
      }
      let text = try store.contents(of: beside, limit: 4096)
      let found = try text.map { text throws(Failure) in try Self.compare(text, with: bytes) }
      tries -= 1
      // On its way from a server something may have been changed.
      if found == .differs && tries > 0 { continue }
      (self.bytes, checksum) = (bytes, found ?? .absent)
      return
    }
  }

  private static func compare(_ text: [UInt8], with bytes: [UInt8]) throws(Failure) -> Checksum {
    let isSpace = { (byte: UInt8) in byte == 0x20 || 0x09...0x0d ~= byte }
    let digits = text.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return MD5.Digest(hex: Array(digits)) == (try MD5.of(bytes)) ? .matches : .differs
  }
}

extension String {
  /// The path of `name` in this folder.
  func below(_ name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }
}
