import Glibc

/// Two descriptors that belong together: what is written to one is read from the other.
///
/// Their numbers are 10 or more, so that they can be given to a child as 0, 1, 2 and so on, and no
/// child gets them otherwise.
public final class Pipe {
  /// The numbers of the ends; -1 for one that is closed.
  public private(set) var reading: Int32 = -1
  public private(set) var writing: Int32 = -1

  /// pipe(2), or socketpair(2), whose ends can both be read and written; not to be called while
  /// another thread starts a child.
  public convenience init(isSocket: Bool = false) throws(Failure) {
    var ends: [Int32] = [-1, -1]
    let isMade =
      isSocket
      ? unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0
      : unsafe pipe(&ends) == 0
    guard isMade else { throw Failure.system("create", "a pipe") }
    try self.init(ends)
  }

  /// A descriptor that is always at its end, and takes everything: open(2) of /dev/null.
  public static func null() throws(Failure) -> Pipe {
    let number = retrying { unsafe open("/dev/null", O_RDWR | O_CLOEXEC) }
    guard number >= 0 else { throw Failure.system("open", "/dev/null") }
    return try Pipe([number, number])
  }

  /// What is read is what standard input has: dup(2).
  public static func standardInput() throws(Failure) -> Pipe {
    let number = dup(STDIN_FILENO)
    guard number >= 0 else { throw Failure.system("read", "standard input") }
    return try Pipe([number, number])
  }

  /// Takes `ends` over under higher numbers.
  private init(_ ends: [Int32]) throws(Failure) {
    reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
    writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    let code = errno
    for end in Set(ends) { close(end) }
    if reading < 0 || writing < 0 { throw Failure.system("create", "a pipe", code) }
  }

  deinit {
    closeReading()
    closeWriting()
  }

  public func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  public func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  /// The writing end, which is no longer this pipe's.
  public func takeWriting(name: String) -> Descriptor {
    defer { writing = -1 }
    return Descriptor(writing, name: name)
  }

  /// The reading end, which is no longer this pipe's.
  public func takeReading(name: String) -> Descriptor {
    defer { reading = -1 }
    return Descriptor(reading, name: name)
  }
}
