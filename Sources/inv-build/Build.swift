import Glibc
import InvAccess
import InvCLI
import InvFormat
import InvSystem

/// Makes an index of the inventories, of the data files or of the bucket that the operands name, or says
/// why there is none to be made.
func build(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  let listing = settings.isListing ? try Listing(operands, settings) : nil
  guard listing != nil || !settings.hasVersions else {
    throw .usage("--versions is for --list: an inventory has the versions that it has")
  }
  let scans = listing == nil ? try Scans(operands, settings) : nil
  let shares = try Shares(
    settings.memory, threads: settings.threads ?? Thread.processors,
    listing != nil
      ? .listing
      : scans != nil
        ? .scans
        : operands.contains { isRemote($0.text) } ? .servers : .files)
  if settings.isDryRun {
    try list(
      listing == nil && scans == nil ? try Inputs(operands, settings) : nil, scans, shares)
    return .yes
  }
  guard let output = settings.output else { throw .usage("missing option: --output OUT/") }
  let target = try Target(output)
  var inputs: Inputs?
  if settings.isIfNewer || settings.areRunsKept { inputs = try Inputs(operands, settings) }
  if settings.isIfNewer, let inputs, try target.holds(inputs.origins) {
    if settings.isVerbose {
      command.say("nothing to do: \(printable(target.path)) holds the newest snapshot")
    }
    return .yes
  }
  try target.refuse(unless: settings.isForced || settings.isIfNewer)
  for note in inputs?.notes ?? [] { command.say(note) }
  return try Building(settings, operands, listing, scans, inputs, target, shares).run()
}

/// One index in the making.
private final class Building {
  private let settings: Settings
  private let target: Target
  private let shares: Shares
  private let inputs: Inputs?
  private let scans: Scans?
  /// Whether a program whose result is whole has said that data is bad.
  private var hasRefusedData = false
  private let runs: Runs
  private let children = Children()
  private let programs: [[Program]]
  private var summary = Summary()

  init(
    _ settings: Settings, _ operands: [Operand], _ listing: Listing?, _ scans: Scans?,
    _ inputs: Inputs?, _ target: Target, _ shares: Shares
  ) throws(Failure) {
    (self.settings, self.target, self.shares) = (settings, target, shares)
    (self.inputs, self.scans) = (inputs, scans)
    let names =
      (listing != nil ? ["inv-list"] : scans != nil ? ["inv-parse"] : ["inv-fetch", "inv-parse"])
      + ["inv-agg", "inv-merge", "inv-mkindex"]
    let found = try names.map { name throws(Failure) in try Program(name) }
    let (first, second) = (Array(found.dropLast(2)), Array(found.suffix(2)))
    try Temporaries.shared.watch()
    let children = children
    // No signal comes between the making of the folder and what removes it.
    runs = try Temporaries.shared.publish { () throws(Failure) in
      let runs = try Runs(for: target, settings, record: inputs?.record(settings) ?? Fields())
      let areKept = settings.areRunsKept
      Temporaries.shared.beforeRemoval {
        children.end()
        if areKept { runs.removeIfEmpty() } else { runs.remove() }
      }
      return runs
    }
    let readers =
      if let listing {
        reading(first, settings, listing, shares, into: runs.path)
      } else if let scans {
        reading(first, settings, scans, shares, into: runs.path)
      } else {
        reading(first, settings, operands, inputs, shares, into: runs.path)
      }
    programs = [readers, indexing(second, settings, target, shares, from: runs.path)]
  }

  func run() throws(Failure) -> ExitStatus {
    if !runs.areThere {
      try run(programs[0], "1/2 ") { parts in
        // Where rows were set aside the status is 65 all the same.
        parts.allSatisfy { $0.hasRefusedData } && (try? runs.audit()) != nil
      }
    } else if settings.isVerbose {
      command.say("going on from the runs in \(printable(runs.path))")
    }
    let audit = try runs.audit()
    let before = try target.identity()
    try run(programs[1], "2/2 ") { parts in
      // One that was killed has not been able to remove it.
      target.removeLeftovers()
      guard parts.allSatisfy({ $0.hasRefusedData }), let now = try? target.identity() else {
        return false
      }
      return now != before
    }
    if !settings.areRunsKept { runs.remove() }
    if settings.isVerbose {
      summary.rows = audit.read
      summary.bytes = inputs?.bytes ?? scans?.bytes
      command.say(summary.line)
    }
    return audit.setAsideCount > 0 || hasRefusedData ? .data : .yes
  }

  /// Runs programs to their ends; `isDone` says whether what came out is whole although some have
  /// failed.
  private func run(
    _ programs: [Program], _ label: String, isDone: ([Pipeline.Part]) -> Bool
  ) throws(Failure) {
    let parts = try Pipeline(programs, children).run(label: label)
    let failed = parts.filter(\.hasFailed)
    var cause: Pipeline.Part?
    if !failed.isEmpty, !isDone(failed) {
      var causes = failed.filter(\.isCause)
      if settings.isPatient, causes.count > 1, causes[0].hasRefusedData, !causes[1].isAfterAnother {
        // That it has set rows aside is not why the next one failed.
        causes.removeFirst()
      }
      cause = causes.first ?? failed[0]
    }
    for part in parts {
      if cause == nil || !part.hasFailed { passOn(part.lines) }
    }
    guard let cause else {
      hasRefusedData = hasRefusedData || parts.contains(where: \.hasRefusedData)
      let usage = parts.map(\.process.usage)
      summary.others.cpuSeconds += usage.reduce(0) { $0 + $1.cpuSeconds }
      let peak = usage.reduce(0) { $0 + $1.peakMemory }
      summary.others.peakMemory = max(summary.others.peakMemory, peak)
      return
    }
    passOn(cause.remarks)
    if case .signal(let signal) = cause.process.ending, [SIGINT, SIGTERM, SIGHUP].contains(signal) {
      // What has reached one program has most likely been sent to us too.
      pause(milliseconds: 300)
    }
    throw cause.failure
  }
}
