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
      (settings, pattern: KeyPattern) in settings.excluded.append(pattern.glob)
    },
    .value("keep", nil, "DIR", "keep the rows in DIR, and go on from there", hint: .folder) {
      $0.keep = $1
    },
    .value("requests", "j", "N", "send up to N requests at once (default: 16)") {
      (settings, count: Count) in settings.width = min(count.value, 512)
    },
    .verbose { $0.isVerbose = true },
  ])
