import Glibc

/// A file that appears under its name whole or not at all; unless committed it is gone when this is.
///
/// What is there and is no regular file, such as `/dev/null` or a named pipe, is written to as it is.
public struct AtomicFile: ~Copyable {
  public let path: String
  private let hidden: String
  private var isCommitted = false
  private let isReplaced: Bool

  /// Chooses a name beside `path`; nothing is made yet.
  public init(_ path: String) throws(Failure) {
    self.path = path
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { path[...$0] } ?? ""
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    hidden = "\(folder).\(name).\(String(Machine.randomWord, radix: 16))"
    switch try FileStatus.of(path)?.kind {
    case .file, nil: isReplaced = true
    case .pipe, .other: isReplaced = false
    case .folder: throw Failure.system("create", path, EISDIR)
    }
  }

  /// open(2) with O_EXCL under the hidden name.
  public func create() throws(Failure) -> Descriptor {
    isReplaced ? try Temporaries.shared.create(hidden) : try Descriptor.writing(path)
  }

  /// rename(2) to the name it is meant for.
  public consuming func commit() throws(Failure) {
    if isReplaced {
      try Temporaries.shared.publish { () throws(Failure) in
        guard unsafe rename(hidden, path) == 0 else { throw Failure.system("create", path) }
        Temporaries.shared.forget(hidden)
      }
    }
    isCommitted = true
  }

  deinit {
    if !isCommitted && isReplaced { Temporaries.shared.remove(hidden) }
  }
}
