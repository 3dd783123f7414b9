/// The exit statuses of inv(7).
public enum ExitStatus: Int32, Sendable {
  /// Yes, or done.
  case yes = 0
  /// The answer is no: no such prefix, differences found, damaged.
  case no = 1
  /// Wrong use of the command line.
  case usage = 64
  /// Bad data.
  case data = 65
  /// Our own fault.
  case fault = 70
  /// The system refused: disk, read, write.
  case system = 74
  /// Try again later: network.
  case again = 75
}
