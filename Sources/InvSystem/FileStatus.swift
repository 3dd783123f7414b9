import Glibc

/// What stat(2) tells of a file.
public struct FileStatus: Equatable, Sendable {
  public enum Kind: Sendable { case file, folder, pipe, other }

  public let kind: Kind
  public let size: UInt64
  /// Device and inode: two names of the same file agree in both.
  public let device: UInt64
  public let inode: UInt64
  /// How many names it has.
  public let links: UInt64
  /// Whether it belongs to the user that this process acts for: geteuid(2).
  public let isOurs: Bool

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFIFO, S_IFSOCK: kind = .pipe
    default: kind = .other
    }
    size = UInt64(max(0, status.st_size))
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    links = UInt64(status.st_nlink)
    isOurs = status.st_uid == geteuid()
  }

  /// fstatat(2); nil when there is no such file.
  public static func of(_ path: String) throws(Failure) -> FileStatus? { try of(path, flags: 0) }

  /// The same of a link, not of what it leads to.
  public static func ofItself(_ path: String) throws(Failure) -> FileStatus? {
    try of(path, flags: AT_SYMLINK_NOFOLLOW)
  }

  private static func of(_ path: String, flags: Int32) throws(Failure) -> FileStatus? {
    var status = stat()
    guard unsafe fstatat(AT_FDCWD, path, &status, flags) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure.system("read", path)
    }
    return FileStatus(status)
  }
}

/// The names in a folder, sorted by their bytes, without "." and "..".
public func namesInFolder(_ path: String) throws(Failure) -> [String] {
  guard let folder = unsafe opendir(path) else { throw Failure.system("read", path) }
  defer { unsafe _ = closedir(folder) }
  return try unsafe names(in: folder, path)
}

extension Descriptor {
  /// The names in the folder that this is, sorted by their bytes, without "." and "..": fdopendir(3).
  public func names() throws(Failure) -> [String] {
    // The stream takes its descriptor over, and where it stands with it.
    let own = unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0, let folder = unsafe fdopendir(own) else {
      let code = errno
      if own >= 0 { Glibc.close(own) }
      throw Failure.system("read", name, code)
    }
    defer { unsafe _ = closedir(folder) }
    return try unsafe InvSystem.names(in: folder, name)
  }
}

private func names(in folder: OpaquePointer, _ path: String) throws(Failure) -> [String] {
  var names: [String] = []
  while true {
    errno = 0
    guard let entry = unsafe readdir(folder) else { break }
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
      unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  guard errno == 0 else { throw Failure.system("read", path) }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
