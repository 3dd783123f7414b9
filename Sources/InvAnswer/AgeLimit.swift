public import InvSystem
import InvText

/// An age or a date: the value of `--older-than` and its like.
public enum AgeLimit: Equatable, Sendable {
  /// Days before the snapshot.
  case days(UInt64)
  /// Midnight of a date in UTC, in seconds since 1970.
  case date(Int64)

  public static var expectation: String {
    "an age such as 90d, 6w or 1y, or a date such as 2026-11-01"
  }

  /// Reads either; nil is any other text.
  public init?(option: String) {
    if let days = BandUnit.days.value(option) {
      self = .days(days)
    } else if option.utf8.count == 10, let time = try? Timestamp.seconds(from: Array(option.utf8)) {
      self = .date(time)
    } else {
      return nil
    }
  }

  /// The first time that is not older: `time < boundary` is older than the limit, all else newer.
  ///
  /// What is 90 days old at the snapshot is older than `90d`; what is of a date is not older than it.
  public func boundary(
    snapshot: Int64?, of index: String = "the index"
  ) throws(Failure) -> Int64 {
    switch self {
    case .date(let midnight): return midnight
    case .days(let days):
      guard let snapshot else {
        throw Failure.usage("\(index) does not say of when it is: give a date instead of an age")
      }
      let first = Int128(snapshot) - Int128(days) * 86_400 + 1
      return Int64(clamping: first)
    }
  }
}
