public import InvSystem
import InvText

/// A data file of a manifest that has been found and has the size it should have.
public struct DataFile: Sendable {
  public let listed: Manifest.File
  /// Which of the manifests lists it, by its place among them.
  public let manifest: Int
  /// An absolute path.
  public let path: String
  let status: FileStatus
}

/// Finds the data files of one manifest near it.
///
/// Each is looked for by its whole key below the folders that hold the manifest, nearest first, then
/// by its name in the folder `data` beside the manifest's own, then beside the manifest.
public struct DataFiles: ~Copyable {
  private let file: ManifestFile
  private let number: Int
  /// The manifest's folder and those that hold it, nearest first, each with a slash at its end.
  private let folders: [String]
  // Whether a folder is there: most files of a manifest share one.
  private var known: [String: Bool] = [:]

  /// `number` is the place of the manifest among all.
  public init(of file: ManifestFile, number: Int) {
    self.file = file
    self.number = number
    var folders = [file.folder]
    while let folder = folders.last, folder.utf8.count > 1 {
      guard let slash = folder.dropLast().lastIndex(of: "/") else { break }
      folders.append(String(folder[...slash]))
    }
    self.folders = folders
  }

  /// Where `listed` lies.
  public mutating func find(_ listed: Manifest.File) throws(Failure) -> DataFile {
    let keys = localKeys(listed.key)
    let whole = keys.filter(Self.isBelow)
    for folder in folders {
      for key in whole {
        if let found = try check(listed, folder + key) { return found }
      }
    }
    let names = Set(keys.map(Self.name)).subtracting(["", ".", ".."]).sorted()
    let last = [folders.dropFirst().first.map { $0 + "data/" }, file.folder]
    for folder in last.compactMap(\.self) {
      for name in names {
        if let found = try check(listed, folder + name) { return found }
      }
    }
    throw missing(listed, isWhole: !whole.isEmpty)
  }

  /// The stored keys as parts of paths: a path has no empty components, so slashes are single.
  private func localKeys(_ key: [UInt8]) -> [String] {
    var keys: [String] = []
    for stored in file.manifest.storedKeys(of: key) {
      var bytes: [UInt8] = []
      for byte in stored where byte != 0x2f || bytes.last != 0x2f { bytes.append(byte) }
      guard !bytes.contains(0), let key = String(validating: bytes, as: UTF8.self) else { continue }
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  /// Whether `key` joined to a folder stays below it.
  private static func isBelow(_ key: String) -> Bool {
    key.utf8.first != 0x2f
      && key.utf8.split(separator: 0x2f, omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
      }
  }

  private static func name(_ key: String) -> String {
    key.lastIndex(of: "/").map { String(key[key.index(after: $0)...]) } ?? key
  }

  /// The file at `path` if there is one; an error if it is another than the one listed.
  private mutating func check(_ listed: Manifest.File, _ path: String) throws(Failure) -> DataFile?
  {
    guard let slash = path.utf8.lastIndex(of: 0x2f) else { return nil }
    let folder = String(path[...slash])
    let isThere: Bool
    if let answer = known[folder] {
      isThere = answer
    } else {
      isThere = try FileStatus.of(folder) != nil
      if known.count == 4096 { known.removeAll() }
      known[folder] = isThere
    }
    guard isThere, let status = try FileStatus.of(path) else { return nil }
    guard status.kind == .file else { throw .data("\(printable(path)) is not a file") }
    guard status.size == listed.size || !listed.hasSize else {
      throw .data(
        "\(printable(path)) has \(status.size) bytes; \(printable(file.path)) says \(listed.size)")
    }
    var listed = listed
    listed.size = status.size
    return DataFile(listed: listed, manifest: number, path: path, status: status)
  }

  private func missing(_ listed: Manifest.File, isWhole: Bool) -> Failure {
    let key = String(decoding: TextEscape.escaped(listed.key), as: UTF8.self)
    var places = isWhole ? folders.prefix(4).map { "below \(printable($0))" } : []
    if isWhole && folders.count > 4 { places.append("below \(folders.count - 4) more") }
    places += ["in ../data/", "beside the manifest"]
    return .data(
      "\(printable(file.path)): data file '\(key)' is not there; looked for "
        + places.joined(separator: ", "))
  }

  /// An error when the same file is among `files` twice, whatever it is called.
  public static func refuseRepeated(_ files: [DataFile], of manifests: [ManifestFile])
    throws(Failure)
  {
    func isSame(_ one: FileStatus, _ other: FileStatus) -> Bool {
      one.inode == other.inode && one.device == other.device
    }
    let order = files.indices.sorted { one, other in
      let (a, b) = (files[one].status, files[other].status)
      return (a.inode, a.device, one) < (b.inode, b.device, other)
    }
    for (one, other) in zip(order, order.dropFirst())
    where isSame(files[one].status, files[other].status) {
      let paths = [files[one], files[other]].map { printable(manifests[$0.manifest].path) }
      let both = paths[0] == paths[1] ? "twice in \(paths[0])" : "in \(paths[0]) and in \(paths[1])"
      throw .data("\(printable(files[other].path)) is listed \(both)")
    }
  }
}
