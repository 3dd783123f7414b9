import InvBytes
public import InvFormat
public import InvSystem

/// Makes object rows of the rows of tables, and blocks of those.
public struct TableAssembler: ~Copyable {
  /// How many rows are read together.
  private static let batch = 4096

  private let layout: TableLayout
  private var rows: ObjectAssembly
  private var vectors: [ColumnVector]
  private var classes = VectorWords()
  private var words: [VectorWords]
  // What the columns of a batch say, row by row.
  private var verdicts: [RowVerdict] = []
  private var states: [ObjectState] = []
  private var sizes: [UInt64] = []
  private var times: [Int64] = []
  /// Where the columns are among those that are read.
  private let (key, size, modified): (Int, Int?, Int?)
  private let (storageClass, accessTier, isLatest, isMarker): (Int?, Int?, Int?, Int?)
  private let wordColumns: [Int]

  /// Assembles rows laid out as `layout` into blocks for `writer`, whose columns are those of `layout`.
  public init(_ layout: TableLayout, _ choice: RowChoice, _ writer: ObjectWriter) {
    self.layout = layout
    let places = layout.layout
    rows = ObjectAssembly(places, choice, writer, isEncoded: false)
    vectors = layout.columns.map { _ in ColumnVector() }
    words = places.words.map { _ in VectorWords() }
    key = layout.place(places.key) ?? 0
    size = layout.place(places.size)
    modified = layout.place(places.modified)
    storageClass = layout.place(places.storageClass)
    accessTier = layout.place(places.accessTier)
    isLatest = layout.place(places.isLatest)
    isMarker = layout.place(places.isMarker)
    wordColumns = places.words.map { layout.place($0.field) ?? 0 }
  }

  /// Starts a file, whose rows carry `source` and whose keys go under `mount`.
  public mutating func begin(source: UInt32, mount: [UInt8]) {
    rows.begin(source: source, mount: mount)
  }

  /// Why the writer could not take something: nothing more can be written.
  public var loss: Failure? { rows.loss }

  /// Makes object rows of part `part` of `file`, or of as many as it takes to count `limit` in
  /// `account`; calls `between` now and then, with how many of the part's bytes have been read.
  ///
  /// Also when it throws, the rows that were counted have been written, if they could be.
  public mutating func read(
    _ file: any TableFile, part: Int, account: inout FileAccount, limit: UInt64 = .max,
    between: (UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    let place = file.parts[part]
    account.end = place.offset
    do throws(Failure) {
      let reader = try file.reader(part: part, columns: layout.columns)
      var seen: UInt64 = 0
      while account.counted < limit {
        let count = try reader.next(&vectors, limit: Self.batch)
        if count == 0 { break }
        judge(count)
        try take(count, at: place.offset, &account, limit)
        seen += UInt64(count)
        try between(
          place.bytes.multipliedFullWidth(by: seen).high == 0
            ? place.bytes * seen / place.rows : place.bytes)
      }
    } catch {
      if rows.loss == nil { try rows.flush() }
      throw error
    }
    try rows.flush()
  }

  /// Takes the rows of a batch that has been judged.
  private mutating func take(
    _ count: Int, at offset: UInt64, _ account: inout FileAccount, _ limit: UInt64
  ) throws(Failure) {
    let keys = vectors[key]
    let text = keys.dictionary?.text ?? keys.text
    if let storageClass { classes.begin(vectors[storageClass], accessTier.map { vectors[$0] }) }
    for (place, column) in wordColumns.enumerated() where layout.kinds[column] == .bytes {
      words[place].begin(vectors[column], nil)
    }
    for row in 0..<count {
      if account.counted >= limit { return }
      var verdict = verdicts[row]
      if verdict == .counted {
        try set(row)
        let start: Int
        if let dictionary = keys.dictionary {
          start = keys.has(row) ? Int(dictionary.starts[Int(keys.codes[row])]) : 0
        } else {
          start = Int(keys.starts[row])
        }
        verdict = try rows.complete(text.raw, start, keys.length(row))
      }
      if verdict == .counted {
        account.count()
      } else {
        try account.note(verdict, at: offset)
      }
    }
  }

  /// Sets what `row` says beside its key.
  @inline(__always)
  private mutating func set(_ row: Int) throws(Failure) {
    if rows.state >= 0 { rows.set(rows.state, UInt64(states[row].rawValue)) }
    if size != nil { rows.set(rows.size, sizes[row]) }
    if modified != nil { rows.set(rows.modified, UInt64(bitPattern: times[row])) }
    if let storageClass { rows.set(rows.storageClass, UInt64(try classIndex(row, storageClass))) }
    for place in words.indices {
      rows.set(rows.wordPlaces[place], UInt64(try word(row, place)))
    }
  }

  /// The index of the class that `row` names.
  @inline(__always)
  private mutating func classIndex(_ row: Int, _ column: Int) throws(Failure) -> UInt32 {
    if vectors[column].length(row) == 0 {
      return try rows.unnamedClass(isMarker: states[row] == .marker)
    }
    if let known = classes.index(row, vectors, column, accessTier) { return known }
    let tier = accessTier.map { vectors[$0].text(row) } ?? []
    let index = try rows.classIndex(vectors[column].text(row), tier)
    classes.remember(index)
    return index
  }

  /// The index of a word that was asked for.
  private mutating func word(_ row: Int, _ place: Int) throws(Failure) -> UInt32 {
    let column = wordColumns[place]
    guard layout.kinds[column] == .bytes else {
      return try rows.index(
        of: vectors[column].spelling(row, layout.kinds[column]), at: rows.wordPlaces[place])
    }
    if let known = words[place].index(row, vectors, column, nil) { return known }
    let index = try rows.index(of: vectors[column].text(row), at: rows.wordPlaces[place])
    words[place].remember(index)
    return index
  }

  /// Finds out what becomes of the rows of a batch, but for their keys.
  private mutating func judge(_ count: Int) {
    verdicts.removeAll(keepingCapacity: true)
    verdicts += repeatElement(.counted, count: count)
    states.removeAll(keepingCapacity: true)
    states += repeatElement(.current, count: count)
    for row in 0..<count where isMarker != nil || isLatest != nil { judgeState(row) }
    if let size { judgeSizes(vectors[size], count) }
    if let modified { judgeTimes(vectors[modified], count, layout.kinds[modified]) }
  }

  private mutating func judgeState(_ row: Int) {
    var state = ObjectState.current
    if let isMarker {
      guard let truth = vectors[isMarker].truth(row, layout.kinds[isMarker]) else {
        return verdicts[row] = .badState
      }
      if truth { state = .marker }
    }
    if let isLatest {
      guard let truth = vectors[isLatest].truth(row, layout.kinds[isLatest]) else {
        return verdicts[row] = .badState
      }
      if !truth && state == .current { state = .noncurrent }
    }
    states[row] = state
  }

  private mutating func judgeSizes(_ vector: ColumnVector, _ count: Int) {
    sizes.removeAll(keepingCapacity: true)
    for row in 0..<count {
      let value = vector.integers[row]
      sizes.append(UInt64(max(0, value)))
      if value >= 0 && vector.has(row) { continue }
      guard verdicts[row] == .counted else { continue }
      if vector.has(row) {
        verdicts[row] = .badSize
      } else if states[row] != .marker {
        verdicts[row] = .noSize
      }
    }
  }

  private mutating func judgeTimes(
    _ vector: ColumnVector, _ count: Int, _ kind: TableColumn.Kind
  ) {
    times.removeAll(keepingCapacity: true)
    for row in 0..<count {
      let time = vector.time(row, kind)
      times.append(time ?? absentInt)
      if time == nil && verdicts[row] == .counted { verdicts[row] = .badTime }
    }
  }
}
