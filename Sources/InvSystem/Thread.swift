import Glibc

/// A thread that runs one closure; `join()` waits for its end.
public final class Thread: @unchecked Sendable {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var handle = pthread_t()

  /// pthread_create(3).
  public init(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    let work = unsafe Unmanaged.passRetained(Work(body))
    let code = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    if code != 0 {
      unsafe work.release()
      throw Failure.system("start", "a thread", code)
    }
  }

  /// pthread_join(3); to be called once.
  public func join() {
    pthread_join(handle, nil)
  }

  /// How many processors this process may use: Cpus_allowed of proc(5).
  public static var processors: Int {
    for line in Machine.lines(of: "/proc/self/status") where line.hasPrefix("Cpus_allowed:") {
      let count = line.dropFirst(13).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
      return max(1, count)
    }
    return 1
  }
}

/// A mutex with a condition: what `withLock` guards can be waited for.
@safe public final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` alone among the callers of this monitor.
  public func withLock<Result: ~Copyable, Problem: Error>(
    _ body: () throws(Problem) -> Result
  ) throws(Problem) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe _ = pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Within `withLock`: sleeps until `wake()`, which may come for no reason.
  public func wait() {
    unsafe pthread_cond_wait(condition, mutex)
  }

  /// Wakes all who wait.
  public func wake() {
    unsafe pthread_cond_broadcast(condition)
  }
}
