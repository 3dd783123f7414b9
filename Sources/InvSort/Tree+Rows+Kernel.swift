import Glibc
import InvBytes
import InvFormat

/// Where the columns that the tree adds up lie among those of the rows.
struct TreeColumns {
  let kind: Int?
  let state: Int?
  let size: Int?
  let modified: Int?
  let accessed: Int?

  init(_ schema: ObjectSchema, _ sizeOf: PrefixSchema.SizeOf) {
    kind = schema.place(.kind)
    state = schema.place(.state)
    size = schema.place(sizeOf.column)
    modified = schema.place(.modified)
    accessed = schema.place(.accessed)
  }
}

/// How far a block has been added: the next row and where its suffix begins.
struct BlockPosition {
  var row = 0
  var suffix = 0
}

extension Tree {
  /// Adds the rows of `block` from `position` on, until they end or the tree is full.
  ///
  /// Those that are linked are passed over. A row is added whole or not at all. Returns false when a sum overflows.
  mutating func add(
    _ block: ObjectBlock, from position: inout BlockPosition, cursor: KeyCursor,
    columns: TreeColumns, points: [UInt32], linked: LinkedRows?,
    maxDepth: Int
  ) -> Bool {
    let payload = block.frame.payload
    let (keys, rows) = (block.keys, block.rows)
    let kinds = block.column(columns.kind)
    let states = block.column(columns.state)
    let sizes = block.column(columns.size)
    let modified = block.column(columns.modified)
    let accessed = block.column(columns.accessed)
    let mayBeLinked = linked != nil
    var fits = true
    unsafe payload.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let suffixes = unsafe (base + keys.bytes.lowerBound).assumingMemoryBound(to: UInt8.self)
      while position.row < rows, !isFull {
        let row = position.row
        let shared = Int(keys.shared.value(row, in: payload))
        let length = Int(keys.suffix.value(row, in: payload))
        let directory: UInt32
        do throws(Full) {
          directory = unsafe try enter(
            suffixes + position.suffix, length, sharing: shared, cursor, maxDepth)
          if mayBeLinked, linked?.has(row, in: payload) ?? false {
            position.row += 1
            position.suffix += length
            continue
          }
          let size = sizes?.value(row, in: payload) ?? 0
          if try !add(size, to: directory, point: points[row]) { fits = false }
        } catch { return }
        if states == nil || states?.value(row, in: payload) == 0 {
          let node = unsafe node(directory)
          if let modified {
            let time = modified.signed(row, in: payload, absent: absentInt)
            if time != absentInt {
              let oldest = unsafe node.pointee.oldestModified
              if oldest == absentInt || time < oldest { unsafe node.pointee.oldestModified = time }
              if unsafe time > node.pointee.newestModified {
                unsafe node.pointee.newestModified = time
              }
            }
          }
          if let accessed, nameOffset > Node.size {
            let time = accessed.signed(row, in: payload, absent: absentInt)
            if time != absentInt {
              let times = unsafe self.accessed(directory)
              if unsafe times[0] == absentInt || time < times[0] { unsafe times[0] = time }
              if unsafe time > times[1] { unsafe times[1] = time }
            }
          }
        }
        if let kinds, kinds.value(row, in: payload) == UInt64(ObjectKind.directory.rawValue) {
          unsafe node(directory).pointee.listed &+= 1
        }
        position.row += 1
        position.suffix += length
      }
    }
    return fits
  }

  /// The directory of the key that shares `shared` bytes with the cursor's and goes on with `suffix`.
  @inline(__always)
  private mutating func enter(
    _ suffix: UnsafePointer<UInt8>, _ suffixLength: Int, sharing shared: Int, _ cursor: KeyCursor,
    _ maxDepth: Int
  ) throws(Full) -> UInt32 {
    var shared = shared
    let length = shared + suffixLength
    let key = unsafe cursor.key
    if shared == 0 {
      // The first key of a block: what it shares with the last one of its source is not told.
      let limit = min(cursor.length, length)
      while shared < limit, unsafe key[shared] == suffix[shared] { shared += 1 }
    }
    unsafe memcpy(key + shared, suffix + (shared - (length - suffixLength)), length - shared)
    cursor.length = length
    var depth = cursor.depth
    if cursor.generation != generation {
      cursor.generation = generation
      depth = 0
    }
    while depth > 0, unsafe Int(cursor.ends[depth - 1]) > shared { depth -= 1 }
    var start = depth > 0 ? Int(unsafe cursor.ends[depth - 1]) : 0
    var at = depth > 0 ? unsafe cursor.nodes[depth - 1] : root
    // A directory that is not made for want of room must not stay on the cursor's way.
    cursor.depth = depth
    while depth < maxDepth, start < length,
      let slash = unsafe memchr(key + start, 0x2f, length - start)
    {
      let end = unsafe slash.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(key) + 1
      at = unsafe try child(of: at, key + start, end - start)
      unsafe cursor.nodes[depth] = at
      unsafe cursor.ends[depth] = UInt32(end)
      depth += 1
      cursor.depth = depth
      start = end
    }
    return at
  }
}
