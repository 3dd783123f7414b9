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
  let output = try Output(place, settings, snapshot: settings.snapshot ?? Machine.time)
  let requests: Requests
  do throws(Failure) {
    let plan = ListingPlan(prefix: place.prefix, width: settings.width)
    requests = try Requests(place, access, plan, width: settings.width, output) { _, _ in }
    try requests.run()
    try output.finish()
  } catch {
    throw output.fail(error)
  }
  if output.counted == 0 {
    command.say("0 rows: no key begins with \(printableName(place.name))")
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
