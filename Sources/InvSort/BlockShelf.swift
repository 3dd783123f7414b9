import InvFormat
import InvSystem

/// Blocks at the borders of key ranges: read for the range that begins in them, kept for the one
/// before it, which ends there.
final class BlockShelf: @unchecked Sendable {
  private struct Place: Hashable {
    let run: Int
    let offset: UInt64
  }

  private let monitor = Monitor()
  private var blocks: [Place: (block: PrefixBlock, next: UInt64, range: Int)] = [:]
  private var finished: Set<Int> = []

  /// Keeps the first block of a run in a range, unless the range before is done already.
  func put(_ run: Int, _ offset: UInt64, _ block: PrefixBlock, next: UInt64, range: Int) {
    monitor.withLock {
      guard range > 0, !finished.contains(range - 1) else { return }
      blocks[Place(run: run, offset: offset)] = (block, next, range)
    }
  }

  /// Takes the block at `offset` of a run away, if it is here; behind it lies the frame at `next`.
  func take(_ run: Int, _ offset: UInt64, range: Int) -> (block: PrefixBlock, next: UInt64)? {
    monitor.withLock {
      let place = Place(run: run, offset: offset)
      guard let found = blocks[place], found.range == range + 1 else { return nil }
      blocks[place] = nil
      return (found.block, found.next)
    }
  }

  /// Nobody needs what was kept for this range.
  func finish(_ range: Int) {
    monitor.withLock {
      finished.insert(range)
      blocks = blocks.filter { $0.value.range != range + 1 }
    }
  }
}
