import InvAnswer
import InvSystem

struct Settings: Sendable {
  var children: Int?
  var tree: Int?
  var isAll = false
  var listing = Listing()
  var sort: Listing.Key?
  var olderThan: AgeLimit?
  var newerThan: AgeLimit?
  var by: [String] = []
  var clause: [[UInt8]] = []
  var hasCost = false
  var prices: String?
  var region: String?
  var hasHidden = false
  var isAudit = false
  var isInfo = false
  var format: Format?
  var color = Color.auto
  var isNulTerminated = false
  var isCompleting = false
  var isVerbose = false

  /// Which prefixes are listed; nil where no listing is asked for.
  ///
  /// What is about a listing asks for one: of all where names or leaves are looked for, else of children.
  var scope: Listing.Scope? {
    if let children { return .children(children) }
    if let tree { return .tree(tree) }
    if isAll || listing.isLeavesOnly || !listing.matching.isEmpty { return .all }
    let isListing =
      listing.hasFilters || olderThan != nil || newerThan != nil || sort != nil
      || listing.isReversed || listing.top != nil || listing.limit != nil
    return isListing ? .children(1) : nil
  }

  /// Whether anything is asked that an account of the whole index does not tell.
  private var isQuestion: Bool {
    scope != nil || !by.isEmpty || !clause.isEmpty || hasCost || hasHidden || isNulTerminated
  }

  /// Refuses options that say nothing together.
  func check(_ prefixes: [[UInt8]]) throws(Failure) {
    if isInfo || isAudit {
      let name = isInfo ? "--info" : "--audit"
      if isInfo && isAudit { throw .usage("--info and --audit are two questions: ask one") }
      if !prefixes.isEmpty { throw .usage("\(name) is about the whole index: it takes no PREFIX") }
      if isQuestion { throw .usage("\(name) goes with --format alone") }
    }
    if [children != nil, tree != nil, isAll].count(where: \.self) > 1 {
      throw .usage("of --children, --tree and --all only one can be asked for")
    }
    if listing.isLeavesOnly, tree != nil {
      throw .usage("--leaves shows no tree: use --all or --children")
    }
    try checkCost()
    try checkTimes()
    if hasHidden, !by.isEmpty { throw .usage("--by counts no --hidden: use --by state") }
    if by.count > 2 { throw .usage("--by: at most two dimensions") }
    if isNulTerminated, !prefixes.contains([0x2d]) {
      throw .usage("--null is for prefixes from standard input: give the operand -")
    }
  }

  private func checkCost() throws(Failure) {
    guard !hasCost else { return }
    if sort == .cost { throw .usage("--sort cost needs --cost") }
    if prices != nil { throw .usage("--prices needs --cost") }
    if region != nil { throw .usage("--region needs --cost") }
  }

  /// Of a part of the objects no times are known.
  private func checkTimes() throws(Failure) {
    guard !clause.isEmpty else { return }
    let names = [
      (olderThan != nil, "--older-than"), (newerThan != nil, "--newer-than"),
      (sort == .oldest, "--sort oldest"), (sort == .newest, "--sort newest"),
    ]
    if let (_, name) = names.first(where: \.0) {
      throw .usage("\(name) does not go with --where: use --where age=...")
    }
  }
}
