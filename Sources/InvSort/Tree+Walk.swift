import InvBytes
import InvFormat
import InvSystem

extension Tree {
  /// Writes every directory that holds something or was listed, in order; `codes` are the points'.
  mutating func write(to writer: PrefixWriter, codes: [UInt64]) throws(Failure) {
    var prefix: [UInt8] = []
    var lengths: [Int] = []
    var cells: [Cell] = []
    // The bytes that the present prefix shares with the one written last.
    var shared = 0
    var previous: [UInt8] = []
    var at: UInt32? = root
    while let reference = at {
      sortChildren(of: reference)
      let node = unsafe node(reference).pointee
      unsafe prefix.append(
        contentsOf: UnsafeBufferPointer(start: name(reference), count: node.nameLength))
      lengths.append(prefix.count)
      if node.cells.count > 0 || node.listed != 0 {
        let common = commonPrefix(previous.raw, prefix.raw, from: shared)
        memory.gather(node.cells, codes, into: &cells)
        var times = RowTimes()
        times.oldestModified = node.oldestModified
        times.newestModified = node.newestModified
        if nameOffset > Node.size {
          times.oldestAccessed = unsafe accessed(reference)[0]
          times.newestAccessed = unsafe accessed(reference)[1]
        }
        try writer.append(
          prefix, sharing: common, listed: UInt64(node.listed), times: times,
          cells: cells)
        previous.removeSubrange(common...)
        previous.append(contentsOf: prefix[common...])
        shared = prefix.count
      }
      if node.last != 0 {
        at = unsafe self.node(node.last).pointee.next
        continue
      }
      // Up to the nearest ancestor that has another child.
      var child = reference
      at = nil
      while child != root {
        lengths.removeLast()
        let parent = unsafe self.node(child).pointee.parent
        if unsafe self.node(parent).pointee.last != child {
          at = unsafe self.node(child).pointee.next
          break
        }
        child = parent
      }
      prefix.removeSubrange((lengths.last ?? 0)...)
      shared = min(shared, prefix.count)
    }
  }

  /// Puts the ring of children in the order of their names.
  private mutating func sortChildren(of reference: UInt32) {
    guard unsafe node(reference).pointee.isUnsorted else { return }
    let last = unsafe node(reference).pointee.last
    var children: [UInt32] = []
    var at = last
    repeat {
      at = unsafe node(at).pointee.next
      children.append(at)
    } while at != last
    children.sort { precedes($0, $1) }
    for (index, child) in children.enumerated() {
      unsafe node(child).pointee.next = children[(index + 1) % children.count]
    }
    unsafe node(reference).pointee.last = children[children.count - 1]
    unsafe node(reference).pointee.isUnsorted = false
  }

  private func precedes(_ a: UInt32, _ b: UInt32) -> Bool {
    unsafe nameBytes(a).lexicographicallyPrecedes(nameBytes(b))
  }

  private func nameBytes(_ reference: UInt32) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(
      start: name(reference), count: node(reference).pointee.nameLength)
  }
}
