import InvFormat
import InvSort
import InvSystem

/// The folder of the runs between the two halves of the work.
///
/// It lies beside the index. Its file `.build` says what the runs are of, and is locked for as long as
/// an inv-build works with them.
final class Runs: Sendable {
  let path: String
  /// Whether runs of the same inputs are there, whole, so that they need not be made.
  let areThere: Bool
  private let lock: Descriptor
  private static let record = ".build"

  /// Makes the folder, with a name of its own unless the runs are kept, and removes those that a
  /// killed inv-build has left.
  init(for target: Target, _ settings: Settings, record: Fields) throws(Failure) {
    let folder = settings.temporary ?? target.folder
    let base = folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    try Self.removeLeftovers(in: folder, base, of: target)
    guard settings.areRunsKept else {
      path = "\(base).\(target.name).\(String(Machine.randomWord, radix: 16)).runs"
      guard try makeFolder(path) else { throw Failure.system("create", path, 17) }
      areThere = false
      lock = try Self.write(record, in: path)
      return
    }
    path = "\(base)\(target.name).runs"
    if try !makeFolder(path), try !namesInFolder(path).isEmpty {
      let file = "\(path)/\(Self.record)"
      guard try FileStatus.of(file) != nil else {
        throw Failure("\(printable(path)) holds what inv-build has not made", .system)
      }
      let old = try Descriptor.reading(file)
      guard old.lock() else {
        throw Failure("another inv-build is at work in \(printable(path))", .system)
      }
      Self.removeTemporaries(in: path)
      let isSame = try old.contents(limit: 64 << 20) == record.encoded
      if isSame, (try? RunFolder.audit(in: path, tool: "inv-build")) != nil {
        areThere = true
        lock = old
        return
      }
      guard isSame || settings.isForced else {
        throw Failure(
          "\(printable(path)) holds runs of other inputs: give --force to replace them", .system)
      }
      removeFolder(path)
      _ = try makeFolder(path)
    }
    areThere = false
    lock = try Self.write(record, in: path)
  }

  private static func write(_ record: Fields, in path: String) throws(Failure) -> Descriptor {
    let file = try Descriptor.creating("\(path)/\(Self.record)")
    // Before it is locked another inv-build may take it for one that a killed one has left.
    guard file.lock(), try FileStatus.of(file.name) == file.status() else {
      throw Failure("another inv-build has removed \(printable(path)): try again", .again)
    }
    try file.write(record.encoded)
    return file
  }

  private static func removeLeftovers(in folder: String, _ base: String, of target: Target)
    throws(Failure)
  {
    for name in try namesInFolder(folder)
    where name.hasPrefix(".\(target.name).") && name.hasSuffix(".runs") {
      guard let file = try? Descriptor.reading("\(base)\(name)/\(Self.record)"), file.lock()
      else { continue }
      removeFolder(base + name)
    }
  }

  /// What became of the rows of the input.
  func audit() throws(Failure) -> Audit { try RunFolder.audit(in: path, tool: "inv-build") }

  /// Removes the runs.
  func remove() { removeFolder(path) }

  /// Removes what an inv-merge that was killed has left among the runs.
  private static func removeTemporaries(in path: String) {
    for name in (try? namesInFolder(path)) ?? [] where name.hasPrefix("inv-merge-") {
      Temporaries.shared.remove("\(path)/\(name)")
    }
  }

  /// Removes the folder if no runs are in it.
  func removeIfEmpty() {
    Self.removeTemporaries(in: path)
    let names = (try? namesInFolder(path)) ?? []
    if !names.contains(where: { $0.hasSuffix(".rows") && !$0.hasPrefix(".") }) { remove() }
  }
}
