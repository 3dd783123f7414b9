import InvSystem

/// What each program may take of the memory that there is for all.
///
/// Of each phase the sum is the whole: inv-fetch, inv-parse and inv-agg run at once, then inv-merge
/// and inv-mkindex, and inv-build itself all the time.
struct Shares {
  static let own: UInt64 = 14 << 20
  /// Their own needs: they have no option for it.
  let fetch: UInt64
  let parse: UInt64
  let aggregate: UInt64
  let merge: UInt64
  let index: UInt64

  private static let leastAggregate: UInt64 = 50 << 20
  private static let leastMerge: UInt64 = 36 << 20
  private static let leastIndex: UInt64 = 64 << 20

  /// `memory` is nil where it is not asked for; more is needed to fetch from servers.
  init(_ memory: UInt64?, threads: Int, isRemote: Bool) throws(Failure) {
    fetch = (isRemote ? 48 : 16) << 20
    parse = UInt64(16 + 4 * min(threads, 12)) << 20
    let reading = Self.own + fetch + parse
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
