import Glibc
import InvBytes
public import InvFormat
public import InvSystem

/// The folder that one set of runs is written into: dot-names until the set is whole.
///
/// A set's lock is made before its first run and goes after its last, and it is held for as long as
/// the set's process lives. Any thread may call any method.
public final class RunFolder: @unchecked Sendable {
  /// What to do with a folder that holds runs already.
  public enum Occupied: Sendable { case refuse, add, replace }

  public let path: String
  public let set: String
  private let occupied: Occupied
  private let monitor = Monitor()
  private var numbers = 0
  private var names: [String] = []
  private let lock: Descriptor
  private let isOurs: Bool
  private var isPublished = false

  /// Makes the folder when there is none, and removes what a set that died has left.
  public init(_ path: String, _ occupied: Occupied) throws(Failure) {
    (self.path, self.occupied) = (path, occupied)
    set = Self.identity()
    isOurs = unsafe mkdir(path, 0o777) == 0
    if isOurs {
      try Temporaries.shared.add(path)
    } else if errno != EEXIST {
      throw Failure.system("create", path)
    } else if try FileStatus.of(path)?.kind != .folder {
      throw Failure.system("create", path, EEXIST)
    }
    lock = try Self.locked(Self.lockPath(path, set))
    do throws(Failure) {
      try Self.removeLeftovers(in: path, except: set)
      try Self.refuse(occupied, path, except: set)
    } catch {
      Temporaries.shared.remove(Self.lockPath(path, set))
      throw error
    }
  }

  deinit {
    if !isPublished {
      for name in names { Temporaries.shared.remove("\(path)/.inv-\(name)") }
    }
    Temporaries.shared.remove(Self.lockPath(path, set))
    if isOurs && !isPublished {
      unsafe _ = rmdir(path)
      Temporaries.shared.forget(path)
    }
  }

  private static func identity() -> String {
    let word = String(Machine.randomWord, radix: 16)
    return String(repeating: "0", count: 16 - word.utf8.count) + word
  }

  private static func lockPath(_ path: String, _ set: String) -> String {
    "\(path)/.inv-\(set).lock"
  }

  /// Makes and locks a set's lock: flock(2).
  private static func locked(_ path: String) throws(Failure) -> Descriptor {
    while true {
      let lock = try Temporaries.shared.create(path)
      _ = flock(lock.number, LOCK_EX)
      // Before it was locked another process may have removed it as a leftover.
      if try FileStatus.of(path) == lock.status() { return lock }
      Temporaries.shared.forget(path)
    }
  }

  /// The sets that have dot-names in a folder.
  private static func hiddenSets(in path: String) throws(Failure) -> Set<String> {
    var sets: Set<String> = []
    for name in try namesInFolder(path) where name.hasPrefix(".inv-") {
      let rest = name.dropFirst(5)
      if rest.hasSuffix(".lock") {
        sets.insert(String(rest.dropLast(5)))
      } else if rest.hasSuffix(".rows"), let end = rest.lastIndex(of: "-") {
        sets.insert(String(rest[..<end]))
      }
    }
    return sets
  }

  /// Removes the dot-names of sets whose process is gone: nobody holds their lock.
  private static func removeLeftovers(in path: String, except own: String) throws(Failure) {
    try removeScratch(in: path)
    for set in try hiddenSets(in: path) where set != own {
      let lockPath = lockPath(path, set)
      if try FileStatus.of(lockPath) != nil {
        guard let lock = try? Descriptor.reading(lockPath),
          flock(lock.number, LOCK_EX | LOCK_NB) == 0
        else { continue }
        try removeRuns(of: set, in: path)
        unsafe _ = unlink(lockPath)
      } else {
        try removeRuns(of: set, in: path)
      }
    }
  }

  /// Removes what a process that died may have left before its file had no name.
  private static func removeScratch(in path: String) throws(Failure) {
    for name in try namesInFolder(path)
    where name.hasPrefix(".inv-") && name.hasSuffix(".scratch") {
      unsafe _ = unlink("\(path)/\(name)")
    }
  }

  private static func removeRuns(of set: String, in path: String) throws(Failure) {
    for name in try namesInFolder(path)
    where name.hasPrefix(".inv-\(set)-") && name.hasSuffix(".rows") {
      unsafe _ = unlink("\(path)/\(name)")
    }
  }

  private static func refuse(_ occupied: Occupied, _ path: String, except own: String)
    throws(Failure)
  {
    if occupied == .add { return }
    if try hiddenSets(in: path).contains(where: { $0 != own }) {
      throw Failure(
        "another inv-agg is writing into \(printable(path)): give --add to add to its runs",
        .system)
    }
    if occupied == .refuse, try namesInFolder(path).contains(where: { !$0.hasPrefix(".") }) {
      throw Failure(
        "\(printable(path)) is not empty: give --add to add to it or --force to replace its runs",
        .system)
    }
  }

  /// The runs that a folder holds, by name; refuses a folder with a set that is not whole yet.
  public static func runs(in path: String) throws(Failure) -> [String] {
    if let set = try hiddenSets(in: path).min() {
      if let lock = try? Descriptor.reading(lockPath(path, set)),
        flock(lock.number, LOCK_SH | LOCK_NB) != 0
      {
        throw Failure.data("an inv-agg is still writing into \(printable(path))")
      }
      throw Failure.data(
        "\(printable(path)) holds the beginning of set \(set), whose inv-agg died:"
          + " run it again with --add, or remove \(printable(path))/.inv-\(set)*")
    }
    let names = try namesInFolder(path).filter { $0.hasSuffix(".rows") && !$0.hasPrefix(".") }
    if names.isEmpty { throw Failure.data("\(printable(path)) holds no runs") }
    return names.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
  }

  /// The account of the runs that a folder holds; refuses those that are no whole sets.
  public static func audit(in path: String, tool: String) throws(Failure) -> Audit {
    var (audit, makers) = (Audit(), Makers())
    let inputs = try MergeInput.read(
      try runs(in: path), tool: tool, temporary: path, &makers)
    for input in inputs {
      guard let ending = try input.open(tool: tool).ending() else { continue }
      do throws(FormatError) { try audit.add(ending.audit) } catch {
        throw Failure.data(error.what)
      }
    }
    return audit
  }

  /// The number of the next run.
  public func nextNumber() -> Int {
    monitor.withLock {
      defer { numbers += 1 }
      return numbers
    }
  }

  /// Makes the file of run `number` under its dot-name.
  public func create(_ number: Int) throws(Failure) -> Descriptor {
    let name = fileName(number)
    let descriptor = try Temporaries.shared.create("\(path)/.inv-\(name)")
    monitor.withLock { names.append(name) }
    return descriptor
  }

  private func fileName(_ number: Int) -> String {
    let digits = String(number)
    return "\(set)-\(String(repeating: "0", count: max(0, 5 - digits.utf8.count)))\(digits).rows"
  }

  /// Gives all runs their names: the set is whole. When one cannot be named, none is.
  public func publish() throws(Failure) {
    try Temporaries.shared.publish { () throws(Failure) in
      if occupied == .replace {
        for name in try namesInFolder(path) where name.hasSuffix(".rows") && !name.hasPrefix(".") {
          if unsafe unlink("\(path)/\(name)") != 0 {
            throw Failure.system("remove", "\(path)/\(name)")
          }
        }
      }
      var renamed: [String] = []
      for name in names {
        let (hidden, shown) = ("\(path)/.inv-\(name)", "\(path)/\(name)")
        guard unsafe rename(hidden, shown) == 0 else {
          let failure = Failure.system("rename", hidden)
          for name in renamed { unsafe _ = rename("\(path)/\(name)", "\(path)/.inv-\(name)") }
          throw failure
        }
        renamed.append(name)
      }
      for name in names { Temporaries.shared.forget("\(path)/.inv-\(name)") }
      Temporaries.shared.forget(path)
      isPublished = true
    }
  }
}
