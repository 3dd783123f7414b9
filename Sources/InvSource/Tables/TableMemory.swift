import InvSystem

/// How much memory the readers of tables may take for what they hold of the files.
public final class TableMemory: @unchecked Sendable {
  /// What each reader may hold at any time.
  let each: Int
  /// What one of them at a time may hold beside that.
  let extra: Int
  private let monitor = Monitor()
  private var isTaken = false

  /// What a reader may hold in all, however many there are.
  private static let limit = 120 << 20
  /// What readers may hold together without waiting for each other.
  private static let together = 48 << 20

  public init(each: Int = 64 << 20, extra: Int = 0) {
    self.each = each
    self.extra = extra
  }

  /// For so many readers at a time.
  public convenience init(readers: Int) {
    let each = Self.together / max(1, readers)
    self.init(each: each, extra: Self.limit - each)
  }

  /// Waits for the extra memory and takes it.
  fileprivate func takeExtra() {
    monitor.withLock {
      while isTaken { monitor.wait() }
      isTaken = true
    }
  }

  fileprivate func giveExtra() {
    monitor.withLock {
      isTaken = false
      monitor.wake()
    }
  }
}

/// What one reader has of it.
final class TableRoom {
  private let memory: TableMemory
  private var left: Int
  private var hasExtra = false

  init(_ memory: TableMemory) {
    self.memory = memory
    left = memory.each
  }

  deinit { if hasExtra { memory.giveExtra() } }

  /// The most that may be held.
  var limit: Int { memory.each + memory.extra }

  /// Takes `bytes`, at times after waiting for other readers; false when there cannot be so much.
  func take(_ bytes: Int) -> Bool {
    if bytes > left && !hasExtra && bytes <= left + memory.extra {
      memory.takeExtra()
      hasExtra = true
      left += memory.extra
    }
    guard bytes <= left else { return false }
    left -= bytes
    return true
  }

  /// Gives back `bytes` of what has been taken.
  func give(_ bytes: Int) { left += bytes }
}
