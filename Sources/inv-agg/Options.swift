import InvCLI
import InvFormat
import InvSort
import InvSystem

struct Settings: Sendable {
  var output: String?
  /// The names of the dimensions; nil for those that suit the rows.
  var dimensions: [String]?
  var ageOf: PrefixSchema.AgeOf?
  /// Nil for the one that suits the rows.
  var sizeOf: PrefixSchema.SizeOf?
  var maxDepth: Int?
  var hardlinks = Hardlinks.once
  var findsRepeated = false
  var memory: UInt64?
  var threads = Thread.processors
  var occupied = RunFolder.Occupied.refuse
  var isCompressed = true
  var isVerbose = false
}

enum AgeOf: String, CaseIterable, OptionValue { case modified, accessed }
enum Hardlinks: String, CaseIterable, OptionValue { case once, all }
enum SizeOf: String, CaseIterable, OptionValue { case allocated, logical }

let command = Command<Settings>(
  "inv-agg", summary: "fold object rows into runs of prefix rows", operands: "[FILE]",
  defaults: Settings(),
  options: [
    .output("RUNS/", "write the runs into the folder RUNS/", hint: .folder) { $0.output = $1 },
    .value("by", nil, "LIST", "tell apart by LIST (see DIMENSIONS), or none") {
      (settings, list: String) in
      settings.dimensions = list == "none" ? [] : list.split(separator: ",").map(String.init)
    },
    .value("age-of", nil, "TIME", "tell the age by the time modified or accessed") {
      (settings, time: AgeOf) in settings.ageOf = time == .modified ? .modified : .accessed
    },
    .value("size", nil, "SIZE", "count as bytes the size allocated or logical") {
      (settings, size: SizeOf) in settings.sizeOf = size == .logical ? .logical : .allocated
    },
    .value("max-depth", nil, "N", "count deeper objects at depth N") {
      $0.maxDepth = min($1, Container.keyLimit)
    },
    .value("hardlinks", nil, "WHICH", "count a file with several names once or all") {
      $0.hardlinks = $1
    },
    .flag("unique", nil, "find files that come more than once") { $0.findsRepeated = true },
    .memory(usual: "1/2 of all") { $0.memory = $1 },
    .threads { $0.threads = $1 },
    .flag("add", nil, "add to the runs that are there") { $0.occupied = .add },
    .force { $0.occupied = .replace },
    .flag("plain", nil, "do not compress the runs") { $0.isCompressed = false },
    .verbose { $0.isVerbose = true },
  ])
