import InvFormat

/// Where one source stands: its last key and the directories on the way to it.
@safe final class KeyCursor {
  /// The last key.
  let key: UnsafeMutablePointer<UInt8>
  var length = 0
  /// The directories of the last key, from the first level down, and where each one's name ends.
  let nodes: UnsafeMutablePointer<UInt32>
  let ends: UnsafeMutablePointer<UInt32>
  var depth = 0
  /// The generation of the tree that the nodes are of.
  var generation = -1
  var lastUse: UInt64 = 0

  // Memory that is not used is not touched, so that a cursor costs what its longest key needs.
  init() {
    unsafe key = .allocate(capacity: Container.keyLimit + 8)
    unsafe nodes = .allocate(capacity: Container.keyLimit + 1)
    unsafe ends = .allocate(capacity: Container.keyLimit + 1)
  }

  deinit {
    unsafe key.deallocate()
    unsafe nodes.deallocate()
    unsafe ends.deallocate()
  }
}

extension KeyCursor {
  /// The last key.
  var keyBytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: key, count: length)) }
}

/// Which stretch of keys each of the last sources has been seen in.
struct SourceReaches {
  private var reaches: [(source: UInt32, first: [UInt8], last: [UInt8])] = []

  /// Notes that `source` has come to `key`; whether that lies among the keys of another source.
  mutating func overlaps(_ source: UInt32, at key: [UInt8]) -> Bool {
    if let place = reaches.firstIndex(where: { $0.source == source }) {
      if key.lexicographicallyPrecedes(reaches[place].first) { reaches[place].first = key }
      if reaches[place].last.lexicographicallyPrecedes(key) { reaches[place].last = key }
    } else {
      if reaches.count >= KeyCursors.limit { reaches.removeFirst() }
      reaches.append((source, key, key))
    }
    return reaches.contains {
      $0.source != source && $0.first.lexicographicallyPrecedes(key)
        && key.lexicographicallyPrecedes($0.last)
    }
  }
}

/// The cursors of the sources that were read last.
struct KeyCursors {
  static let limit = 64

  private var cursors: [UInt32: KeyCursor] = [:]
  private var uses: UInt64 = 0

  /// The cursor of a source; the one that has rested longest makes room for a new one.
  subscript(source: UInt32) -> KeyCursor {
    mutating get {
      uses += 1
      if let cursor = cursors[source] {
        cursor.lastUse = uses
        return cursor
      }
      if cursors.count >= Self.limit,
        let oldest = cursors.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        cursors[oldest.key] = nil
      }
      let cursor = KeyCursor()
      cursor.lastUse = uses
      cursors[source] = cursor
      return cursor
    }
  }
}
