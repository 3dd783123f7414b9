import InvAccess
import InvCLI
import InvSystem

struct Settings: Sendable {
  /// Which snapshot of a configuration; nil for its newest.
  var snapshot: String?
  /// One for each manifest, or none.
  var mounts: [[UInt8]] = []
  var part = Part.all
  var areBytesInline = false
  var isVerifying = false
  var isDryRun = false
  var threads = Thread.processors
  /// How many requests are under way at once.
  var connections = 8
  var partSize: UInt64 = 8 << 20
  var access = AccessOptions()
  /// Where files from servers lie until they have been read; nil for the usual place.
  var spool: String?
  var spoolLimit: UInt64?
  /// Where files from servers are kept.
  var keep: String?
  var isVerbose = false

  /// That of `--spool`, else TMPDIR; else /var/tmp, for /tmp is often kept in memory.
  var spoolFolder: String { spool ?? Machine.environment("TMPDIR") ?? "/var/tmp" }
}

/// One of several shares, such as 3/16.
struct Part: OptionValue, Equatable, Sendable {
  static let expectation = "a share such as 3/16"
  static let all = Part(number: 1, count: 1)
  let number: Int
  let count: Int

  private init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  init?(option: String) {
    let parts = option.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(option: String(parts[0])),
      let count = Int(option: String(parts[1])), number >= 1, number <= count
    else { return nil }
    self.init(number: number, count: count)
  }
}

let command = Command<Settings>(
  "inv-fetch", summary: "find the data files of inventories and name them in a file stream",
  operands: "MANIFEST...", defaults: Settings(),
  options: [
    .value("snapshot", nil, "TIME", "take the snapshot of TIME, not the newest") {
      $0.snapshot = $1
    },
    .value("mount", nil, "NAME/", "put the next MANIFEST's keys under NAME/") {
      (settings, mount: Mount) in settings.mounts.append(mount.prefix)
    },
    .value("part", nil, "I/N", "take the I-th of N fair shares of the files") { $0.part = $1 },
    .flag("verify", nil, "compare each file with its MD5 in the manifest") {
      $0.isVerifying = true
    },
    .flag("inline", nil, "write the bytes of the files, not their paths") {
      $0.areBytesInline = true
    },
    .flag("dry-run", nil, "list the files as text instead") { $0.isDryRun = true },
    .value(
      "spool", nil, "DIR", "put files from servers into DIR until they are read", hint: .folder
    ) {
      $0.spool = $1
    },
    .value("spool-limit", nil, "SIZE", "let at most SIZE of files lie there at once") {
      (settings, size: ByteCount) in settings.spoolLimit = size.bytes
    },
    .value("keep", nil, "DIR", "keep files from servers in DIR, and use those there", hint: .folder)
    {
      $0.keep = $1
    },
    .value("part-size", nil, "SIZE", "fetch SIZE with each request (default: 8M)") {
      (settings, size: ByteCount) in settings.partSize = size.bytes
    },
    .value("threads", "j", "N", "use N threads, and N requests at once (default: 8)") {
      (settings, count: Count) in
      settings.threads = min(count.value, 4096)
      settings.connections = min(count.value, 256)
    },
  ] + Option.access(\.access) + [.verbose { $0.isVerbose = true }])
