import InvFormat
import InvSource
import InvSystem

/// What a thread can do next.
enum Work: Sendable {
  case file(DataFile)
  case part(OpenTable, Int)
}

/// A table whose parts are read by any thread.
struct OpenTable: Sendable {
  let file: DataFile
  let table: any TableFile
  let layout: RowLayout
  /// Whether it is a copy, whose bytes have been counted as it was made.
  let isSpooled: Bool
  var origin: Origin
  /// How many of its parts have not been read to their ends.
  let partsLeft: Countdown

  init(file: DataFile, table: any TableFile, layout: RowLayout, isSpooled: Bool) {
    self.file = file
    self.table = table
    self.layout = layout
    self.isSpooled = isSpooled
    origin = file.entry.origin
    partsLeft = Countdown(table.parts.count)
  }
}

/// Files that wait to be read, and the parts of those that have been opened, which go first.
final class WorkQueue: @unchecked Sendable {
  private let monitor = Monitor()
  private let capacity: Int
  private var files: [DataFile] = []
  private var tables: [(OpenTable, next: Int)] = []
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
        if let (open, next) = tables.first {
          if next + 1 < open.table.parts.count { tables[0].next += 1 } else { tables.removeFirst() }
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

  /// A file that `pop` gave has been opened; its parts, if it is a table, are to be read.
  func opened(_ open: OpenTable?) {
    monitor.withLock {
      opening -= 1
      if let open, !open.table.parts.isEmpty { tables.append((open, 0)) }
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
