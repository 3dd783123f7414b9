public import InvBytes
import InvText

/// What a stream of prefix rows carries besides the rows.
public struct PrefixSchema: Equatable, Sendable {
  /// Which time the age dimension counts from.
  public enum AgeOf: String, CaseIterable, Sendable { case modified, accessed }

  /// Which of an object's sizes its bytes are.
  public enum SizeOf: String, CaseIterable, Sendable { case logical, allocated }

  /// The columns behind the prefix that programs know by name.
  public enum Role: String, CaseIterable, Sendable {
    case listed
    case oldestModified = "oldest-modified"
    case newestModified = "newest-modified"
    case oldestAccessed = "oldest-accessed"
    case newestAccessed = "newest-accessed"
    case cells

    var type: Column.ColumnType {
      switch self {
      case .listed, .cells: .uint
      default: .int
      }
    }
  }

  /// The first is always the state.
  public var dimensions: [Dimension]
  /// The words of each dimension, rising; empty for dimensions without words.
  public var words: [[[UInt8]]]
  public var hasListed: Bool
  public var hasModified: Bool
  public var hasAccessed: Bool
  public var ageOf: AgeOf
  public var sizeOf: SizeOf
  /// Deeper objects count in their ancestor at this depth.
  public var maxDepth: Int?
  /// The rows are only those whose prefixes begin with this.
  public var under: [UInt8]?
  /// By rising mount.
  public var origins: [Origin]

  public init(
    dimensions: [Dimension], hasListed: Bool = false, hasModified: Bool = false,
    hasAccessed: Bool = false, ageOf: AgeOf = .modified, sizeOf: SizeOf = .logical,
    maxDepth: Int? = nil, under: [UInt8]? = nil, origins: [Origin] = []
  ) {
    self.dimensions = dimensions
    self.words = Array(repeating: [], count: dimensions.count)
    self.hasListed = hasListed
    self.hasModified = hasModified
    self.hasAccessed = hasAccessed
    self.ageOf = ageOf
    self.sizeOf = sizeOf
    self.maxDepth = maxDepth
    self.under = under
    self.origins = origins
  }

  /// `under` for messages.
  public var underText: String {
    under.map { String(decoding: TextEscape.escaped($0), as: UTF8.self) } ?? "anything"
  }

  /// The columns of the rows.
  var roles: [Role] {
    (hasListed ? [.listed] : []) + (hasModified ? [.oldestModified, .newestModified] : [])
      + (hasAccessed ? [.oldestAccessed, .newestAccessed] : []) + [.cells]
  }

  /// How the points of these dimensions are numbered.
  public func pointCode() throws(FormatError) -> PointCode {
    try PointCode(sizes: sizes)
  }

  /// How many values each dimension has.
  public var sizes: [Int] {
    dimensions.indices.map { dimensions[$0].size ?? words[$0].count }
  }

  /// Adds the words of one frame to the dimension at `place`.
  mutating func add(_ more: [[UInt8]], first: Int, at place: Int) throws(FormatError) {
    guard place < dimensions.count, dimensions[place].axis == .word else {
      throw FormatError("words for dimension \(place), which has none", at: 0)
    }
    guard first == words[place].count, first + more.count <= ObjectWriter.wordLimit else {
      throw FormatError("word \(first) does not follow", at: 4)
    }
    for word in more {
      if let last = words[place].last, !last.lexicographicallyPrecedes(word) {
        throw FormatError("the words of dimension \(place) do not rise", at: 8)
      }
      words[place].append(word)
    }
  }

  /// The header of a stream of these rows.
  public func header(_ mark: RunMark? = nil) -> Fields {
    var fields = Fields()
    fields.add("kind", "prefixes")
    fields.add("order", "prefix")
    fields.add("column", "prefix", "key")
    for role in roles { fields.add("column", role.rawValue, role.type.rawValue) }
    for dimension in dimensions { fields.add("dimension", parts: dimension.parts) }
    fields.add("age-of", ageOf.rawValue)
    if sizeOf != .logical { fields.add("size-of", sizeOf.rawValue) }
    if let maxDepth { fields.add("max-depth", UInt64(maxDepth)) }
    if let under { fields.add("under", under) }
    for origin in origins { fields.add("origin", parts: origin.parts) }
    if let mark {
      fields.add("set", mark.set)
      fields.add("run", UInt64(mark.number))
      fields.add("last", mark.isLast ? "yes" : "no")
    }
    return fields
  }

  /// Reads a header.
  public init(_ header: Fields) throws(FormatError) {
    try header.require(
      only: ["kind", "order", "age-of", "size-of", "max-depth", "under", "set", "run", "last"],
      repeating: ["column", "dimension", "origin"])
    guard header.text("order") == "prefix" else {
      throw FormatError("the rows are not in the order of their prefixes", at: 0)
    }
    var dimensions: [Dimension] = []
    for parts in header.all("dimension").prefix(Dimension.limit + 1) {
      let dimension = try Dimension(parts)
      guard !dimensions.contains(where: { $0.name == dimension.name }) else {
        throw FormatError("dimension '\(dimension.name)' is declared twice", at: 0)
      }
      dimensions.append(dimension)
    }
    guard dimensions.first == .state, dimensions.count <= Dimension.limit,
      !dimensions.dropFirst().contains(where: { $0.axis == .state })
    else {
      throw FormatError(
        "the first of at most \(Dimension.limit) dimensions is not the state", at: 0)
    }
    guard let age = header.text("age-of").flatMap(AgeOf.init) else {
      throw FormatError("'age-of' names no time", at: 0)
    }
    guard header["size-of"] == nil || header.text("size-of") == SizeOf.allocated.rawValue else {
      throw FormatError("'size-of' is not 'allocated'", at: 0)
    }
    guard (header["under"] == nil) == (header.bytes("under") == nil) else {
      throw FormatError("'under' is not one prefix", at: 0)
    }
    let depth = try header.number("max-depth")
    guard depth ?? 0 <= UInt64(Container.keyLimit) else {
      throw FormatError("'max-depth' is out of range", at: 0)
    }
    var origins: [Origin] = []
    for parts in header.all("origin") {
      let origin = try Origin(parts)
      if let last = origins.last {
        guard last.mount.lexicographicallyPrecedes(origin.mount),
          last.conflict(with: origin) == nil
        else { throw FormatError("the origins' mounts do not rise or nest", at: 0) }
      }
      origins.append(origin)
    }
    let names = try Column.columns(header, key: "prefix")
    self.init(
      dimensions: dimensions,
      hasListed: names.contains { $0.name == Role.listed.rawValue },
      hasModified: names.contains { $0.name == Role.oldestModified.rawValue },
      hasAccessed: names.contains { $0.name == Role.oldestAccessed.rawValue },
      ageOf: age, sizeOf: header["size-of"] == nil ? .logical : .allocated,
      maxDepth: depth.map { Int($0) },
      under: header.bytes("under"), origins: origins)
  }
}

/// Which run of which set a file is.
public struct RunMark: Equatable, Sendable {
  public let set: String
  public let number: Int
  public let isLast: Bool

  public init(set: String, number: Int, isLast: Bool) {
    self.set = set
    self.number = number
    self.isLast = isLast
  }

  /// The mark in a header; nil when the rows are not of a set.
  public init?(_ header: Fields) throws(FormatError) {
    if ["set", "run", "last"].allSatisfy({ header[$0] == nil }) { return nil }
    guard let set = header.text("set"), let number = try header.number("run"), number < 1 << 32,
      let last = header.text("last"), ["yes", "no"].contains(last), !set.isEmpty
    else { throw FormatError("the run's number or place in its set is missing", at: 0) }
    self.init(set: set, number: Int(number), isLast: last == "yes")
  }
}
