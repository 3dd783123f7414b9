import InvBytes
public import InvFormat
public import InvSystem

/// Makes object rows of the columns of a table, and blocks of those.
public struct TableAssembler: ~Copyable {
  /// So many rows are taken together at most.
  public static let batch = Container.objectRowsPerBlock

  let layout: RowLayout
  let roles: TableRoles
  /// nil when every key is wanted.
  private let choice: RowChoice?
  private let writer: ObjectWriter
  private var builder: ObjectBlockBuilder
  private var keys: KeyDecoder
  private var folder = FolderKey()
  /// What becomes of each row of a batch, and whether any is not counted.
  private(set) var verdicts = [RowVerdict](repeating: .counted, count: batch)
  private var hasBad = false
  var states = [ObjectState](repeating: .current, count: batch)
  /// The columns of the rows that are numbers, and their values by column and row of the batch.
  private var places: [Int] = []
  private var values: [UInt64] = []
  private var classes: TableWords
  private var words: [TableWords]
  /// The classes of rows that name none: of objects, and of what is in none.
  private var unnamed: [UInt32?] = [nil, nil]
  private var source: UInt32 = 0
  /// Why `writer` could not take something: nothing more can be written.
  public private(set) var loss: Failure?

  /// Assembles rows laid out as `layout`, whose columns are `table`, into blocks for `writer`.
  ///
  /// An error when a column cannot hold what it is for; `file` is named in it.
  public init(
    _ layout: RowLayout, _ table: [TableColumn], _ choice: RowChoice, _ writer: ObjectWriter,
    file: String
  ) throws(Failure) {
    self.layout = layout
    roles = try TableRoles(layout, table, file: file)
    self.choice = choice.isEverything ? nil : choice
    self.writer = writer
    let schema = writer.schema
    builder = ObjectBlockBuilder(schema)
    keys = KeyDecoder(isEncoded: choice.hasEncodedKeys ?? false, joins: !choice.isEverything)
    classes = TableWords(place: schema.place(.storageClass) ?? -1)
    words = layout.words.map { TableWords(place: schema.place($0.name) ?? -1) }
  }

  /// An error when a column of `table` cannot hold what it is for.
  public static func check(_ layout: RowLayout, _ table: [TableColumn], file: String)
    throws(Failure)
  {
    _ = try TableRoles(layout, table, file: file)
  }

  /// The columns that `take` wants vectors of, by their places in the file.
  public var columns: [Int] { roles.columns }

  /// Starts a part of a file, whose rows carry `source` and whose keys go under `mount`.
  public mutating func begin(source: UInt32, mount: [UInt8]) {
    self.source = source
    keys.begin(mount: mount)
  }

  /// Lets go of the dictionaries of a part.
  public mutating func release() {
    classes.release()
    for at in words.indices { words[at].release() }
  }

  /// Takes the `count` rows of `vectors`, or as many as it takes to count `limit` in `account`; bad ones
  /// are said to be at `byte`.
  public mutating func take(
    _ vectors: [ColumnVector], _ count: Int, account: inout FileAccount, at byte: UInt64,
    limit: UInt64 = .max
  ) throws(Failure) {
    precondition(count <= Self.batch)
    if hasBad { for row in 0..<Self.batch { verdicts[row] = .counted } }
    (hasBad, places) = (false, [])
    takeStates(vectors, count)
    takeSizes(vectors, count)
    takeTimes(vectors, count)
    do throws(Failure) {
      try takeClasses(vectors, count)
      try takeWords(vectors, count)
    } catch {
      loss = error
      throw error
    }
    try takeKeys(vectors[roles.vector(layout.key) ?? 0], count, &account, byte, limit)
  }

  /// Takes note that a row is not to be counted, for the reason found first.
  @inline(never)
  mutating func judge(_ row: Int, _ verdict: RowVerdict) {
    if verdicts[row] == .counted { verdicts[row] = verdict }
    hasBad = true
  }

  /// Makes room for the values of a column of the rows; where they begin.
  mutating func room(for role: ObjectSchema.Role) -> Int? {
    guard let place = writer.schema.place(role) else { return nil }
    return room(at: place)
  }

  private mutating func room(at place: Int) -> Int {
    places.append(place)
    let start = (places.count - 1) * Self.batch
    if values.count < start + Self.batch {
      values += repeatElement(0, count: start + Self.batch - values.count)
    }
    return start
  }

  @inline(__always)
  mutating func set(_ place: Int, _ value: UInt64) { values[place] = value }

  private mutating func takeClasses(_ vectors: [ColumnVector], _ count: Int) throws(Failure) {
    guard let place = roles.vector(layout.storageClass) else { return }
    let vector = vectors[place]
    let tier = roles.vector(layout.accessTier).map { vectors[$0] }
    let (writer, column, states) = (writer, classes.place, states)
    let (hasDefault, start) = (layout.family.hasDefaultClass, room(at: column))
    var unnamed = unnamed
    try classes.fill(&values, from: start, count, vector, tier) { row throws(Failure) in
      let hasNone = states[row] == .marker || states[row] == .directory || !hasDefault
      if let number = unnamed[hasNone ? 1 : 0] { return number }
      let number = try writer.word(hasNone ? [] : Array("STANDARD".utf8), at: column)
      unnamed[hasNone ? 1 : 0] = number
      return number
    } spell: { row throws(Failure) in
      try writer.word(
        StorageTier.spelling(class: vector.array(row), accessTier: tier?.array(row) ?? []),
        at: column)
    }
    self.unnamed = unnamed
  }

  private mutating func takeWords(_ vectors: [ColumnVector], _ count: Int) throws(Failure) {
    for at in words.indices {
      guard let place = roles.vector(layout.words[at].field) else { continue }
      let (vector, kind) = (vectors[place], roles.kind(place))
      let (writer, column) = (writer, words[at].place)
      let start = room(at: column)
      if kind == .bytes {
        try words[at].fill(&values, from: start, count, vector, nil) { row throws(Failure) in
          try writer.word([], at: column)
        } spell: { row throws(Failure) in
          try writer.word(vector.array(row), at: column)
        }
        continue
      }
      for row in 0..<count {
        let word = vector.word(row, kind)
        values[start + row] = UInt64(
          try words[at].number(of: word) { () throws(Failure) in
            try writer.word(word, at: column)
          })
      }
    }
  }

  private mutating func takeKeys(
    _ vector: ColumnVector, _ count: Int, _ account: inout FileAccount, _ byte: UInt64,
    _ limit: UInt64
  ) throws(Failure) {
    let bytes = vector.bytes
    let text = bytes.raw
    for row in 0..<count {
      if account.counted >= limit { return }
      var verdict = hasBad ? verdicts[row] : .counted
      if verdict == .counted {
        let place = vector.has(row) ? vector.place(row) : WordCache.Field(start: 0, count: 0)
        if states[row] == .directory {
          verdict = try takeFolder(text, place, row)
        } else {
          verdict = try takeKey(text, place, row)
        }
      }
      guard verdict == .counted else {
        try account.note(verdict, at: byte)
        continue
      }
      account.count()
      if keys.isMalformed { account.malformedKeys += 1 }
    }
  }

  /// Completes a row with its key.
  @inline(__always)
  private mutating func takeKey(_ text: RawSpan, _ place: WordCache.Field, _ row: Int)
    throws(Failure) -> RowVerdict
  {
    let verdict = keys.prepare(text, place, choice)
    if verdict != .counted { return verdict }
    var at = row
    for column in places {
      builder.set(column, values[at])
      at &+= Self.batch
    }
    keys.keep(text, place.start, place.count, in: &builder)
    if builder.isFull { try flush() }
    return .counted
  }

  /// Completes the row of a directory, whose key may lack the slash at its end.
  private mutating func takeFolder(_ text: RawSpan, _ place: WordCache.Field, _ row: Int)
    throws(Failure) -> RowVerdict
  {
    guard folder.take(text, place) else { return .longKey }
    let key = folder.bytes
    return try takeKey(key.raw, folder.place, row)
  }

  /// Writes the rows at hand.
  public mutating func flush() throws(Failure) {
    do throws(Failure) { try builder.flush(source: source, to: writer) } catch {
      loss = error
      throw error
    }
  }
}
