import Glibc

/// A whole regular file, mapped for reading: mmap(2).
///
/// A class because readers of several columns share it. A file that is cut short meanwhile raises
/// SIGBUS: `MappedFile.reportTruncation`.
@safe public final class MappedFile: @unchecked Sendable {
  public let name: String
  /// Where the first byte lies; of an empty file, nowhere to read.
  public let start: UnsafeRawPointer
  public let count: Int
  private let isMapped: Bool

  /// Maps the file `name` of the folder that is open as `folder`; nil when there is none.
  public init?(_ name: String, in folder: borrowing Descriptor) throws(Failure) {
    self.name = "\(folder.name)/\(name)"
    let number = retrying {
      // A pipe of that name must not keep us waiting for its writer.
      unsafe openat(folder.number, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
    if number < 0 && errno == ENOENT { return nil }
    guard number >= 0 else { throw Failure.system("open", self.name) }
    let descriptor = Descriptor(number, name: self.name)
    let status = try descriptor.status()
    guard status.kind == .file else { throw Failure.data("\(printable(self.name)) is not a file") }
    guard let size = Int(exactly: status.size), size > 0 else {
      unsafe start = UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
      (count, isMapped) = (0, false)
      return
    }
    guard let map = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, number, 0),
      unsafe map != MAP_FAILED
    else { throw Failure.system("map", self.name) }
    unsafe start = UnsafeRawPointer(map)
    (count, isMapped) = (size, true)
  }

  deinit {
    if isMapped { unsafe _ = munmap(UnsafeMutableRawPointer(mutating: start), count) }
  }

  /// Lends all bytes.
  public func withBytes<Result, Problem: Error>(_ body: (RawSpan) throws(Problem) -> Result)
    throws(Problem) -> Result
  {
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return try unsafe body(bytes.bytes)
  }

  /// From now on a map whose file has become shorter ends the process with `message` on standard
  /// error and status 74, not with a signal; temporaries are removed.
  public static func reportTruncation(_ message: String) {
    truncation.set(message + "\n")
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in truncation.report() }
    unsafe _ = sigaction(SIGBUS, &action, nil)
  }
}

/// What is said when a mapped file has become shorter: made before, because a signal handler may not.
@safe private final class Truncation: @unchecked Sendable {
  private var message: UnsafeMutablePointer<UInt8>?
  private var count = 0

  func set(_ text: String) {
    let bytes = Array(text.utf8)
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    unsafe room.initialize(from: bytes, count: bytes.count)
    unsafe message = room
    count = bytes.count
  }

  /// The signal comes of reading a map, where nobody holds a lock: what a handler must not do in
  /// general can be done here.
  func report() -> Never {
    Temporaries.shared.removeAll()
    if let message = unsafe message { unsafe _ = write(STDERR_FILENO, message, count) }
    _exit(ExitStatus.system.rawValue)
  }
}

private let truncation = Truncation()
