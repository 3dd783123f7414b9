import InvBytes
import InvCLI
import InvSource
import InvSystem
import InvText

struct Settings: Sendable {
  var format = InputFormat.auto
  var schema: String?
  var words: [String] = []
  var bucket: [UInt8]?
  var snapshot: Int64?
  var mount: [UInt8]?
  var choice = RowChoice()
  var head: UInt64?
  var patience = Patience.upTo(0)
  var threads = Thread.processors
  var isVerbose = false
}

enum InputFormat: String, CaseIterable, OptionValue {
  case auto
  case csv = "s3-csv"
  case parquet = "s3-parquet"
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
  "inv-parse", summary: "turn inventories into object rows", operands: "[FILE]...",
  defaults: Settings(),
  options: [
    .value("format", nil, "NAME", "take the files for NAME, such as s3-csv") { $0.format = $1 },
    .value("schema", nil, "NAMES", "the columns of the files: \"Bucket, Key, Size\"") {
      $0.schema = $1
    },
    .value("with", nil, "NAMES", "carry further columns, such as encryption") {
      (settings, list: String) in
      settings.words += list.split(separator: ",").map(String.init)
    },
    .flag("raw-keys", nil, "take keys as they stand, not URL-encoded") {
      $0.choice.hasRawKeys = true
    },
    .value("bucket", nil, "NAME", "the bucket that FILEs are an inventory of") {
      (settings, name: RawBytes) in settings.bucket = name.bytes
    },
    .value("snapshot", nil, "TIME", "when FILEs were made") {
      (settings, time: SnapshotTime) in settings.snapshot = time.seconds
    },
    .value("mount", nil, "NAME/", "put the keys under NAME/") {
      (settings, mount: Mount) in settings.mount = mount.prefix
    },
    .value("under", nil, "PREFIX", "leave out keys that do not begin with PREFIX") {
      (settings, prefix: RawBytes) in settings.choice.under = prefix.bytes
    },
    .value("exclude", nil, "GLOB", "leave out keys that match GLOB; repeatable") {
      (settings, pattern: Pattern) in settings.choice.excluded.append(pattern.glob)
    },
    .value("head", nil, "N", "stop after N rows") {
      (settings, count: Count) in settings.head = UInt64(count.value)
    },
    .keepGoing { $0.patience = .endless },
    .maxBad { settings, count in
      if settings.patience != .endless { settings.patience = .upTo(count) }
    },
    .threads { $0.threads = $1 },
    .verbose { $0.isVerbose = true },
  ])
