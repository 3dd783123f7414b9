import InvBytes
import InvCLI
import InvSource
import InvSystem

struct Settings: Sendable {
  var reading = ReadingOptions()
  var bucket: [UInt8]?
  var snapshot: Int64?
  var mount: [UInt8]?
  var choice = RowChoice()
  var head: UInt64?
  var patience = Patience.upTo(0)
  var threads = Thread.processors
  var isVerbose = false
  var listsFormats = false
}

/// The name of a format, or none: that files show what they are.
struct FormatName: OptionValue {
  static let expectation = "auto or one of those that --formats lists"
  static let hint = Hint.words(["auto"] + SourceFormat.allCases.map(\.rawValue))
  let format: SourceFormat?

  init?(option: String) {
    format = SourceFormat(rawValue: option)
    if format == nil && option != "auto" { return nil }
  }
}

/// The byte between two columns.
struct Delimiter: OptionValue {
  static let expectation = "one character, or \\t"
  let byte: UInt8

  init?(bytes: [UInt8]) {
    if bytes.elementsEqual("\\t".utf8) {
      byte = 0x09
      return
    }
    let taken: [UInt8] = [0x00, 0x0a, 0x0d, 0x22]
    guard bytes.count == 1, bytes[0] < 0x80, !taken.contains(bytes[0]) else { return nil }
    byte = bytes[0]
  }

  init?(option: String) { self.init(bytes: Array(option.utf8)) }
}

/// Where times are meant that name no zone.
struct Zone: OptionValue {
  static let expectation = "a time zone such as +02:00, UTC or Europe/Berlin"
  let clock: LocalClock

  init?(option: String) {
    guard let clock = LocalClock(named: option) else { return nil }
    self.clock = clock
  }
}

let command = Command<Settings>(
  "inv-parse", summary: "turn inventories and scans into object rows", operands: "[FILE]...",
  defaults: Settings(),
  options: [
    .value("format", nil, "NAME", "take the files for NAME, of those of --formats") {
      (settings, name: FormatName) in settings.reading.format = name.format
    },
    .flag("formats", nil, "list the formats and how they are recognised") {
      $0.listsFormats = true
    },
    .value("schema", nil, "NAMES", "the columns of the files: \"Bucket, Key, Size\"") {
      $0.reading.schema = $1
    },
    .value("columns", nil, "LIST", "the columns of text: key=3,size=5") {
      $0.reading.columns = $1
    },
    .value("delimiter", nil, "CHAR", "what is between the columns of text") {
      (settings, delimiter: Delimiter) in settings.reading.delimiter = delimiter.byte
    },
    .flag("header", nil, "the first line of text has the names of columns") {
      $0.reading.hasHeader = true
    },
    .flag("unquoted", nil, "take quotes in text as they stand") {
      $0.reading.hasNoQuotes = true
    },
    .value("template", nil, "TEXT", "what records look like, as find -printf says it") {
      (settings, text: RawBytes) in settings.reading.template = text.bytes
    },
    .value("strip", nil, "DIR", "take DIR/ off the paths of a scan; repeatable") {
      (settings, path: RawBytes) in settings.reading.strips.append(path.bytes)
    },
    .value("zone", nil, "ZONE", "the zone of times that do not say it (UTC)") {
      (settings, zone: Zone) in settings.reading.clock = zone.clock
    },
    .value("with", nil, "NAMES", "carry further columns, such as encryption") {
      (settings, list: String) in
      settings.reading.words += list.split(separator: ",").map(String.init)
    },
    .flag("raw-keys", nil, "take keys as they stand, not URL-encoded") {
      $0.choice.hasEncodedKeys = false
    },
    .flag("url-keys", nil, "take keys for URL-encoded") {
      $0.choice.hasEncodedKeys = true
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
      (settings, pattern: KeyPattern) in settings.choice.excluded.append(pattern.glob)
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
