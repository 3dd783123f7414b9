import Glibc

/// A file that appears under its name whole or not at all; unless committed it is gone when this is.
public struct AtomicFile: ~Copyable {
  public let path: String
  private let hidden: String
  private var isCommitted = false

  /// Chooses a name beside `path`; nothing is made yet.
  public init(_ path: String) {
    self.path = path
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { path[...$0] } ?? ""
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    hidden = "\(folder).\(name).\(String(Machine.randomWord, radix: 16))"
  }

  /// open(2) with O_EXCL under the hidden name.
  public func create() throws(Failure) -> Descriptor {
    try Temporaries.shared.add(hidden)
    return try Descriptor.creating(hidden)
  }

  /// rename(2) to the name it is meant for.
  public consuming func commit() throws(Failure) {
    try Temporaries.shared.publish { () throws(Failure) in
      guard unsafe rename(hidden, path) == 0 else { throw Failure.system("create", path) }
      Temporaries.shared.forget(hidden)
    }
    isCommitted = true
  }

  deinit {
    if !isCommitted {
      unsafe _ = unlink(hidden)
      Temporaries.shared.forget(hidden)
    }
  }
}
