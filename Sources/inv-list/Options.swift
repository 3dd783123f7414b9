import InvAccess
import InvBytes
import InvCLI
import InvSystem
import InvText

struct Settings: Sendable {
  var access = AccessOptions()
  var hasVersions = false
  var snapshot: Int64?
  var mount: [UInt8] = []
  var excluded: [Glob] = []
  var keep: String?
  /// How many requests are on their way at once.
  var width = 16
  var isVerbose = false
}

struct SnapshotTime: OptionValue {
  static let expectation = "a time such as 2026-11-01T00:00:00Z"
  let seconds: Int64

  init?(option: String) {
    guard let seconds = try? Timestamp.seconds(from: Array(option.utf8)) else { return nil }
    self.seconds = seconds
  }
}

struct Pattern: OptionValue {
  static let expectation = "a pattern such as '*.tmp'"
  let glob: Glob

  init?(bytes: [UInt8]) {
    guard let glob = try? Glob(bytes) else { return nil }
    self.glob = glob
  }

  init?(option: String) { self.init(bytes: Array(option.utf8)) }
}

/// The name of a folder: a slash is added where there is none at its end.
struct Mount: OptionValue {
  static let expectation = "a name such as archive/"
  let prefix: [UInt8]

  init?(bytes: [UInt8]) {
    if bytes.isEmpty || bytes.count > 1024 { return nil }
    prefix = bytes.last == 0x2f ? bytes : bytes + [0x2f]
  }

  init?(option: String) { self.init(bytes: Array(option.utf8)) }
}

let command = Command<Settings>(
  "inv-list", summary: "list a bucket that has no inventory", operands: "s3://BUCKET/[PREFIX]",
  hint: .none, defaults: Settings(),
  options: Option.access(\.access) + [
    .flag("versions", nil, "list noncurrent versions and delete markers too") {
      $0.hasVersions = true
    },
    .value("snapshot", nil, "TIME", "count ages before TIME, not before now") {
      (settings, time: SnapshotTime) in settings.snapshot = time.seconds
    },
    .value("mount", nil, "NAME/", "put the keys under NAME/") {
      (settings, mount: Mount) in settings.mount = mount.prefix
    },
    .value("exclude", nil, "GLOB", "leave out keys that match GLOB; repeatable") {
      (settings, pattern: Pattern) in settings.excluded.append(pattern.glob)
    },
    .value("keep", nil, "DIR", "keep the rows in DIR, and go on from there", hint: .folder) {
      $0.keep = $1
    },
    .value("requests", "j", "N", "send up to N requests at once (default: 16)") {
      (settings, count: Count) in settings.width = min(count.value, 512)
    },
    .verbose { $0.isVerbose = true },
  ])
