import InvAnswer
import InvCLI
import InvFormat
import InvSystem
import InvText

enum Format: String, CaseIterable, OptionValue { case table, tsv, csv, json }
enum Color: String, CaseIterable, OptionValue { case auto, always, never }

let command = Command<Settings>(
  "inv-query", summary: "answer from an index: how much is under these prefixes",
  operands: "OUT [PREFIX]...", hint: .prefix, defaults: Settings(),
  options: [
    .value("children", "c", "N", "list the prefixes exactly N levels below") {
      (settings, levels: Count) in settings.children = levels.value
    },
    .value("tree", "t", "N", "list the prefixes up to N levels below, as a tree") {
      (settings, levels: Count) in settings.tree = levels.value
    },
    .flag("all", "a", "list all prefixes below") { $0.isAll = true },
    .flag("leaves", nil, "list only those with none below (implies --all)") {
      $0.listing.isLeavesOnly = true
    },
    .value("min-depth", nil, "N", "list only prefixes at depth N or below") {
      (settings, depth: Int) in settings.listing.leastDepth = depth
    },
    .value("max-depth", nil, "N", "list only prefixes at depth N or above") {
      (settings, depth: Int) in settings.listing.mostDepth = depth
    },
    .value("top", "n", "N", "list only the first N (in a tree, of each parent)") {
      (settings, count: Count) in settings.listing.top = count.value
    },
    .value("limit", nil, "N", "list no more than N in all") {
      (settings, count: Count) in settings.listing.limit = count.value
    },
    .value("sort", "s", "KEY", "order by KEY (default: bytes)") { (settings, key: SortKey) in
      settings.sort = key.key
    },
    .flag("reverse", "r", "turn the order round") { $0.listing.isReversed = true },
    .value("min-bytes", nil, "SIZE", "list only prefixes of SIZE or more") {
      (settings, size: ByteCount) in settings.listing.least.bytes = size.bytes
    },
    .value("max-bytes", nil, "SIZE", "list only prefixes of SIZE or less") {
      (settings, size: ByteCount) in settings.listing.most.bytes = size.bytes
    },
    .value("min-objects", nil, "N", "list only prefixes of N objects or more") {
      (settings, count: Int) in settings.listing.least.objects = UInt64(count)
    },
    .value("max-objects", nil, "N", "list only prefixes of N objects or fewer") {
      (settings, count: Int) in settings.listing.most.objects = UInt64(count)
    },
    .value("min-avg-size", nil, "SIZE", "list only those of SIZE or more an object") {
      (settings, size: ByteCount) in settings.listing.leastAverage = size.bytes
    },
    .value("max-avg-size", nil, "SIZE", "list only those of SIZE or less an object") {
      (settings, size: ByteCount) in settings.listing.mostAverage = size.bytes
    },
    .value("older-than", nil, "AGE", "list only those with nothing newer than AGE") {
      (settings, age: Age) in settings.olderThan = age.limit
    },
    .value("newer-than", nil, "AGE", "list only those with something newer than AGE") {
      (settings, age: Age) in settings.newerThan = age.limit
    },
    .value("accessed-before", nil, "AGE", "list only those with nothing read since AGE") {
      (settings, age: Age) in settings.accessedBefore = age.limit
    },
    .value("accessed-after", nil, "AGE", "list only those with something read since AGE") {
      (settings, age: Age) in settings.accessedAfter = age.limit
    },
    .value("match", "m", "GLOB", "list only those that match GLOB (implies --all)") {
      (settings, pattern: Pattern) in settings.matching.append(pattern)
    },
    .value("name", nil, "GLOB", "list only those called GLOB (implies --all)") {
      (settings, pattern: NamePattern) in settings.named.append(pattern)
    },
    .value("exclude", nil, "GLOB", "do not list those that match GLOB") {
      (settings, pattern: Pattern) in settings.excluding.append(pattern)
    },
    .flag("ignore-case", "i", "let a GLOB match small and capital letters alike") {
      $0.ignoresCase = true
    },
    .flag("single-owner", nil, "list only what belongs to one owner alone") {
      $0.single.insert(.user)
    },
    .flag("single-group", nil, "list only what belongs to one group alone") {
      $0.single.insert(.group)
    },
    .flag("total", nil, "end with the sum of what is listed") { $0.hasTotal = true },
    .value("by", "b", "DIMENSIONS", "break down by one or two, such as class,age") {
      (settings, names: String) in
      settings.by += names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    },
    .value("where", "w", "CLAUSE", "count only some, such as class=GLACIER,age=1y..2y") {
      (settings, clause: RawBytes) in settings.clause.append(clause.bytes)
    },
    .value("owner", "u", "NAME", "count only what is of owner NAME, or a number") {
      (settings, name: Person) in settings.owners.append(name.bytes)
    },
    .flag("mine", nil, "count only what is yours") { $0.isMine = true },
    .value("group", "g", "NAME", "count only what is of group NAME, or a number") {
      (settings, name: Person) in settings.groups.append(name.bytes)
    },
    .flag("my-group", nil, "count only what is of your group") { $0.isMyGroup = true },
    .flag("numeric", nil, "show owners and groups as numbers") { $0.isNumeric = true },
    .flag("cost", nil, "tell what it costs a month") { $0.hasCost = true },
    .value("prices", nil, "FILE", "take prices from FILE: inv-prices(5)", hint: .file) {
      $0.prices = $1
    },
    .value("region", nil, "NAME", "take the prices of region NAME") { $0.region = $1 },
    .flag("hidden", nil, "tell of noncurrent versions and delete markers") {
      $0.hasHidden = true
    },
    .flag("dirs", nil, "tell of directories: how many, and their own bytes") {
      $0.hasDirectories = true
    },
    .flag("audit", nil, "tell what was read, counted and set aside") { $0.isAudit = true },
    .flag("info", nil, "tell what the index is") { $0.isInfo = true },
    .value("and", nil, "OUT", "answer of the index OUT too; repeatable", hint: .folder) {
      (settings, path: String) in settings.others.append(path)
    },
    .value("strip", nil, "DIR", "take the mount point DIR off each PREFIX", hint: .folder) {
      (settings, folder: MountPoint) in settings.strip.append(folder.bytes)
    },
    .value("format", "f", "FORMAT", "write a table, tsv, csv or json") { $0.format = $1 },
    .value("color", nil, "WHEN", "color: auto, always or never") { $0.color = $1 },
    .flag("null", "0", "prefixes from standard input end in NUL") { $0.isNulTerminated = true },
    .flag("complete", nil, "print what PREFIX can go on with, for shells") {
      $0.isCompleting = true
    }.hidden,
    .verbose { $0.isVerbose = true },
  ])
