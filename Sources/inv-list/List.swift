import InvAccess
import InvCLI
import InvNet
import InvSource
import InvSystem

/// Lists a bucket and writes object rows.
func list(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> ExitStatus {
  var summary = Summary()
  try refuseTerminal(.standardOutput)
  let place = try Place(operands[0].bytes, hasVersions: settings.hasVersions)
  let access = try Access(settings.access)
  var keep: Keep?
  if let folder = settings.keep {
    let path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    do throws(Failure) {
      keep = try Keep(path, place, snapshot: settings.snapshot)
    } catch {
      throw try Output(place, settings, nil).fail(error)
    }
  }
  let output = try Output(place, settings, keep)
  let requests: Requests
  do throws(Failure) {
    for part in keep?.parts ?? [] {
      if let path = keep?.path(part) { try output.copy(path) }
    }
    let plan = ListingPlan(
      prefix: place.prefix, hasVersions: settings.hasVersions, width: settings.width,
      ranges: keep?.ranges ?? [ListingRange(number: 0)], canBeFree: keep == nil)
    requests = try Requests(place, access, plan, width: settings.width, output) {
      (cut, plan) throws(Failure) in try keep?.note(cut, plan)
    }
    do throws(Failure) { try requests.run() } catch {
      // The failure is the news, not that what was listed could not be kept.
      try? keep?.finish()
      throw error
    }
    try output.finish()
  } catch {
    throw output.fail(error)
  }
  if output.counted == 0 {
    command.say("0 objects: no key begins with \(printableName(place.name))")
  }
  if settings.isVerbose {
    summary.rows = output.counted
    summary.counts = [
      (UInt64(requests.count), "requests"), (UInt64(access.remote.retries), "retries"),
    ]
    command.say(summary.line)
  }
  return .yes
}
