import InvAccess
import InvCLI
import InvSystem

struct Settings: Sendable {
  var output: String?
  /// Whether a bucket is listed, and no manifest read.
  var isListing = false
  var hasVersions = false
  /// Options that are handed on, by the name of the program.
  var handed: [String: [[UInt8]]] = [:]
  /// The names of options among those that mean nothing for a manifest.
  var dataOptions: [String] = []
  var snapshot: String?
  /// One for each manifest, or none.
  var mounts: [[UInt8]] = []
  var access = AccessOptions()
  /// Whether rows may be set aside.
  var isPatient = false
  var memory: UInt64?
  var temporary: String?
  var threads: Int?
  var isForced = false
  var isIfNewer = false
  var areRunsKept = false
  var isDryRun = false
  var isVerbose = false

  /// Hands on `--name`, or `--name=value`.
  mutating func hand(_ name: String, _ value: [UInt8]? = nil, to program: String) {
    let option = Array("--\(name)".utf8) + (value.map { [0x3d] + $0 } ?? [])
    handed[program, default: []].append(option)
  }
}

enum AgeOf: String, CaseIterable, OptionValue { case modified, accessed }

extension Option<Settings> {
  /// An option that means what it means in `program`, to which it is handed on.
  static func handed(
    _ name: String, _ operand: String, _ help: String, to program: String, hint: Hint? = nil
  ) -> Option {
    .value(name, nil, operand, help, hint: hint) {
      (settings, value: RawBytes) in settings.hand(name, value.bytes, to: program)
    }
  }

  /// An option of inv-parse that tells what no manifest tells.
  static func data(
    _ name: String, _ operand: String, _ help: String, hint: Hint? = nil
  ) -> Option {
    .value(name, nil, operand, help, hint: hint) { (settings, value: RawBytes) in
      settings.dataOptions.append(name)
      settings.hand(name, value.bytes, to: "inv-parse")
    }
  }

  static func handed(_ name: String, _ help: String, to program: String) -> Option {
    .flag(name, nil, help) { $0.hand(name, to: program) }
  }
}

let command = Command<Settings>(
  "inv-build", summary: "make an index of inventories or scans", operands: "FILE...",
  defaults: Settings(),
  options: [
    .output("OUT/", "write the index into the folder OUT/", hint: .folder) { $0.output = $1 },
    .flag("list", nil, "list a bucket, s3://BUCKET/[PREFIX]: no MANIFEST") {
      $0.isListing = true
    },
    .flag("versions", nil, "list noncurrent versions and delete markers too") {
      $0.hasVersions = true
    },
    .value("snapshot", nil, "TIME", "take the snapshot of TIME, or for that of a scan") {
      $0.snapshot = $1
    },
    .value("mount", nil, "NAME/", "put the next manifest's keys under NAME/") {
      (settings, mount: Mount) in settings.mounts.append(mount.prefix)
    },
    .handed("verify", "compare each file with its MD5 in the manifest", to: "inv-fetch"),
    .handed(
      "spool", "DIR", "put files from servers into DIR until they are read", to: "inv-fetch",
      hint: .folder),
    .handed(
      "spool-limit", "SIZE", "let at most SIZE of files lie there at once", to: "inv-fetch"),
    .handed(
      "keep", "DIR", "keep files from servers in DIR, and use those there", to: "inv-fetch",
      hint: .folder),
    .handed("part-size", "SIZE", "fetch SIZE with each request (default: 8M)", to: "inv-fetch"),
    .handed("with", "NAMES", "carry further columns, such as encryption", to: "inv-parse"),
    .data("format", "NAME", "take data files for NAME, of those of inv-parse"),
    .data("template", "TEXT", "what records of a scan look like"),
    .data("zone", "ZONE", "the zone of times that do not say it (UTC)"),
    .data("bucket", "NAME", "the bucket or filesystem that data files are of"),
    .data("strip", "DIR", "take DIR/ off the paths of a scan; repeatable"),
    .data("schema", "NAMES", "the columns of data files: \"Bucket, Key, Size\""),
    .data("columns", "LIST", "the columns of delimited text: key=3,size=5"),
    .handed("raw-keys", "take keys as they stand, not URL-encoded", to: "inv-parse"),
    .handed("url-keys", "take keys for URL-encoded", to: "inv-parse"),
    .handed(
      "under", "PREFIX", "leave out keys that do not begin with PREFIX", to: "inv-parse"),
    .handed("exclude", "GLOB", "leave out keys that match GLOB; repeatable", to: "inv-parse"),
    .keepGoing {
      $0.isPatient = true
      $0.hand("keep-going", to: "inv-parse")
    },
    .maxBad { settings, count in
      settings.isPatient = settings.isPatient || count > 0
      settings.hand("max-bad", Array("\(count)".utf8), to: "inv-parse")
    },
    .handed("by", "LIST", "tell apart by LIST, such as class,age, or none", to: "inv-agg"),
    .value("age-of", nil, "TIME", "tell the age by the time modified or accessed") {
      (settings, time: AgeOf) in
      settings.hand("age-of", Array(time.rawValue.utf8), to: "inv-agg")
    },
    .handed("size", "SIZE", "count as bytes the size allocated or logical", to: "inv-agg"),
    .handed("hardlinks", "WHICH", "count a file with several names once or all", to: "inv-agg"),
    .handed("unique", "find files that come more than once", to: "inv-agg"),
    .value("max-depth", nil, "N", "count deeper objects at depth N") {
      (settings, depth: Int) in
      settings.hand("max-depth", Array("\(depth)".utf8), to: "inv-agg")
    },
    .handed("raw", "write plain columns, not packed ones", to: "inv-mkindex"),
    .handed(
      "passwd", "FILE", "name owners as FILE does, which is as /etc/passwd", to: "inv-mkindex",
      hint: .file),
    .handed(
      "group-file", "FILE", "name groups as FILE does, which is as /etc/group",
      to: "inv-mkindex", hint: .file),
    .memory(usual: "1/2 of all") { $0.memory = $1 },
    .value("temp", nil, "DIR", "put temporary runs into DIR", hint: .folder) { $0.temporary = $1 },
    .threads { $0.threads = $1 },
    .force { $0.isForced = true },
    .flag("if-newer", nil, "do nothing when OUT/ holds the newest snapshot") {
      $0.isIfNewer = true
    },
    .flag("keep-runs", nil, "keep the runs, and go on from those of last time") {
      $0.areRunsKept = true
    },
    .flag("dry-run", nil, "only tell what there is to do and what it takes") {
      $0.isDryRun = true
    },
  ] + Option.access(\.access) + [.verbose { $0.isVerbose = true }])
