import CLinux
import Glibc

/// RENAME_EXCHANGE of linux/fs.h.
private let renameExchange: UInt32 = 2

/// A folder of files that appears under its name whole or not at all; unless committed it is gone
/// when this is.
///
/// Its files are made in a hidden folder beside it, which is locked for as long as its process lives.
public struct AtomicFolder: ~Copyable {
  public let path: String
  /// Tells by its name a file that may be removed.
  private let isOurs: @Sendable (String) -> Bool
  /// Where the files are to be made.
  public let hidden: String
  private let lock: Descriptor
  private let isReplacing: Bool
  private var isCommitted = false

  /// Makes the hidden folder; `isReplacing` says that there is a folder at `path` that has to go, and
  /// `isOurs` which files in it go with it.
  public init(
    _ path: String, isReplacing: Bool, isOurs: @escaping @Sendable (String) -> Bool
  ) throws(Failure) {
    self.path = path
    self.isReplacing = isReplacing
    self.isOurs = isOurs
    while true {
      let hidden = try Self.makeHidden(for: path)
      // Before it is locked another process may remove it as a leftover.
      if let lock = try? Descriptor.reading(hidden), flock(lock.number, LOCK_EX | LOCK_NB) == 0,
        try FileStatus.of(hidden) == lock.status()
      {
        self.hidden = hidden
        self.lock = lock
        return
      }
      Temporaries.shared.forget(hidden)
    }
  }

  private static func makeHidden(for path: String) throws(Failure) -> String {
    let digits = String(Machine.randomWord, radix: 16)
    let zeros = String(repeating: "0", count: 16 - digits.utf8.count)
    let hidden = hiddenPrefix(of: path) + zeros + digits
    guard unsafe mkdir(hidden, 0o777) == 0 else { throw Failure.system("create", path) }
    try Temporaries.shared.add(hidden)
    return hidden
  }

  /// What the names of hidden folders for `path` begin with; sixteen digits follow.
  private static func hiddenPrefix(of path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    return "\(slash.map { path[...$0] } ?? "").\(name)."
  }

  /// Removes what processes that died have left of folders that were to be at `path`, and gives back
  /// its name to what was to be replaced: nobody holds their locks. Files that `isOurs` does not know by
  /// name stay.
  public static func removeLeftovers(of path: String, isOurs: (String) -> Bool) throws(Failure) {
    let prefix = hiddenPrefix(of: path)
    let folder = parent(of: path)
    // Where there is no such folder, making one in it will say so.
    guard try FileStatus.of(folder)?.kind == .folder else { return }
    let start = prefix.lastIndex(of: "/").map { prefix.index(after: $0) } ?? prefix.startIndex
    let names = prefix[start...]
    // What was put aside comes behind what was to take its place.
    for name in try namesInFolder(folder).reversed() where name.hasPrefix(names) {
      let rest = name.dropFirst(names.count)
      let isAside = rest.hasSuffix(asideSuffix)
      let digits = isAside ? rest.dropLast(asideSuffix.count) : rest
      guard digits.utf8.count == 16, digits.allSatisfy(\.isHexDigit) else { continue }
      let leftover = prefix + rest
      guard try FileStatus.ofItself(leftover)?.kind == .folder,
        let lock = try? Descriptor.reading(leftover),
        flock(lock.number, LOCK_EX | LOCK_NB) == 0
      else { continue }
      // Killed between the two renames of a replacement.
      if isAside, try FileStatus.of(path) == nil, unsafe rename(leftover, path) == 0 { continue }
      remove(leftover, isOurs)
    }
  }

  /// Waits until the names are on the medium, and renames: renameat2(2).
  ///
  /// Where files that are not ours are left of a folder that was replaced, its path is answered.
  public consuming func commit() throws(Failure) -> String? {
    try Self.sync(hidden)
    let parent = try Descriptor.reading(Self.parent(of: path))
    let (path, hidden, isReplacing, isOurs) = (path, hidden, isReplacing, isOurs)
    try Temporaries.shared.publish { () throws(Failure) in
      if isReplacing {
        try Self.exchange(hidden, path)
      } else if unsafe rename(hidden, path) != 0 {
        throw Failure.system("create", path)
      }
      Temporaries.shared.forget(in: hidden)
    }
    isCommitted = true
    var rest: String?
    if isReplacing, !Self.remove(hidden, isOurs) { rest = hidden }
    try parent.sync()
    return rest
  }

  deinit {
    if !isCommitted {
      Self.remove(hidden, isOurs)
      Temporaries.shared.forget(in: hidden)
    }
  }

  /// Lets two folders change their names; where the file system cannot do it at once, one after the
  /// other, undone on failure.
  private static func exchange(_ new: String, _ old: String) throws(Failure) {
    if unsafe renameat2(AT_FDCWD, new, AT_FDCWD, old, renameExchange) == 0 { return }
    guard errno == EINVAL || errno == ENOSYS else { throw Failure.system("replace", old) }
    let aside = new + asideSuffix
    guard unsafe rename(old, aside) == 0 else { throw Failure.system("replace", old) }
    guard unsafe rename(new, old) == 0 else {
      let code = errno
      unsafe _ = rename(aside, old)
      throw Failure.system("replace", old, code)
    }
    unsafe _ = rename(aside, new)
  }

  /// What the name of the folder ends in that has to make room for a moment.
  private static let asideSuffix = ".old"

  /// Removes a folder, if it is one and no link, and files in it; false when something is left.
  @discardableResult
  private static func remove(_ folder: String, _ isOurs: (String) -> Bool) -> Bool {
    guard (try? FileStatus.ofItself(folder))?.kind == .folder else { return true }
    for name in (try? namesInFolder(folder)) ?? [] where isOurs(name) {
      unsafe _ = unlink("\(folder)/\(name)")
    }
    return unsafe rmdir(folder) == 0
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(_ folder: String) throws(Failure) {
    try Descriptor.reading(folder).sync()
  }
}
