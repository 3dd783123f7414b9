import CPrefetch
import Glibc

/// The entries of a table in the order of their paths.
///
/// They are sorted by eight bytes at a time, which are fetched side by side into one array, so that no
/// comparison waits for memory; of few that agree the rest is compared at once.
struct PathOrder {
  struct Item {
    var bytes: UInt64
    var entry: UInt32
  }

  /// An item, and what sorting may take besides.
  static let bytesPerEntry = 24
  private static let few = 12

  private(set) var items: [Item] = []

  /// Sorts all entries of `table`.
  init(_ table: borrowing PathTable) {
    items.reserveCapacity(table.index.count)
    for slot in 0..<table.index.capacity {
      let entry = unsafe UInt32(truncatingIfNeeded: table.index.slots[slot])
      if entry != 0 { items.append(Item(bytes: 0, entry: entry)) }
    }
    unsafe items.withUnsafeMutableBufferPointer { items in
      unsafe Self.sort(items, table)
    }
  }

  private static func sort(
    _ items: UnsafeMutableBufferPointer<Item>, _ table: borrowing PathTable
  ) {
    // Stretches that agree in all bytes before `depth`.
    var open = [(range: 0..<items.count, depth: 0)]
    while let (range, depth) = open.popLast() {
      var part = unsafe UnsafeMutableBufferPointer(rebasing: items[range])
      if range.count <= few {
        unsafe insert(part, depth, table)
        continue
      }
      unsafe fetch(part, depth, table)
      unsafe part.sort { $0.bytes < $1.bytes }
      var start = 0
      while start < part.count {
        var end = start + 1
        while end < part.count, unsafe part[end].bytes == part[start].bytes { end += 1 }
        if end - start > 1 {
          open.append((range.lowerBound + start..<range.lowerBound + end, depth + 8))
        }
        start = end
      }
    }
  }

  /// Fetches the eight bytes at `depth` of every path, zeros behind its end.
  private static func fetch(
    _ items: UnsafeMutableBufferPointer<Item>, _ depth: Int, _ table: borrowing PathTable
  ) {
    let ahead = 12
    for place in items.indices {
      if place + ahead < items.count {
        let start = unsafe UnsafeRawPointer(table.entry(items[place + ahead].entry))
        unsafe inv_prefetch(start)
        unsafe inv_prefetch(start + table.pathOffset + depth)
      }
      let entry = unsafe table.entry(items[place].entry)
      let left = unsafe Int(entry.pointee.length) - depth
      let start = unsafe UnsafeRawPointer(table.path(entry)) + depth
      if left >= 8 {
        let word = unsafe start.loadUnaligned(as: UInt64.self)
        unsafe items[place].bytes = UInt64(bigEndian: word)
      } else {
        var bytes: UInt64 = 0
        for byte in 0..<max(0, left) {
          unsafe bytes |=
            UInt64(start.load(fromByteOffset: byte, as: UInt8.self))
            << UInt64(56 - 8 * byte)
        }
        unsafe items[place].bytes = bytes
      }
    }
  }

  private static func insert(
    _ items: UnsafeMutableBufferPointer<Item>, _ depth: Int, _ table: borrowing PathTable
  ) {
    for place in 1..<max(1, items.count) {
      let item = unsafe items[place]
      var at = place
      while at > 0, unsafe precedes(item.entry, items[at - 1].entry, depth, table) {
        unsafe items[at] = items[at - 1]
        at -= 1
      }
      unsafe items[at] = item
    }
  }

  private static func precedes(
    _ a: UInt32, _ b: UInt32, _ depth: Int, _ table: borrowing PathTable
  ) -> Bool {
    let (a, b) = unsafe (table.entry(a), table.entry(b))
    let (first, second) = unsafe (Int(a.pointee.length), Int(b.pointee.length))
    let rest = max(0, min(first, second) - depth)
    let order = unsafe memcmp(table.path(a) + depth, table.path(b) + depth, rest)
    return order == 0 ? first < second : order < 0
  }
}
