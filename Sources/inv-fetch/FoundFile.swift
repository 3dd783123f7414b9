import InvAccess
import InvDigest
import InvFormat
import InvNet
import InvSource
import InvSystem

/// A data file that is to be handed on.
struct FoundFile: Sendable {
  enum Place: Sendable {
    /// An absolute path on this machine, where it has the size it should have.
    case path(String)
    /// Where on a server it may be: at least one place.
    case server([RemotePlace])
  }

  let listed: Manifest.File
  /// Which of the manifests lists it, by its place among them.
  let manifest: Int
  let place: Place

  /// What is shown of the place: the likeliest.
  var shown: [UInt8] {
    switch place {
    case .path(let path): Array(path.utf8)
    case .server(let places):
      switch places.first {
      case .object(let bucket, let key): Array("s3://\(bucket)/".utf8) + key
      case .url(let url): Array(url.utf8.prefix { $0 != 0x3f })
      case nil: []
      }
    }
  }

  var isOnServer: Bool {
    if case .server = place { return true }
    return false
  }

  /// All files of `manifests`; those on this machine must be there.
  static func all(of manifests: [ManifestReader.Found]) throws(Failure) -> [FoundFile] {
    var files: [FoundFile] = []
    var local: [DataFile] = []
    for (number, found) in manifests.enumerated() {
      if let remote = found.remote {
        for listed in found.file.manifest.files {
          guard listed.hasSize, listed.md5 != nil else {
            throw .data(
              "\(printable(found.file.path)): files whose sizes and MD5 are not listed cannot be"
                + " fetched from a server")
          }
          files.append(
            FoundFile(
              listed: listed, manifest: number, place: .server(remote.places(of: listed))))
        }
      } else {
        var search = DataFiles(of: found.file, number: number)
        for listed in found.file.manifest.files {
          let file = try search.find(listed)
          local.append(file)
          files.append(FoundFile(listed: file.listed, manifest: number, place: .path(file.path)))
        }
      }
    }
    try DataFiles.refuseRepeated(local, of: manifests.map(\.file))
    try refuseRepeated(files, manifests)
    return files
  }

  /// What is on a server has no number that would tell it from another; its bucket, its key and its bytes
  /// do.
  private static func refuseRepeated(_ files: [FoundFile], _ manifests: [ManifestReader.Found])
    throws(Failure)
  {
    guard files.contains(where: \.isOnServer) else { return }
    var seen: [[UInt8]: FoundFile] = [:]
    for file in files {
      let bucket = manifests[file.manifest].file.manifest.destinationBucket
      let bytes = "\(file.listed.size) \(file.listed.md5?.hex ?? "")/"
      let identity = Array(bytes.utf8) + bucket + [0x2f] + file.listed.key
      if let other = seen.updateValue(file, forKey: identity), other.isOnServer || file.isOnServer {
        let both = [other, file].map { printable(manifests[$0.manifest].file.path) }
        let lists = both[0] == both[1] ? "twice in \(both[0])" : "in \(both[0]) and in \(both[1])"
        throw .data("\(printableName(file.shown)) is listed \(lists)")
      }
    }
  }
}
