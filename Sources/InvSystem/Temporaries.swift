import Glibc

/// The names of files and folders that must not outlive the process unless it ends well.
///
/// There is one list for the process, because a signal is for the whole process.
public final class Temporaries: @unchecked Sendable {
  public static let shared = Temporaries()

  private let monitor = Monitor()
  private var paths: [String] = []
  private var isWatching = false
  private var isLeaving = false
  private var first: (@Sendable () -> Void)?

  private init() {}

  /// Remembers `path`; from now on SIGINT, SIGTERM and SIGHUP remove it before they end the process.
  ///
  /// To be called, the first time, before other threads are started: they inherit the blocked signals.
  public func add(_ path: String) throws(Failure) {
    try watch()
    monitor.withLock { paths.append(path) }
  }

  /// Makes file `path`, which must not exist yet, and remembers it as `add(_:)` does; there is no
  /// moment at which it is there and would be left behind.
  public func create(_ path: String) throws(Failure) -> Descriptor {
    try watch()
    return try monitor.withLock { () throws(Failure) in
      // The process is about to end, and what is made now would outlive it.
      while isLeaving { monitor.wait() }
      let descriptor = try Descriptor.creating(path)
      paths.append(path)
      return descriptor
    }
  }

  /// Forgets `path`: it has been renamed or removed.
  public func forget(_ path: String) {
    monitor.withLock { paths.removeAll { $0 == path } }
  }

  /// Forgets folder `path` and what is in it.
  func forget(in path: String) {
    monitor.withLock { paths.removeAll { $0 == path || $0.hasPrefix(path + "/") } }
  }

  /// Removes the file `path` and forgets it.
  public func remove(_ path: String) {
    unsafe _ = unlink(path)
    forget(path)
  }

  /// Runs `body`, which gives temporaries their final names, with no signal in the middle.
  public func publish<Result, Problem: Error>(_ body: () throws(Problem) -> Result)
    throws(Problem) -> Result
  {
    publishing.lock()
    defer { publishing.unlock() }
    return try body()
  }

  /// Has `body` called before what is remembered is removed because the process ends.
  public func beforeRemoval(_ body: @escaping @Sendable () -> Void) {
    monitor.withLock { first = body }
  }

  /// Removes everything that is still remembered: files, and folders that are then empty.
  ///
  /// To be called when the process ends: who wants to make another, or calls this too, has to wait.
  public func removeAll() {
    leaving.lock()
    monitor.withLock { first }?()
    monitor.withLock {
      isLeaving = true
      for path in paths.reversed() {
        if unsafe unlink(path) != 0 && (errno == EISDIR || errno == EPERM) {
          unsafe _ = rmdir(path)
        }
      }
      paths.removeAll()
    }
  }

  private let publishing = Gate()
  /// Never unlocked: of a failure and a signal at the same time only one ends the process.
  private let leaving = Gate()

  /// Starts the thread that waits for the signals.
  public func watch() throws(Failure) {
    let start = monitor.withLock {
      defer { isWatching = true }
      return !isWatching
    }
    guard start else { return }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(signal) {
      unsafe sigaddset(&signals, signal)
    }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let awaited = signals
    _ = try Thread { [self] in
      var signals = awaited
      var signal: Int32 = 0
      while unsafe sigwait(&signals, &signal) != 0 {}
      publishing.lock()
      removeAll()
      die(of: signal)
    }
  }

  private func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(signal, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}

/// Ends the process by `signal`, so that the parent sees what happened.
public func die(of signal: Int32) -> Never {
  _ = Glibc.signal(signal, SIG_DFL)
  var signals = sigset_t()
  unsafe sigemptyset(&signals)
  unsafe sigaddset(&signals, signal)
  kill(getpid(), signal)
  unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  while true { pause() }
}

/// A lock that is held while names change.
private final class Gate: @unchecked Sendable {
  private let monitor = Monitor()
  private var isHeld = false

  func lock() {
    monitor.withLock {
      while isHeld { monitor.wait() }
      isHeld = true
    }
  }

  func unlock() {
    monitor.withLock {
      isHeld = false
      monitor.wake()
    }
  }
}
