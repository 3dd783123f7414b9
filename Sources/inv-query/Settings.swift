import InvAnswer
import InvSystem

struct Settings: Sendable {
  /// The indexes that are asked together with the first.
  var others: [String] = []
  var children: Int?
  var tree: Int?
  var isAll = false
  /// What the options say of it in figures; patterns, ages and the like are below.
  var listing = Listing()
  var sort: Listing.Key?
  var olderThan: AgeLimit?
  var newerThan: AgeLimit?
  var accessedBefore: AgeLimit?
  var accessedAfter: AgeLimit?
  var matching: [Pattern] = []
  var named: [NamePattern] = []
  var excluding: [Pattern] = []
  var ignoresCase = false
  /// Of whom alone everything must be.
  var single: Set<Accounts.Kind> = []
  var by: [String] = []
  var clause: [[UInt8]] = []
  /// Whose objects count; nobody's name where all do.
  var owners: [[UInt8]] = []
  var groups: [[UInt8]] = []
  var isMine = false
  var isMyGroup = false
  var isNumeric = false
  var hasTotal = false
  var hasDirectories = false
  var hasCost = false
  var prices: String?
  var region: String?
  var hasHidden = false
  var isAudit = false
  var isInfo = false
  /// What is taken off operands.
  var strip: [[UInt8]] = []
  var format: Format?
  var color = Color.auto
  var isNulTerminated = false
  var isCompleting = false
  var isVerbose = false

  /// Which prefixes are listed; nil where no listing is asked for.
  ///
  /// What is about a listing asks for one: of all where names, depths or leaves are looked for, else of
  /// children. Order and number are about a breakdown, where there is one.
  var scope: Listing.Scope? {
    if let children { return .children(children) }
    if let tree { return .tree(tree) }
    if isAll || listing.isLeavesOnly || !matching.isEmpty || !named.isEmpty { return .all }
    if listing.leastDepth != nil || listing.mostDepth != nil { return .all }
    let isListing =
      listing.hasFilters || !ageLimits.isEmpty || !excluding.isEmpty || !single.isEmpty
      || listing.limit != nil || (by.isEmpty && hasOrder)
    return isListing ? .children(1) : nil
  }

  /// The longest of the mount points that `path` is at or below.
  func mount(of path: [UInt8]) -> [UInt8]? {
    strip.filter { path.starts(with: $0) }
      .filter { path.count == $0.count || path[$0.count] == 0x2f }
      .max { $0.count < $1.count }
  }

  /// Whether an order of rows is asked for, or the first of them.
  var hasOrder: Bool { sort != nil || listing.isReversed || listing.top != nil }

  var ageLimits: [AgeLimit] {
    [olderThan, newerThan, accessedBefore, accessedAfter].compactMap(\.self)
  }

  /// Whether the last access is asked about.
  var hasAccess: Bool { accessedBefore != nil || accessedAfter != nil || sort == .accessed }

  /// The options that let only a part of the objects count.
  var partOptions: [String] {
    [
      (!clause.isEmpty, "--where"), (!owners.isEmpty, "--owner"), (isMine, "--mine"),
      (!groups.isEmpty, "--group"), (isMyGroup, "--my-group"),
    ].filter(\.0).map(\.1)
  }

  /// Whether there is a row for the sum of what is listed; a breakdown without a listing has its own.
  var hasListed: Bool { hasTotal && (scope != nil || by.isEmpty) }

  /// How the entries of a breakdown are ordered; nil where they are as they come.
  var breakdownOrder: BreakdownOrder? {
    let isOrdered = scope == nil && hasOrder
    guard isOrdered || hasTotal else { return nil }
    return BreakdownOrder(
      key: isOrdered ? sort.flatMap { BreakdownOrder.Key(rawValue: $0.rawValue) } : nil,
      isReversed: isOrdered && listing.isReversed, top: isOrdered ? listing.top : nil,
      hasTotal: hasTotal)
  }
}
