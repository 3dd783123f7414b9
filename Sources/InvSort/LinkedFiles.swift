import InvBytes
import InvFormat
import InvSystem

/// The rows of files with more than one name, kept until all have come: then the first name of each is
/// the one that counts.
final class LinkedFiles {
  private let schema: ObjectSchema
  private let rows: RecordSort
  private let (state, links): (Int, Int)
  private let (file, fileHigh): (Int, Int?)
  /// The columns that are the same for all names of a file.
  private let common: [Int]
  /// How many files there are.
  private(set) var files: UInt64 = 0
  /// How many names are further names of files that are counted once.
  private(set) var further: UInt64 = 0
  /// How many names came more than once.
  private(set) var repeated: UInt64 = 0
  /// How many files have names that differ in what is one thing of a file, or more names than links.
  private(set) var doubtful: UInt64 = 0

  /// Nil when rows of `schema` do not tell files apart.
  init?(_ schema: ObjectSchema, in folder: String, memory: UInt64) {
    guard LinkedRows.areKnown(in: schema), let state = schema.place(.state),
      let links = schema.place(.links), let file = schema.place(.file)
    else { return nil }
    self.schema = schema
    (self.state, self.links, self.file) = (state, links, file)
    fileHigh = schema.place(.fileHigh)
    common = [.size, .allocated, .modified, .owner, .group].compactMap { schema.place($0) }
    rows = RecordSort(in: folder, memory: memory)
  }

  // The number of the origin, the two numbers of the file, the rest is the key of the row.
  private static let identityLength = 20

  /// Keeps those rows of `block` that are `linked`.
  func take(_ block: ObjectBlock, _ linked: LinkedRows, origin: UInt32) throws(Failure) {
    var walk = ObjectRows(block)
    var row = 0
    while try Self.next(&walk) {
      if linked.has(row, in: block.frame.payload) { try take(walk, origin) }
      row += 1
    }
  }

  private static func next(_ walk: inout ObjectRows) throws(Failure) -> Bool {
    do throws(FormatError) { return try walk.next() } catch { throw Failure.data(error.what) }
  }

  private func take(_ row: ObjectRows, _ origin: UInt32) throws(Failure) {
    var key: [UInt8] = []
    key.reserveCapacity(Self.identityLength + row.key.count)
    Self.append(UInt64(origin), bytes: 4, to: &key)
    Self.append(fileHigh.map { row.value($0) } ?? 0, bytes: 8, to: &key)
    Self.append(row.value(file), bytes: 8, to: &key)
    key += row.key
    var body: [UInt64] = []
    for (place, column) in schema.columns.enumerated().dropFirst() {
      body.append(column.type == .int ? UInt64(bitPattern: row.signed(place)) : row.value(place))
    }
    try rows.append(key, body)
  }

  /// The greatest byte first, so that bytes compare as the number does.
  private static func append(_ number: UInt64, bytes: UInt64, to key: inout [UInt8]) {
    for byte in (0..<bytes).reversed() {
      key.append(UInt8(truncatingIfNeeded: number >> (8 * byte)))
    }
  }

  /// A name that may be the one that counts.
  private struct Name {
    let key: [UInt8]
    var values: [UInt64]
  }

  /// Hands over all rows, in blocks of one origin each: the first name of each file is current, the
  /// others are links.
  ///
  /// Of rows with the same name any could count; it is the one with the least values, where words
  /// count as what they are in `words`, so that nothing depends on the order of their coming.
  func resolve(
    words: [[[UInt8]]], sourceOf: (UInt32) -> UInt32,
    _ feed: (ObjectBlock) throws(Failure) -> Void
  ) throws(Failure) {
    var blocks = ResolvedRows(schema, words.map(\.count))
    // The first name of the present file, until another name has come; the name that came last.
    var first: Name?
    var last: [UInt8] = []
    var isRepeated = false
    var likeness = Likeness([])
    try rows.forEach { key, body throws(Failure) in
      let values = (0..<schema.columns.count - 1).map { body[$0] }
      let isSameFile =
        !last.isEmpty
        && last.prefix(Self.identityLength)
          .elementsEqual(key.prefix(Self.identityLength))
      let isSameName = key.elementsEqual(last)
      if !isSameFile {
        end(likeness)
        likeness = Likeness(values)
      }
      let differs = !areAlike(values, likeness.values, words)
      likeness.take(links: values[links - 1], isName: !isSameName, differs: differs)
      if isSameName {
        if !isRepeated { repeated += 1 }
        isRepeated = true
        var other = Name(key: last, values: values)
        if let present = first, precedes(values, present.values, words) {
          (first, other) = (other, present)
        }
        try emit(other, .link, &blocks, sourceOf, feed)
        return
      }
      isRepeated = false
      last = Array(key)
      let name = Name(key: last, values: values)
      if let present = first { try emit(present, .current, &blocks, sourceOf, feed) }
      first = isSameFile ? nil : name
      files += isSameFile ? 0 : 1
      if isSameFile {
        further += 1
        try emit(name, .link, &blocks, sourceOf, feed)
      }
    }
    if let first { try emit(first, .current, &blocks, sourceOf, feed) }
    end(likeness)
    try blocks.flush(feed)
  }

  private func end(_ file: Likeness) {
    if file.isDoubtful { doubtful += 1 }
  }

  /// Whether two rows have the same values where all names of a file do.
  private func areAlike(_ a: [UInt64], _ b: [UInt64], _ words: [[[UInt8]]]) -> Bool {
    common.allSatisfy { place in
      let (first, second) = (a[place - 1], b[place - 1])
      if first == second { return true }
      guard schema.columns[place].type == .word else { return false }
      return words[place][Int(first)] == words[place][Int(second)]
    }
  }

  private func emit(
    _ name: Name, _ state: ObjectState, _ blocks: inout ResolvedRows,
    _ sourceOf: (UInt32) -> UInt32, _ feed: (ObjectBlock) throws(Failure) -> Void
  ) throws(Failure) {
    var values = name.values
    values[self.state - 1] = UInt64(state.rawValue)
    values[links - 1] = 1
    let origin = name.key.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    try blocks.append(
      Array(name.key.dropFirst(Self.identityLength)), values, source: sourceOf(origin), feed)
  }

  private func precedes(_ a: [UInt64], _ b: [UInt64], _ words: [[[UInt8]]]) -> Bool {
    for (place, column) in schema.columns.enumerated().dropFirst() {
      let (first, second) = (a[place - 1], b[place - 1])
      if first == second { continue }
      if column.type == .word {
        return words[place][Int(first)].lexicographicallyPrecedes(words[place][Int(second)])
      }
      if column.type == .int { return Int64(bitPattern: first) < Int64(bitPattern: second) }
      return first < second
    }
    return false
  }
}

/// Whether the names of a file can be those of one.
private struct Likeness {
  /// Those of the name that came first.
  let values: [UInt64]
  private var (links, names) = (0 as UInt64, 0 as UInt64)
  private var differs = false

  init(_ values: [UInt64]) { self.values = values }

  /// Takes a row of the file, which is of a name of its own or of one that came already.
  mutating func take(links: UInt64, isName: Bool, differs: Bool) {
    self.links = max(self.links, links)
    names += isName ? 1 : 0
    self.differs = self.differs || differs
  }

  /// Whether something differs that is one thing of a file, or there are more names than links.
  var isDoubtful: Bool { differs || names > links }
}

/// Makes blocks of rows that have been read already.
private struct ResolvedRows {
  private var block: ObjectBlockBuilder
  private let words: [Int]
  private let schema: ObjectSchema
  private var previous: [UInt8] = []
  private var source: UInt32 = 0

  init(_ schema: ObjectSchema, _ words: [Int]) {
    (self.schema, self.words) = (schema, words)
    block = ObjectBlockBuilder(schema)
  }

  mutating func append(
    _ key: [UInt8], _ values: [UInt64], source: UInt32,
    _ feed: (ObjectBlock) throws(Failure) -> Void
  ) throws(Failure) {
    if block.isFull || source != self.source { try flush(feed) }
    self.source = source
    for (place, value) in values.enumerated() { block.set(place + 1, value) }
    block.append(key.span, sharing: commonPrefix(previous.raw, key.raw))
    previous = key
  }

  mutating func flush(_ feed: (ObjectBlock) throws(Failure) -> Void) throws(Failure) {
    guard block.rows > 0 else { return }
    previous = []
    let made: ObjectBlock
    do throws(FormatError) { made = try block.block(source: source, words: words) } catch {
      throw Failure("rows of files with more than one name: \(error.what)", .fault)
    }
    try feed(made)
  }
}
