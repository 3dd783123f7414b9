/// How times that name no zone are meant.
struct LocalClock: Equatable, Sendable {
  var secondsEast: Int64 = 0

  /// The time in UTC when clocks there showed `local`.
  @inline(__always)
  func utc(local: Int64) -> Int64 { local &- secondsEast }
}
