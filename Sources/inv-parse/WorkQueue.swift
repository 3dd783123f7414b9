import InvSystem

/// What a thread can do next.
enum Work: Sendable {
  case file(DataFile)
  case part(OpenFile, Int)
}

/// Files that wait to be read, and the parts of those that have been opened, which go first.
final class WorkQueue: @unchecked Sendable {
  private let monitor = Monitor()
  private let capacity: Int
  private var files: [DataFile] = []
  private var opened: [(OpenFile, next: Int)] = []
  /// How many files are being opened, from which parts may come.
  private var opening = 0
  private var isClosed = false

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Waits for room and appends a file.
  func push(_ file: DataFile) {
    monitor.withLock {
      while files.count >= capacity && !isClosed { monitor.wait() }
      if isClosed { return }
      files.append(file)
      monitor.wake()
    }
  }

  /// Waits for something to do; nil when there will be nothing any more.
  ///
  /// Who takes a file must say when it is open: `opened`.
  func pop() -> Work? {
    monitor.withLock {
      while true {
        if let (open, next) = opened.first {
          if next + 1 < open.parts { opened[0].next += 1 } else { opened.removeFirst() }
          return .part(open, next)
        }
        if !files.isEmpty {
          opening += 1
          monitor.wake()
          return .file(files.removeFirst())
        }
        if isClosed && opening == 0 { return nil }
        monitor.wait()
      }
    }
  }

  /// A file that `pop` gave has been opened; its parts, if it is read in parts, are next.
  func opened(_ open: OpenFile?) {
    monitor.withLock {
      opening -= 1
      if let open, open.parts > 0 { opened.append((open, 0)) }
      monitor.wake()
    }
  }

  /// No more files will come.
  func close() {
    monitor.withLock {
      isClosed = true
      monitor.wake()
    }
  }
}

/// Counts down on any thread.
final class Countdown: @unchecked Sendable {
  private let monitor = Monitor()
  private var left: Int

  init(_ count: Int) { left = count }

  /// Takes one away; how many are left.
  func countDown() -> Int {
    monitor.withLock {
      left -= 1
      return left
    }
  }
}
