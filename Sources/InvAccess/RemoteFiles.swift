public import InvNet
public import InvSource
public import InvSystem
import InvText

/// Where the data files of one manifest on a server may lie.
public struct RemoteFiles: Sendable {
  private let manifest: Manifest
  /// The manifest's folder.
  private let folder: Folder

  private enum Folder: Sendable {
    /// Its key is empty or ends in a slash.
    case object(bucket: String, key: [UInt8])
    /// The URL ends in a slash.
    case url(String, query: String)
  }

  public init(of file: ManifestFile, in store: RemoteStore) throws(Failure) {
    manifest = file.manifest
    switch try store.place(of: file.folder) {
    case .object(let bucket, let key): folder = .object(bucket: bucket, key: key)
    case .url: folder = .url(file.folder, query: store.query)
    }
  }

  /// The places of the file, likeliest first; the first that is there is to be taken.
  ///
  /// In S3, that is under its key in the bucket where the manifest is, which may be a copy; then by its
  /// name in `data` beside the manifest's folder; then under its key in the bucket that the manifest
  /// names. On a server of HTTP it is looked for as on this machine.
  public func places(of file: Manifest.File) -> [RemotePlace] {
    var places: [RemotePlace] = []
    func add(_ place: RemotePlace?) {
      if let place, !places.contains(place) { places.append(place) }
    }
    let keys = manifest.storedKeys(of: file.key)
    switch folder {
    case .object(let bucket, let key):
      let bucket = Array(bucket.utf8)
      for key in keys { add(.object(in: bucket, key)) }
      if let outer = Self.outer(key) {
        for name in Self.names(keys) { add(.object(in: bucket, outer + "data/".utf8 + name)) }
      }
      for key in keys { add(.object(in: manifest.destinationBucket, key)) }
    case .url(let url, let query):
      let folders = Self.folders(of: url)
      func look(in folder: String, _ key: [UInt8]) {
        let path = String(decoding: PercentCoding.encoded(key), as: UTF8.self)
        add(RemotePlace.url(folder + path + query))
      }
      for folder in folders {
        for key in keys where Self.isBelow(key) { look(in: folder, key) }
      }
      for folder in [folders.dropFirst().first.map { $0 + "data/" }, folders.first] {
        for name in Self.names(keys) { if let folder { look(in: folder, name) } }
      }
    }
    return places
  }

  /// The folder that holds the folder `key`, nil where that is the bucket.
  private static func outer(_ key: [UInt8]) -> [UInt8]? {
    key.isEmpty ? nil : Array(key[..<((key.dropLast().lastIndex(of: 0x2f) ?? -1) + 1)])
  }

  /// The folder `url` and those that hold it, up to that of the host.
  private static func folders(of url: String) -> [String] {
    guard let host = url.firstRange(of: "://")?.upperBound else { return [] }
    var folders = [url]
    var rest = url[host...].dropLast()
    while let slash = rest.lastIndex(of: "/") {
      folders.append(String(url[...slash]))
      rest = rest[..<slash]
    }
    return folders
  }

  /// What may stand behind a folder and not lead out of it.
  private static func isBelow(_ key: [UInt8]) -> Bool {
    key.split(separator: 0x2f, omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
    }
  }

  /// The names at the end of `keys`.
  private static func names(_ keys: [[UInt8]]) -> [[UInt8]] {
    var names: [[UInt8]] = []
    for key in keys {
      let name = key.lastIndex(of: 0x2f).map { Array(key[($0 + 1)...]) } ?? key
      if isBelow(name) && !names.contains(name) { names.append(name) }
    }
    return names
  }
}
