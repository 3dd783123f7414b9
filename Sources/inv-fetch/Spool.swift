import InvFormat
import InvSystem

/// The folder where files lie until their reader has removed them: private, and gone with its process.
final class Spool: Sendable {
  let path: String
  /// How many bytes may lie there at once.
  let limit: UInt64
  private let lock: Descriptor

  /// Of files in a spool there are no more at once: a folder of more is slow to look through.
  static let most = 256

  /// Makes the folder in `folder` and removes those that processes which died have left there.
  init(in folder: String, limit: UInt64?) throws(Failure) {
    let folder = try resolvedPath(folder)
    Self.removeLeftovers(in: folder)
    try Temporaries.shared.watch()
    while true {
      let word = String(Machine.randomWord, radix: 16)
      let path = Self.path(FileEntry.spoolName(word), in: folder)
      // No signal comes between the making of the folder and the note of it.
      let isMade = try Temporaries.shared.publish { () throws(Failure) in
        guard try makeFolder(path, isPrivate: true) else { return false }
        try Temporaries.shared.add(path)
        return true
      }
      guard isMade else { continue }
      // Before it is locked another process may take it for one that is left over.
      if let lock = try? Descriptor.reading(path), lock.lock(),
        try FileStatus.ofItself(path)?.inode == lock.status().inode
      {
        self.path = path
        if let limit { self.limit = limit } else { self.limit = try Self.usualLimit(in: folder) }
        self.lock = lock
        return
      }
      Temporaries.shared.forget(path)
    }
  }

  /// Enough to keep every part of the pipe busy, if half of what is free is as much.
  private static func usualLimit(in folder: String) throws(Failure) -> UInt64 {
    min(8 << 30, try freeBytes(in: folder) / 2)
  }

  static func path(_ name: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// Where file `number` is to lie.
  func path(_ number: Int) -> String { "\(path)/\(number)" }

  /// Removes the folder and what is in it.
  func remove() {
    removeFolder(path)
    Temporaries.shared.forget(path)
  }

  private static func removeLeftovers(in folder: String) {
    for name in (try? namesInFolder(folder)) ?? [] {
      let leftover = path(name, in: folder)
      guard FileEntry.mayBeOwned("\(leftover)/0"),
        let status = try? FileStatus.ofItself(leftover), status.kind == .folder, status.isOurs,
        let lock = try? Descriptor.reading(leftover), lock.lock()
      else { continue }
      removeFolder(leftover)
    }
  }
}
