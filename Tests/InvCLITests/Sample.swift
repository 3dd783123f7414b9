@testable import InvCLI

/// A tool with an option of every kind.
struct Sample: Sendable, Equatable {
  enum Order: String, CaseIterable, OptionValue { case key, size }

  var output: String?
  var memory: UInt64 = 1
  var threads = 2
  var order = Order.key
  var folder: String?
  var excluded: [String] = []
  var below: [UInt8]?
  var maxBad = 0
  var isKeepingGoing = false
  var isForced = false
  var isVerbose = false

  static func command(_ operands: String = "[FILE]...") -> Command<Sample> {
    Command(
      "inv-agg", summary: "sum sorted rows into one row per prefix", operands: operands,
      defaults: Sample(),
      options: [
        .output { $0.output = $1 },
        .memory(usual: "half of all") { $0.memory = $1 },
        .threads { $0.threads = $1 },
        .value("order", nil, "ORDER", "emit rows in ORDER") { $0.order = $1 },
        .value("temporary-folder", "T", "FOLDER", "keep it's [runs] in FOLDER", hint: .folder) {
          $0.folder = $1
        },
        .value("exclude", "x", "GLOB", "leave out what matches GLOB, or GLOB") {
          $0.excluded.append($1)
        },
        .value("below", "b", "PREFIX", "only what is below PREFIX") {
          (sample, prefix: RawBytes) in sample.below = prefix.bytes
        },
        .maxBad { $0.maxBad = $1 },
        .keepGoing { $0.isKeepingGoing = true },
        .force { $0.isForced = true },
        .verbose { $0.isVerbose = true },
      ])
  }
}
