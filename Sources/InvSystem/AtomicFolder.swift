import CLinux
import Glibc

/// RENAME_EXCHANGE of linux/fs.h.
private let renameExchange: UInt32 = 2

/// A folder of files that appears under its name whole or not at all; unless committed it is gone
/// when this is.
public struct AtomicFolder: ~Copyable {
  public let path: String
  /// Where the files are to be made: a folder beside `path`.
  public let hidden: String
  private let isReplacing: Bool
  private var isCommitted = false

  /// Makes the hidden folder; `isReplacing` says that there is a folder at `path` that has to go.
  public init(_ path: String, isReplacing: Bool) throws(Failure) {
    self.path = path
    self.isReplacing = isReplacing
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { path[...$0] } ?? ""
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    hidden = "\(folder).\(name).\(String(Machine.randomWord, radix: 16))"
    guard unsafe mkdir(hidden, 0o777) == 0 else { throw Failure.system("create", path) }
    try Temporaries.shared.add(hidden)
  }

  /// Waits until the names are on the medium, and renames: renameat2(2).
  public consuming func commit() throws(Failure) {
    try Self.sync(hidden)
    let (path, hidden, isReplacing) = (path, hidden, isReplacing)
    try Temporaries.shared.publish { () throws(Failure) in
      if isReplacing {
        try Self.exchange(hidden, path)
      } else if unsafe rename(hidden, path) != 0 {
        throw Failure.system("create", path)
      }
      Temporaries.shared.forget(in: hidden)
    }
    isCommitted = true
    try Self.sync(Self.parent(of: path))
    if isReplacing { Self.remove(hidden) }
  }

  deinit {
    if !isCommitted {
      Self.remove(hidden)
      Temporaries.shared.forget(in: hidden)
    }
  }

  /// Lets two folders change their names; where the file system cannot do it at once, one after the
  /// other, undone on failure.
  private static func exchange(_ new: String, _ old: String) throws(Failure) {
    if unsafe renameat2(AT_FDCWD, new, AT_FDCWD, old, renameExchange) == 0 { return }
    guard errno == EINVAL || errno == ENOSYS else { throw Failure.system("replace", old) }
    let aside = new + ".old"
    guard unsafe rename(old, aside) == 0 else { throw Failure.system("replace", old) }
    guard unsafe rename(new, old) == 0 else {
      let code = errno
      unsafe _ = rename(aside, old)
      throw Failure.system("replace", old, code)
    }
    unsafe _ = rename(aside, new)
  }

  /// Removes a folder and the files in it; what cannot be removed stays.
  private static func remove(_ folder: String) {
    for name in (try? namesInFolder(folder)) ?? [] { unsafe _ = unlink("\(folder)/\(name)") }
    unsafe _ = rmdir(folder)
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(_ folder: String) throws(Failure) {
    try Descriptor.reading(folder).sync()
  }
}
