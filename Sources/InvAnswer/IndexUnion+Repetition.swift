import InvFormat
import InvText

extension IndexUnion {
  /// A sentence for each snapshot of a bucket that is in several of the indexes, which may be two
  /// indexes of the same objects.
  public var repetitions: [String] {
    var seen: [(origin: Origin, indexes: [Index])] = []
    for index in indexes {
      for origin in index.schema.origins where !origin.bucket.isEmpty && origin.snapshot != nil {
        let place = seen.firstIndex {
          $0.origin.bucket == origin.bucket && $0.origin.snapshot == origin.snapshot
            && $0.indexes.contains { !$0.isApart(from: index) }
        }
        guard let place else {
          seen.append((origin, [index]))
          continue
        }
        if seen[place].indexes.last !== index { seen[place].indexes.append(index) }
      }
    }
    return seen.filter { $0.indexes.count > 1 }.map { origin, indexes in
      let time = origin.snapshot.flatMap { Timestamp.text($0) } ?? "unknown time"
      let count = indexes.count == 2 ? "two" : "\(indexes.count)"
      return "\(text8(origin.bucket)) of \(time) is in \(count) of the indexes: "
        + "what they share counts more than once"
    }
  }
}

extension Index {
  /// Whether each has only what is under a prefix, and neither is under that of the other.
  fileprivate func isApart(from other: Index) -> Bool {
    guard let one = schema.under, let another = other.schema.under else { return false }
    return !one.starts(with: another) && !another.starts(with: one)
  }
}
