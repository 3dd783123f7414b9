public import InvText

/// A point in time, as InvText reads it.
public struct SnapshotTime: OptionValue {
  public static var expectation: String { "a time such as 2026-11-01T00:00:00Z" }
  public let seconds: Int64

  public init?(option: String) {
    guard let seconds = try? Timestamp.seconds(from: Array(option.utf8)) else { return nil }
    self.seconds = seconds
  }
}

/// A pattern for whole keys.
public struct KeyPattern: OptionValue {
  public static var expectation: String { "a pattern such as '*.tmp'" }
  public let glob: Glob

  public init?(bytes: [UInt8]) {
    guard let glob = try? Glob(bytes) else { return nil }
    self.glob = glob
  }

  public init?(option: String) { self.init(bytes: Array(option.utf8)) }
}

/// The name of a folder that keys are put under: a slash is added where there is none at its end.
public struct Mount: OptionValue {
  public static var expectation: String { "a name such as archive/" }
  public let prefix: [UInt8]

  public init?(bytes: [UInt8]) {
    if bytes.isEmpty || bytes.count > 1024 { return nil }
    prefix = bytes.last == 0x2f ? bytes : bytes + [0x2f]
  }

  public init?(option: String) { self.init(bytes: Array(option.utf8)) }
}
