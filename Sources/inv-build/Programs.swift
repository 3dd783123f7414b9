import InvAccess
import InvCLI
import InvSource
import InvSystem

/// inv-fetch, inv-parse and inv-agg, which make runs of inventories.
func reading(
  _ found: [Program], _ settings: Settings, _ operands: [Operand], _ inputs: Inputs?,
  _ shares: Shares, into runs: String
) -> [Program] {
  var programs = found.map { program in
    var program = program
    program.arguments = settings.handed[program.name] ?? []
    return program.with(settings)
  }
  for word in settings.access.words { programs[0].add(word) }
  for mount in settings.mounts { programs[0].arguments += [Array("--mount".utf8), mount] }
  if let inputs {
    // What has been looked at is what is to be read, even if a newer snapshot has come since.
    programs[0].add("--")
    for operand in inputs.operands { programs[0].add(operand) }
  } else {
    if let snapshot = settings.snapshot { programs[0].add("--snapshot=\(snapshot)") }
    programs[0].add("--")
    programs[0].arguments += operands.map(\.bytes)
  }
  programs[2].add("--memory=\(shares.aggregate)", "--output", runs)
  return programs
}

/// inv-list and inv-agg, which make runs of a bucket.
func reading(
  _ found: [Program], _ settings: Settings, _ listing: Listing, _ shares: Shares,
  into runs: String
) -> [Program] {
  var programs = found.map { $0.with(settings) }
  for word in settings.access.words { programs[0].add(word) }
  programs[0].arguments += listing.options
  programs[0].add("--")
  programs[0].arguments.append(listing.operand.bytes)
  programs[1].arguments += settings.handed["inv-agg"] ?? []
  programs[1].add("--memory=\(shares.aggregate)", "--output", runs)
  return programs
}

/// inv-parse and inv-agg, which make runs of data files.
func reading(
  _ found: [Program], _ settings: Settings, _ scans: Scans, _ shares: Shares, into runs: String
) -> [Program] {
  var programs = found.map { program in
    var program = program
    program.arguments = settings.handed[program.name] ?? []
    return program.with(settings)
  }
  programs[0].arguments += scans.options
  programs[0].add("--")
  programs[0].arguments += scans.operands.map(\.bytes)
  programs[0].readsStandardInput = scans.operands.contains { $0.bytes == [0x2d] }
  programs[1].add("--memory=\(shares.aggregate)", "--output", runs)
  return programs
}

/// inv-merge and inv-mkindex, which make an index of runs.
func indexing(
  _ found: [Program], _ settings: Settings, _ target: Target, _ shares: Shares, from runs: String
) -> [Program] {
  var programs = found.map { $0.with(settings) }
  programs[0].add("--memory=\(shares.merge)", "--temp", runs)
  programs[0].add("--", runs)
  programs[1].arguments += settings.handed["inv-mkindex"] ?? []
  programs[1].add("--memory=\(shares.index)")
  if settings.isForced || settings.isIfNewer { programs[1].add("--force") }
  if let folder = settings.temporary { programs[1].add("--temp", folder) }
  programs[1].add("--", target.path)
  return programs
}

extension Program {
  /// With the options that all have.
  fileprivate func with(_ settings: Settings) -> Program {
    var program = self
    if let threads = settings.threads { program.add("-j", "\(threads)") }
    if settings.isVerbose { program.add("-v") }
    return program
  }
}
