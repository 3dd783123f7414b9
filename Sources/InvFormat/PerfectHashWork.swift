import InvSystem

/// One partition on its way through a thread: keys in, bytes out.
final class PerfectHashWork: @unchecked Sendable {
  let first: UInt64
  /// The keys; once they are built the memory may be used again.
  var records: [PerfectHashRecord]
  private let built = BoundedQueue<Result<PerfectHashBytes, Failure>>(capacity: 1)

  init(first: UInt64, records: [PerfectHashRecord]) {
    self.first = first
    self.records = records
  }

  /// Builds the partition; to be called once.
  func build(_ search: inout PerfectHashSearch, _ header: PerfectHashHeader) {
    built.push(
      Result { () throws(Failure) in
        try PerfectHashBytes(first: first, records, header, &search)
      })
  }

  /// Waits for what `build` made.
  func await() throws(Failure) -> PerfectHashBytes {
    guard let result = built.pop() else { throw Failure("a thread has ended", .fault) }
    return try result.get()
  }
}
