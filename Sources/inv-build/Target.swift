import InvBytes
import InvFormat
import InvSystem
import InvText

/// The index that is to be made, and the one that is there.
struct Target {
  let path: String
  /// The folder that it lies in, and its name there.
  let folder: String
  let name: String

  init(_ output: String) throws(Failure) {
    var path = output[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let slash = path.lastIndex(of: "/")
    name = String(slash.map { path[path.index(after: $0)...] } ?? path)
    guard !["", ".", ".."].contains(name) else {
      throw .usage("--output: '\(printable(output))' has no name of its own")
    }
    folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    self.path = String(path)
  }

  private var manifest: String { path + "/manifest.json" }

  /// What tells one index of this name from the next.
  func identity() throws(Failure) -> FileStatus? { try FileStatus.of(manifest) }

  /// The folders beside it that indexes of its name are made in, by their paths.
  func unfinished() -> Set<String> {
    let base = folder == "/" ? "/" : folder + "/"
    let names = ((try? namesInFolder(folder)) ?? []).filter {
      $0.hasPrefix(".\(name).") && !$0.hasSuffix(".runs")
    }
    return Set(names.map { base + $0 })
  }

  /// Refuses to replace what is there, unless it is an index and that is asked for.
  func refuse(unless isForced: Bool) throws(Failure) {
    guard let status = try FileStatus.of(path) else { return }
    guard status.kind == .folder else {
      throw Failure("cannot create \(printable(path)): there is a file of that name", .system)
    }
    if try namesInFolder(path).isEmpty { return }
    guard isForced else {
      throw Failure("\(printable(path)) is not empty: give --force to replace an index", .system)
    }
    guard try identity() != nil else {
      throw Failure("\(printable(path)) is not empty and holds no index: not replaced", .system)
    }
  }

  /// Whether the index that is there holds each of `origins`, or a newer snapshot of it.
  func holds(_ origins: [Origin]) throws(Failure) -> Bool {
    guard try identity() != nil else { return false }
    let text = try Descriptor.reading(manifest).contents(limit: 64 << 20)
    let document: JSONValue
    do throws(FormatError) { document = try JSON.parse(text, lossless: true) } catch {
      throw .data("\(printable(manifest)): byte \(error.at): \(error.what)")
    }
    guard let held = document["origins"]?.array else {
      throw .data("\(printable(manifest)) does not say of what the index is")
    }
    return origins.allSatisfy { origin in
      held.contains { entry in
        guard let time = entry["snapshot"]?.bytes, let wanted = origin.snapshot,
          let seconds = try? Timestamp.seconds(from: time)
        else { return false }
        return entry["mount"]?.bytes == origin.mount && entry["name"]?.bytes == origin.bucket
          && seconds >= wanted
      }
    }
  }
}
