public import InvSystem

/// Where an index is to be, and what is there now.
public struct IndexTarget: Sendable {
  /// Of the folder itself: where a link has been given, of what it leads to.
  public let path: String
  /// The folder that it lies in, and its name there.
  public let folder: String
  public let name: String

  /// `what` says in messages what `output` was given for.
  public init(_ output: String, what: String) throws(Failure) {
    var path = output
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    let last = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    guard !["", ".", ".."].contains(last) else {
      throw .usage("\(what): '\(printable(output))' has no name of its own")
    }
    if let status = try FileStatus.of(path), try FileStatus.ofItself(path) != status {
      path = try resolvedPath(path)
    }
    let slash = path.lastIndex(of: "/")
    name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
    folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    self.path = path
  }

  /// Removes what an inv-mkindex that was killed has left beside it.
  public func removeLeftovers() throws(Failure) {
    try AtomicFolder.removeLeftovers(of: path) { IndexManifest.isFileName($0) }
  }

  /// Whether there is an index that the new one is to take the place of; an error when there is
  /// something that it must not.
  public func isOccupied(isReplacing: Bool) throws(Failure) -> Bool {
    guard let status = try FileStatus.of(path) else { return false }
    guard status.kind == .folder else {
      throw Failure("cannot create \(printable(path)): there is a file of that name", .system)
    }
    let names = try namesInFolder(path)
    // An empty folder gives way to a rename.
    if names.isEmpty { return false }
    guard isReplacing else {
      throw Failure("\(printable(path)) is not empty: give --force to replace an index", .system)
    }
    if let stranger = names.first(where: { !IndexManifest.isFileName($0) }) {
      throw Failure(
        "\(printable(path)) holds \(printable(stranger)), which is of no index: not replaced",
        .system)
    }
    guard try IndexManifest.begins("\(path)/\(IndexManifest.name)") else {
      throw Failure("\(printable(path)) is not empty and holds no index: not replaced", .system)
    }
    return true
  }
}
