import InvBytes
import InvFormat
import InvSystem

/// One run to be merged: its header has been read.
struct MergeInput {
  let name: String
  let schema: PrefixSchema
  let mark: RunMark?
  let status: FileStatus
  /// What two names of one input agree in.
  private let identity: FileStatus
  /// Whether any part of it can be read at any time.
  let isFile: Bool
  /// The reader of an input that cannot be opened again.
  private let stream: PrefixReader?
  /// Whether it takes a descriptor even while nothing is read of it.
  var isOpen: Bool { stream != nil }

  /// Reads the header of a run and its makers, and closes it again when it is a regular file that
  /// stays.
  ///
  /// An index has been written to the file at `path` and is called `index`.
  init(
    _ path: String, tool: String, isGone: Bool = false, index: String? = nil,
    _ makers: inout Makers
  ) throws(Failure) {
    let descriptor =
      path == "-" ? Descriptor.standardInput : try Descriptor.reading(path, as: index)
    let reader = try PrefixReader(try RowStream(descriptor), wanting: tool)
    while let maker = try reader.nextMaker() { makers.add(maker) }
    (schema, mark, status) = (reader.schema, reader.mark, reader.status)
    name = index ?? reader.name
    identity = try index.flatMap { name throws(Failure) in try FileStatus.of(name) } ?? status
    isFile = path != "-" && reader.status.kind == .file
    stream = isGone || !isFile ? reader : nil
  }

  /// Opens it at its first row.
  func open(tool: String) throws(Failure) -> PrefixReader {
    if let stream { return stream }
    let reader = try PrefixReader(try RowStream(try Descriptor.reading(name)), wanting: tool)
    guard reader.schema == schema, reader.mark == mark, reader.status == status else {
      throw Failure.data("\(printable(name)) has changed while it was being merged")
    }
    return reader
  }

  /// Reads the headers of all and checks that they are whole sets, each run once.
  ///
  /// The rows of an index are written to a file in `temporary` that has no name any more.
  static func read(
    _ paths: [String], tool: String, temporary: String, _ makers: inout Makers
  ) throws(Failure) -> [MergeInput] {
    var inputs: [MergeInput] = []
    for path in paths {
      guard path != "-", try Index.isIndex(path) else {
        inputs.append(try MergeInput(path, tool: tool, &makers))
        continue
      }
      MappedFile.reportTruncation(
        "\(tool): a file of index \(printable(path)) was cut short while it was read")
      let copy = "\(temporary)/inv-merge-\(String(Machine.randomWord, radix: 16)).rows"
      let descriptor = try Temporaries.shared.create(copy)
      defer { Temporaries.shared.remove(copy) }
      try IndexStream(path, tool: tool).write(to: descriptor, isFile: true)
      inputs.append(try MergeInput(copy, tool: tool, isGone: true, index: path, &makers))
    }
    try refuseRepeated(inputs)
    try refuseIncomplete(inputs)
    return inputs
  }

  private static func refuseRepeated(_ inputs: [MergeInput]) throws(Failure) {
    struct Identity: Hashable { let device, inode: UInt64 }
    var seen: [Identity: String] = [:]
    for input in inputs {
      let identity = Identity(device: input.identity.device, inode: input.identity.inode)
      if let other = seen[identity] {
        throw Failure.data(
          "\(printable(input.name)) and \(printable(other)) are the same run")
      }
      seen[identity] = input.name
    }
  }

  private static func refuseIncomplete(_ inputs: [MergeInput]) throws(Failure) {
    var sets: [String: [(number: Int, isLast: Bool, name: String)]] = [:]
    for input in inputs {
      guard let mark = input.mark else { continue }
      sets[mark.set, default: []].append((mark.number, mark.isLast, input.name))
    }
    for (set, runs) in sets.sorted(by: { $0.key < $1.key }) {
      let runs = runs.sorted { $0.number < $1.number }
      for (a, b) in zip(runs, runs.dropFirst()) where a.number == b.number {
        throw Failure.data(
          "\(printable(a.name)) and \(printable(b.name)) are both run \(a.number) of set \(set)")
      }
      for (index, run) in runs.enumerated() where run.number != index {
        throw Failure.data("run \(index) of set \(set) is missing: the set is not whole")
      }
      guard let last = runs.last, last.isLast else {
        throw Failure.data("the last run of set \(set) is missing: the set is not whole")
      }
      if let early = runs.dropLast().first(where: \.isLast) {
        throw Failure.data(
          "\(printable(early.name)) says it is the last run of set \(set),"
            + " and so does \(printable(last.name))")
      }
    }
  }

  /// What the merged stream declares; refuses runs that must not be added, by name.
  static func union(of inputs: [MergeInput], under: [UInt8]?, maxDepth: Int?) throws(Failure)
    -> PrefixSchema
  {
    guard let first = inputs.first else { throw Failure.usage("missing operand: RUN") }
    var schema = first.schema
    for input in inputs.dropFirst() {
      let other = input.schema
      func refuse(_ what: String, _ a: String, _ b: String) -> Failure {
        Failure.data(
          "\(printable(input.name)) has \(what) \(b), "
            + "\(printable(first.name)) has \(a)")
      }
      func names(_ schema: PrefixSchema) -> String {
        schema.dimensions.map(\.name).joined(separator: ",")
      }
      guard names(other) == names(schema) else {
        throw refuse("dimensions", names(schema), names(other))
      }
      for (a, b) in zip(schema.dimensions, other.dimensions) where a != b {
        throw refuse("dimension", a.text, b.text)
      }
      guard other.ageOf == schema.ageOf else {
        throw refuse("the age of the time", schema.ageOf.rawValue, other.ageOf.rawValue)
      }
      guard other.sizeOf == schema.sizeOf else {
        throw refuse("bytes of the size", schema.sizeOf.rawValue, other.sizeOf.rawValue)
      }
      guard other.under == schema.under else {
        throw refuse("rows under", schema.underText, other.underText)
      }
      try add(other.origins, of: input.name, to: &schema)
      schema.hasListed = schema.hasListed || other.hasListed
      schema.hasModified = schema.hasModified || other.hasModified
      schema.hasAccessed = schema.hasAccessed || other.hasAccessed
      schema.maxDepth = least(schema.maxDepth, other.maxDepth)
      for dimension in schema.words.indices {
        schema.words[dimension] = union(schema.words[dimension], other.words[dimension])
      }
    }
    schema.maxDepth = least(schema.maxDepth, maxDepth)
    if let under { try narrow(&schema, to: under) }
    return schema
  }

  /// Declares that the rows are only those under a prefix; refuses one that nothing is known of.
  private static func narrow(_ schema: inout PrefixSchema, to under: [UInt8]) throws(Failure) {
    guard under.starts(with: schema.under ?? []) else {
      throw Failure.data("the runs have only rows under \(schema.underText)")
    }
    schema.under = under
    let isOpen = under.last.map { $0 != 0x2f } ?? false
    let depth = under.count { $0 == 0x2f } + (isOpen ? 1 : 0)
    if let maxDepth = schema.maxDepth, depth > maxDepth {
      throw Failure.data(
        "what is under \(schema.underText) counts in its ancestor at depth \(maxDepth)")
    }
  }

  private static func least(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
  }

  private static func add(_ origins: [Origin], of name: String, to schema: inout PrefixSchema)
    throws(Failure)
  {
    for origin in origins where !schema.origins.contains(origin) {
      for other in schema.origins {
        if let conflict = other.conflict(with: origin) {
          throw Failure.data(
            "\(printable(name)): \(conflict) are not added: "
              + "put each under a root of its own (--mount)")
        }
      }
      schema.origins.append(origin)
    }
    schema.origins.sort { $0.mount.lexicographicallyPrecedes($1.mount) }
  }

  /// Two rising lists of words as one.
  private static func union(_ a: [[UInt8]], _ b: [[UInt8]]) -> [[UInt8]] {
    if a == b { return a }
    var words: [[UInt8]] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && a[i].lexicographicallyPrecedes(b[j])) {
        words.append(a[i])
        i += 1
      } else {
        if i < a.count, a[i] == b[j] { i += 1 }
        words.append(b[j])
        j += 1
      }
    }
    return words
  }

  /// What each word of this run is in `schema`; empty for a dimension where they are the same.
  func ranks(in schema: PrefixSchema) -> [[UInt64]] {
    zip(self.schema.words, schema.words).map { own, all in
      if own == all { return [] }
      var ranks: [UInt64] = []
      var at = 0
      for word in own {
        while all[at] != word { at += 1 }
        ranks.append(UInt64(at))
      }
      return ranks
    }
  }
}
