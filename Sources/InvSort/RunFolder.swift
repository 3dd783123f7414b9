import Glibc
import InvFormat
public import InvSystem

/// The folder that one set of runs is written into: dot-names until the set is whole.
///
/// Any thread may call any method.
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
  private let lockPath: String

  /// Makes the folder when there is none, and removes what a set that died has left.
  public init(_ path: String, _ occupied: Occupied) throws(Failure) {
    self.path = path
    self.occupied = occupied
    set = Self.identity()
    if unsafe mkdir(path, 0o777) != 0 && errno != EEXIST { throw Failure.system("create", path) }
    try Self.removeLeftovers(in: path)
    let names = try namesInFolder(path).filter { !$0.hasPrefix(".inv-") }
    if occupied == .refuse, !names.isEmpty {
      throw Failure(
        "\(printable(path)) is not empty: give --add to add to it or --force to replace its runs",
        .system)
    }
    lockPath = "\(path)/.inv-\(set).lock"
    try Temporaries.shared.add(lockPath)
    lock = try Descriptor.creating(lockPath)
    _ = flock(lock.number, LOCK_EX | LOCK_NB)
  }

  deinit {
    unsafe _ = unlink(lockPath)
    Temporaries.shared.forget(lockPath)
  }

  private static func identity() -> String {
    let word = String(Machine.randomWord, radix: 16)
    return String(repeating: "0", count: 16 - word.utf8.count) + word
  }

  /// Removes the dot-names of sets whose process is gone: nobody holds their lock.
  private static func removeLeftovers(in path: String) throws(Failure) {
    let names = try namesInFolder(path).filter { $0.hasPrefix(".inv-") }
    for name in names where name.hasSuffix(".lock") {
      let set = String(name.dropFirst(5).dropLast(5))
      guard let lock = try? Descriptor.reading("\(path)/\(name)"),
        flock(lock.number, LOCK_EX | LOCK_NB) == 0
      else { continue }
      for other in names where other.hasPrefix(".inv-\(set)") && other != name {
        unsafe _ = unlink("\(path)/\(other)")
      }
      unsafe _ = unlink("\(path)/\(name)")
    }
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
    let hidden = "\(path)/.inv-\(name)"
    try Temporaries.shared.add(hidden)
    let descriptor = try Descriptor.creating(hidden)
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
    }
  }
}
