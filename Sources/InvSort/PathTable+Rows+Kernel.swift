import CPrefetch
import InvBytes
import InvFormat
import InvSystem

extension PathTable {
  /// Adds the rows of `batch`, which are of `block`, from `next` on, until they end or the table is
  /// full.
  ///
  /// A row is added whole or not at all. Returns false when a sum overflows.
  mutating func add(
    _ batch: borrowing DirectoryBatch, of block: ObjectBlock, from next: inout Int,
    columns: TreeColumns, points: [UInt32]
  ) -> Bool {
    let end = enter(batch, from: next)
    let payload = block.frame.payload
    let kinds = block.column(columns.kind)
    let states = block.column(columns.state)
    let sizes = block.column(columns.size)
    let modified = block.column(columns.modified)
    let accessed = pathOffset > PathEntry.size ? block.column(columns.accessed) : nil
    var fits = true
    while next < end, !isFull {
      let row = Int(batch.numbers[next])
      let reference = unsafe batch.entries[next]
      let size = sizes?.value(row, in: payload) ?? 0
      do throws(Tree.Full) {
        if try !add(size, to: reference, point: points[next]) { fits = false }
      } catch { return fits }
      let entry = unsafe entry(reference)
      if states == nil || states?.value(row, in: payload) == 0 {
        if let modified {
          let time = modified.signed(row, in: payload, absent: absentInt)
          if time != absentInt {
            let oldest = unsafe entry.pointee.oldestModified
            if oldest == absentInt || time < oldest { unsafe entry.pointee.oldestModified = time }
            if unsafe time > entry.pointee.newestModified {
              unsafe entry.pointee.newestModified = time
            }
          }
        }
        if let accessed {
          let time = accessed.signed(row, in: payload, absent: absentInt)
          if time != absentInt {
            let times = unsafe self.accessed(entry)
            if unsafe times[0] == absentInt || time < times[0] { unsafe times[0] = time }
            if unsafe time > times[1] { unsafe times[1] = time }
          }
        }
      }
      if let kinds, kinds.value(row, in: payload) == UInt64(ObjectKind.directory.rawValue) {
        unsafe entry.pointee.listed &+= 1
      }
      next += 1
    }
    return fits
  }

  /// Writes every directory that holds something, in order; `codes` are the points'.
  mutating func write(to writer: PrefixWriter, codes: [UInt64]) throws(Failure) {
    let order = PathOrder(self).items
    var previous: [UInt8] = []
    var path: [UInt8] = []
    var cells: [Cell] = []
    for (place, item) in order.enumerated() {
      if place + 16 < order.count {
        let start = unsafe UnsafeRawPointer(entry(order[place + 16].entry))
        unsafe inv_prefetch(start)
        unsafe inv_prefetch(start + 64)
        unsafe inv_prefetch(start + 128)
        let next = unsafe entry(order[place + 8].entry).pointee
        let array = unsafe UnsafeRawPointer(memory.address(next.cells.reference))
        for line in 0..<min(4, Int(next.cells.count) / 3 + 1) {
          unsafe inv_prefetch(array + 64 * line)
        }
      }
      let entry = unsafe entry(item.entry)
      guard unsafe entry.pointee.cells.count > 0 else { continue }
      path.removeAll(keepingCapacity: true)
      unsafe path.append(
        contentsOf: UnsafeBufferPointer(start: self.path(entry), count: Int(entry.pointee.length)))
      unsafe memory.gather(entry.pointee.cells, codes, into: &cells)
      var times = RowTimes()
      unsafe times.oldestModified = entry.pointee.oldestModified
      unsafe times.newestModified = entry.pointee.newestModified
      if pathOffset > PathEntry.size {
        times.oldestAccessed = unsafe accessed(entry)[0]
        times.newestAccessed = unsafe accessed(entry)[1]
      }
      unsafe try writer.append(
        path, sharing: commonPrefix(previous.raw, path.raw), listed: UInt64(entry.pointee.listed),
        times: times, cells: cells)
      swap(&previous, &path)
    }
  }
}
