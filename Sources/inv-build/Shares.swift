import InvSystem

/// What each program may take of the memory that there is for all.
///
/// Of each phase the sum is the whole: inv-fetch and inv-parse, or inv-list, run with inv-agg, then
/// inv-merge with inv-mkindex, and inv-build itself all the time.
struct Shares {
  /// Where the rows come from.
  enum Origin { case files, servers, listing, scans }

  static let own: UInt64 = 14 << 20
  /// Those that come before inv-agg, with their own needs: they have no option for it.
  let readers: [(name: String, memory: UInt64)]
  let aggregate: UInt64
  let merge: UInt64
  let index: UInt64

  private static let leastAggregate: UInt64 = 50 << 20
  private static let leastMerge: UInt64 = 36 << 20
  private static let leastIndex: UInt64 = 64 << 20

  /// `memory` is nil where it is not asked for; more is needed to ask servers.
  init(_ memory: UInt64?, threads: Int, _ origin: Origin) throws(Failure) {
    let parse = UInt64(16 + 4 * min(threads, 12)) << 20
    switch origin {
    case .files: readers = [("inv-fetch", 16 << 20), ("inv-parse", parse)]
    case .servers: readers = [("inv-fetch", 48 << 20), ("inv-parse", parse)]
    case .scans: readers = [("inv-parse", parse)]
    case .listing: readers = [("inv-list", 64 << 20)]
    }
    let reading = readers.reduce(Self.own) { $0 + $1.memory }
    let least = max(
      reading + Self.leastAggregate, Self.own + Self.leastMerge + Self.leastIndex)
    if let memory, memory < least {
      throw .usage("--memory: at least \(least >> 20)M are needed")
    }
    let total = max(memory ?? Machine.memory / 2, least)
    aggregate = total - reading
    let rest = total - Self.own
    merge = max(rest / 4, Self.leastMerge)
    index = rest - merge
  }
}
