public import InvDigest
public import InvSystem

/// Computes the MD5 of files on several threads, in order.
public final class DataFileDigests: @unchecked Sendable {
  private let monitor = Monitor()
  private let paths: [String]
  private var next = 0
  private var results: [Result<MD5.Digest, Failure>?]

  /// Starts the work.
  public init(of paths: [String], threads: Int) throws(Failure) {
    self.paths = paths
    results = Array(repeating: nil, count: paths.count)
    for _ in 0..<min(threads, paths.count) { _ = try Thread { self.work() } }
  }

  private func work() {
    while true {
      let place = monitor.withLock {
        defer { next += 1 }
        return next
      }
      guard place < paths.count else { return }
      let result = Result { () throws(Failure) in try MD5.ofFile(paths[place]) }
      monitor.withLock {
        results[place] = result
        monitor.wake()
      }
    }
  }

  /// Waits for the MD5 of a file.
  public func digest(_ place: Int) throws(Failure) -> MD5.Digest {
    try monitor.withLock {
      while true {
        if let result = results[place] { return result }
        monitor.wait()
      }
    }.get()
  }
}
