import InvDigest
public import InvSystem

/// Fetches files in ranges, several at once, and hands them out whole and verified.
///
/// One thread speaks to the servers and writes; others follow the front of each file, up to which all
/// has been written, and compute its MD5. What has come is kept when a connection breaks; a file whose
/// bytes turn out wrong, or which changes on the server, is begun anew.
public final class Downloader: Sendable {
  let remote: Remote
  let loop: HTTPLoop
  let connections: Int
  let partSize: UInt64
  let monitor = Monitor()
  let shared = DownloadsShared()

  /// Starts the threads.
  public init(_ remote: Remote, _ http: HTTPSettings, connections: Int, partSize: UInt64)
    throws(Failure)
  {
    self.remote = remote
    self.connections = max(1, connections)
    self.partSize = max(64 << 10, partSize)
    var http = http
    http.bufferSize = min(http.bufferSize, max(16 << 10, (32 << 20) / self.connections))
    loop = try HTTPLoop(http, connections: self.connections)
    _ = try Thread { self.fetch() }
    for _ in 0..<min(4, max(1, Thread.processors)) { _ = try Thread { self.hash() } }
  }

  /// Puts a file in line.
  public func add(_ download: Download) {
    monitor.withLock {
      shared.waiting.append(download)
      shared.owed += 1
    }
    loop.wake()
  }

  /// No more will be added.
  public func close() {
    monitor.withLock {
      shared.isClosed = true
      monitor.wake()
    }
    loop.wake()
  }

  /// The next file that is whole and verified, whichever that is; nil when there is none yet.
  ///
  /// The first failure is thrown, then and whenever this is called again; nothing more is fetched then.
  public func nextAtHand() throws(Failure) -> DownloadedFile? {
    try monitor.withLock { () throws(Failure) in
      if let failure = shared.failure { throw failure }
      guard !shared.finished.isEmpty else { return nil }
      shared.owed -= 1
      return shared.finished.removeFirst()
    }
  }

  /// Ends all that is going on; files that are not whole stay to be removed with other temporaries.
  public func stop() { stop(Failure("stopped", .fault)) }

  func stop(_ failure: Failure) {
    monitor.withLock {
      shared.failure = shared.failure ?? failure
      monitor.wake()
    }
    loop.wake()
  }
}

/// What the threads of a downloader share, guarded by its monitor.
final class DownloadsShared: @unchecked Sendable {
  var waiting: [Download] = []
  /// Files that are being fetched, in the order they were begun.
  var open: [DownloadFile] = []
  var finished: [DownloadedFile] = []
  /// Whose MD5 was another than it must be; the network's thread is to begin them anew.
  var wrong: [(file: DownloadFile, found: MD5.Digest)] = []
  /// Files that were added and not handed out.
  var owed = 0
  var isClosed = false
  var failure: Failure?
}
