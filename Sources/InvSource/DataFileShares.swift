/// Deals files out in fair shares by their bytes.
///
/// The largest goes first, always to the share with the fewest bytes, then the fewest files; so the
/// fullest share has at most a third more than the best division would give it.
public enum DataFileShares {
  private struct Share: Comparable {
    var bytes: UInt64 = 0
    var files = 0
    let number: Int

    static func < (one: Share, other: Share) -> Bool {
      (one.bytes, one.files, one.number) < (other.bytes, other.files, other.number)
    }
  }

  /// The places in `files`, in order, of those in share `number`, from 1, of `count`.
  ///
  /// It does not depend on the order of `files` if `tie` tells apart the places of those of equal size
  /// and key.
  public static func share(
    _ number: Int, of count: Int, _ files: [Manifest.File], tie: (Int) -> [UInt8]
  ) -> [Int] {
    let order = files.indices.sorted { one, other in
      let (a, b) = (files[one], files[other])
      if a.size != b.size { return a.size > b.size }
      if a.key != b.key { return a.key.lexicographicallyPrecedes(b.key) }
      return tie(one).lexicographicallyPrecedes(tie(other))
    }
    // More shares than files stay empty, whatever happens.
    var heap = (1...max(1, min(count, files.count))).map { Share(number: $0) }
    var chosen: [Int] = []
    for place in order {
      if heap[0].number == number { chosen.append(place) }
      heap[0].bytes += files[place].size
      heap[0].files += 1
      sink(&heap)
    }
    return chosen.sorted()
  }

  /// Moves the first element of `heap` down to where it belongs.
  private static func sink(_ heap: inout [Share]) {
    var at = 0
    while 2 * at + 1 < heap.count {
      var least = 2 * at + 1
      if least + 1 < heap.count && heap[least + 1] < heap[least] { least += 1 }
      guard heap[least] < heap[at] else { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}
