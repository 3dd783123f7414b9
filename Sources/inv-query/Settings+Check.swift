import InvAnswer
import InvSystem

extension Settings {
  /// Whether anything is asked that an account of the whole index does not tell.
  private var isQuestion: Bool {
    scope != nil || !by.isEmpty || !partOptions.isEmpty || hasCost || hasHidden || hasDirectories
      || hasTotal || isNumeric || !strip.isEmpty || isNulTerminated
  }

  /// Refuses options that say nothing together.
  func check(_ prefixes: [[UInt8]]) throws(Failure) {
    if isInfo || isAudit {
      if !others.isEmpty {
        throw .usage("\(isInfo ? "--info" : "--audit") is about one index: ask for each")
      }
      let name = isInfo ? "--info" : "--audit"
      if isInfo && isAudit { throw .usage("--info and --audit are two questions: ask one") }
      if !prefixes.isEmpty { throw .usage("\(name) is about the whole index: it takes no PREFIX") }
      if isQuestion { throw .usage("\(name) goes with --format alone") }
    }
    try checkListing()
    try checkCost()
    try checkTimes()
    try checkBreakdown()
    if isNulTerminated, !prefixes.contains([0x2d]) {
      throw .usage("--null is for prefixes from standard input: give the operand -")
    }
  }

  private func checkListing() throws(Failure) {
    if [children != nil, tree != nil, isAll].count(where: \.self) > 1 {
      throw .usage("of --children, --tree and --all only one can be asked for")
    }
    // What is above them is not listed, and in a tree nothing is listed below that.
    let low = [
      (listing.isLeavesOnly, "--leaves"), (listing.leastDepth != nil, "--min-depth"),
      (single.contains(.user), "--single-owner"), (single.contains(.group), "--single-group"),
    ]
    if tree != nil, let (_, name) = low.first(where: \.0) {
      throw .usage("\(name) shows no tree: use --all or --children")
    }
    if ignoresCase, matching.isEmpty, named.isEmpty, excluding.isEmpty {
      throw .usage("--ignore-case is for --name, --match and --exclude")
    }
  }

  private func checkCost() throws(Failure) {
    guard !hasCost else { return }
    if sort == .cost { throw .usage("--sort cost needs --cost") }
    if prices != nil { throw .usage("--prices needs --cost") }
    if region != nil { throw .usage("--region needs --cost") }
  }

  /// Of a part of the objects no times are known; of one by owners or groups, bands of ages do.
  private func checkTimes() throws(Failure) {
    guard let part = partOptions.first else { return }
    let limits = [
      (olderThan != nil, "--older-than"), (newerThan != nil, "--newer-than"),
      (accessedBefore != nil, "--accessed-before"), (accessedAfter != nil, "--accessed-after"),
    ]
    let orders = [
      (sort == .oldest, "--sort oldest"), (sort == .newest, "--sort newest"),
      (sort == .accessed, "--sort accessed"),
    ]
    if let (_, name) = ((clause.isEmpty ? [] : limits) + orders).first(where: \.0) {
      throw .usage("\(name) does not go with \(part): use --where age=...")
    }
  }

  private func checkBreakdown() throws(Failure) {
    guard !by.isEmpty else { return }
    if hasHidden { throw .usage("--by counts no --hidden: use --by state") }
    if hasDirectories { throw .usage("--by counts no --dirs: use --by state") }
    if by.count > 2 { throw .usage("--by: at most two dimensions") }
    if scope == nil, let sort, BreakdownOrder.Key(rawValue: sort.rawValue) == nil {
      let keys = BreakdownOrder.Key.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("--sort \(sort.rawValue) is about listings; the values of --by go by \(keys)")
    }
  }
}
