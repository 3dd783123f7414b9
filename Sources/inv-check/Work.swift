import InvCLI
import InvFormat
import InvSystem

/// What came of one file or index.
struct CheckResult: Sendable {
  let name: String
  let outcome: Result<Whole, Failure>
}

/// What is in a stream or an index that is whole.
struct Whole: Sendable {
  let summary: String
  let rows: UInt64
  let bytes: UInt64
  /// Which run it is, if it is one.
  var mark: RunMark?

  /// Reads all of what is at `path`.
  init(_ path: String) throws(Failure) {
    if path != "-", try FileStatus.of(path)?.kind == .folder {
      let check = try IndexCheck(path)
      (summary, rows, bytes) = (check.summary, check.prefixes, check.bytes)
    } else {
      let check = try StreamCheck(path == "-" ? .standardInput : try Descriptor.reading(path))
      (summary, rows, bytes, mark) = (check.summary, check.rows, check.bytes, check.mark)
    }
  }
}

/// Checks every file and index, `threads` at once; the results are in the order of `paths`.
func check(_ paths: [String], threads: Int) throws(Failure) -> [CheckResult] {
  let work = CheckWork(paths)
  let others = try (1..<max(1, min(threads, paths.count))).map { _ throws(Failure) in
    try Thread { work.run() }
  }
  work.run()
  for thread in others { thread.join() }
  return work.results
}

/// The files to check and what came of them, for all threads.
private final class CheckWork: @unchecked Sendable {
  private let monitor = Monitor()
  private let paths: [String]
  private var next = 0
  private var found: [Int: CheckResult] = [:]

  init(_ paths: [String]) { self.paths = paths }

  var results: [CheckResult] { monitor.withLock { paths.indices.compactMap { found[$0] } } }

  func run() {
    while let place = take() {
      let path = paths[place]
      let outcome: Result<Whole, Failure>
      do throws(Failure) { outcome = .success(try Whole(path)) } catch { outcome = .failure(error) }
      let name = path == "-" ? Descriptor.standardInput.name : path
      monitor.withLock { found[place] = CheckResult(name: name, outcome: outcome) }
    }
  }

  private func take() -> Int? {
    monitor.withLock {
      guard next < paths.count else { return nil }
      next += 1
      return next - 1
    }
  }
}

/// Says what was found, and returns the status to leave with.
func report(_ results: [CheckResult], isQuiet: Bool) throws(Failure) -> ExitStatus {
  var output = TextOutput()
  var status = ExitStatus.yes
  for result in results {
    switch result.outcome {
    case .success(let found):
      if !isQuiet { try output.write("\(printable(result.name)): ok: \(found.summary)\n") }
    case .failure(let failure):
      try output.flush()
      command.say(failure.sentence)
      // What could not be read may be whole: that is no answer, and comes first.
      if failure.status != .data { status = failure.status }
      if status == .yes { status = .no }
    }
  }
  try output.flush()
  for fault in faultsOfSets(results) {
    command.say(fault)
    if status == .yes { status = .no }
  }
  try output.finish()
  return status
}

/// What is wrong with the sets of which more than one run is there: a sentence each.
private func faultsOfSets(_ results: [CheckResult]) -> [String] {
  var sets: [String: [(mark: RunMark, name: String)]] = [:]
  for result in results {
    guard let found = try? result.outcome.get(), let mark = found.mark else { continue }
    sets[mark.set, default: []].append((mark, result.name))
  }
  var faults: [String] = []
  for (set, runs) in sets.sorted(by: { $0.key < $1.key }) where runs.count > 1 {
    let runs = runs.sorted { ($0.mark.number, $0.name) < ($1.mark.number, $1.name) }
    for (run, next) in zip(runs, runs.dropFirst()) {
      if run.mark.number == next.mark.number {
        faults.append(
          "set \(set): run \(run.mark.number) is there twice: \(printable(run.name)) and"
            + " \(printable(next.name))")
      }
      if run.mark.isLast && run.mark.number < next.mark.number {
        faults.append(
          "set \(set): run \(run.mark.number) says it is the last, and there is run"
            + " \(next.mark.number)")
      }
    }
    faults += missing(set, runs.map(\.mark))
  }
  return faults
}

private func missing(_ set: String, _ runs: [RunMark]) -> [String] {
  var faults: [String] = []
  var expected = 0
  for run in runs where run.number >= expected {
    if run.number > expected {
      let gap =
        run.number - 1 == expected ? "run \(expected)" : "runs \(expected) to \(run.number - 1)"
      faults.append("set \(set): \(gap) missing")
    }
    expected = run.number + 1
  }
  if let last = runs.last, !last.isLast {
    faults.append("set \(set): the runs after run \(last.number) are missing")
  }
  return faults
}
