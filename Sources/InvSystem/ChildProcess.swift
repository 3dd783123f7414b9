// The environment is a variable of the C library that nothing here changes.
@unsafe @preconcurrency import Glibc

/// A program that runs as a child of this process.
public final class ChildProcess: @unchecked Sendable {
  public enum Ending: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
  }

  /// What a child has used once it has ended.
  public struct Usage: Sendable {
    public var cpuSeconds = 0.0
    public var peakMemory: UInt64 = 0
  }

  private let process: pid_t
  private let monitor = Monitor()
  private var end: Ending?
  private var used = Usage()

  /// posix_spawn(3) of the file `path`: the child gets `descriptors` as 0, 1, 2 and so on and has no
  /// others of ours, the default for SIGPIPE and SIGXFSZ, no blocked signals, and `variables` in
  /// its environment.
  ///
  /// The numbers of `descriptors` must be greater than there are of them, as those of `Pipe` are.
  public init(
    _ path: String, _ arguments: [[UInt8]], descriptors: [Int32],
    variables: [(name: String, value: String)] = []
  ) throws(Failure) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for (number, source) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, source, Int32(number))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGXFSZ] { unsafe sigaddset(&signals, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)

    let words = CStrings(arguments)
    let environment = CStrings(Self.environment(variables))
    var process = pid_t()
    let code = unsafe posix_spawn(
      &process, path, &actions, &attributes, words.pointers, environment.pointers)
    if code != 0 { throw Failure.system("start", path, code) }
    self.process = process
  }

  private static func environment(_ variables: [(name: String, value: String)]) -> [[UInt8]] {
    var list: [[UInt8]] = []
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      list.append(unsafe Array(String(cString: entry).utf8))
      unsafe next += 1
    }
    for (name, value) in variables {
      list.removeAll { $0.starts(with: Array("\(name)=".utf8)) }
      list.append(Array("\(name)=\(value)".utf8))
    }
    return list
  }

  /// How it has ended; nil as long as it runs.
  public var ending: Ending? { monitor.withLock { end } }

  public var usage: Usage { monitor.withLock { used } }

  /// waitid(2) and wait4(2): returns when it has ended; to be called once, by one thread.
  public func wait() {
    // As long as it has not been reaped its number is no one else's, so that it may be signalled.
    var info = unsafe siginfo_t()
    _ = retrying { unsafe waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) }
    monitor.withLock {
      var (status, usage) = (Int32(0), rusage())
      _ = retrying { unsafe wait4(process, &status, 0, &usage) }
      func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
      used.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
      used.peakMemory = UInt64(max(0, usage.ru_maxrss)) * 1024
      let signal = status & 0x7f
      end = signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
    }
  }

  /// kill(2), unless it has ended.
  public func send(_ signal: Int32) {
    monitor.withLock {
      if end == nil { kill(process, signal) }
    }
  }
}

/// A list of strings as exec(3) wants it.
@safe private struct CStrings: ~Copyable {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [[UInt8]]) {
    count = strings.count
    unsafe pointers = .allocate(capacity: count + 1)
    for (place, string) in strings.enumerated() {
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count + 1)
      for (at, byte) in string.enumerated() { unsafe copy[at] = CChar(bitPattern: byte) }
      unsafe copy[string.count] = 0
      unsafe (pointers + place).initialize(to: copy)
    }
    unsafe (pointers + count).initialize(to: nil)
  }

  deinit {
    for place in 0..<count { unsafe pointers[place]?.deallocate() }
    unsafe pointers.deallocate()
  }
}

/// What strsignal(3) calls a signal.
public func signalText(_ signal: Int32) -> String {
  guard let text = unsafe strsignal(signal) else { return "signal \(signal)" }
  return unsafe String(cString: text)
}

/// The file that a program's name stands for: in the folder of this program, else in PATH; nil when
/// it is in neither.
public func programPath(_ name: String) -> String? {
  var folders: [Substring] = []
  if let own = try? resolvedPath("/proc/self/exe"), let slash = own.lastIndex(of: "/") {
    folders.append(own[..<slash])
  }
  return file(of: name, in: folders) ?? commandPath(name)
}

/// The file that a command's first word stands for: itself where it has a slash, else in PATH; nil
/// when it is nowhere.
public func commandPath(_ name: String) -> String? {
  if name.contains("/") { return name }
  return file(of: name, in: (Machine.environment("PATH") ?? "").split(separator: ":"))
}

private func file(of name: String, in folders: [Substring]) -> String? {
  for folder in folders {
    let path = "\(folder)/\(name)"
    if unsafe access(path, X_OK) == 0, (try? FileStatus.of(path)?.kind) == .file { return path }
  }
  return nil
}
