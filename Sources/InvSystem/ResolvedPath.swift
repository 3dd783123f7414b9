import Glibc

/// realpath(3): the absolute path of what is there, without links, `.` and `..`.
public func resolvedPath(_ path: String) throws(Failure) -> String {
  guard let found = unsafe realpath(path, nil) else { throw Failure.system("open", path) }
  defer { unsafe free(found) }
  guard let text = unsafe String(validatingCString: found) else {
    throw Failure.data("the absolute path of \(printable(path)) is not UTF-8")
  }
  return text
}
