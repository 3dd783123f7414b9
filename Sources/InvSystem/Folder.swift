import Glibc

/// mkdir(2); false when something of that name is there. What is private is for its owner alone.
public func makeFolder(_ path: String, isPrivate: Bool = false) throws(Failure) -> Bool {
  if unsafe mkdir(path, isPrivate ? 0o700 : 0o777) == 0 { return true }
  guard errno == EEXIST else { throw Failure.system("create", path) }
  return false
}

/// rename(2), which replaces what is there.
public func renameFile(_ path: String, to other: String) throws(Failure) {
  guard unsafe rename(path, other) == 0 else { throw Failure.system("create", other) }
}

/// How many bytes there is room for in a folder: statvfs(3).
public func freeBytes(in folder: String) throws(Failure) -> UInt64 {
  var status = statvfs()
  guard unsafe statvfs(folder, &status) == 0 else { throw Failure.system("read", folder) }
  return UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    .partialValue
}

/// unlink(2); nothing happens when there is no such file.
public func removeFile(_ path: String) throws(Failure) {
  guard unsafe unlink(path) == 0 || errno == ENOENT else { throw Failure.system("remove", path) }
}

/// Removes a folder and the files in it; what cannot be removed stays.
public func removeFolder(_ path: String) {
  for name in (try? namesInFolder(path)) ?? [] { unsafe _ = unlink("\(path)/\(name)") }
  unsafe _ = rmdir(path)
}

extension Descriptor {
  /// flock(2): false when another process holds the lock; it is held until the file is closed.
  public func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }
}

/// sleep(3) for a part of a second.
public func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
