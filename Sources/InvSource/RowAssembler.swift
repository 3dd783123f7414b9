import InvBytes
public import InvFormat
public import InvSystem
public import InvText

/// Which rows are wanted, and how their keys are read.
public struct RowChoice: Sendable {
  /// Keys must begin with it.
  public var under: [UInt8] = []
  public var excluded: [Glob] = []
  /// Keys are taken as they stand, not URL-decoded.
  public var hasRawKeys = false

  public init() {}

  var isEverything: Bool { under.isEmpty && excluded.isEmpty }

  /// What is to become of the row whose key is the first `count` of `bytes`.
  func verdict(_ bytes: [UInt8], _ count: Int) -> RowVerdict {
    guard count >= under.count else { return .outside }
    for place in under.indices where bytes[place] != under[place] { return .outside }
    for glob in excluded where glob.matches(bytes[..<count]) { return .excluded }
    return .counted
  }
}

/// Makes object rows of the fields of CSV rows, and blocks of those.
public struct RowAssembler: ~Copyable {
  private let layout: CSVLayout
  private let choice: RowChoice
  private let writer: ObjectWriter
  private let isEverything: Bool
  private var builder: ObjectBlockBuilder
  private var keys: KeyDecoder
  private var classes = WordCache()
  private var words: [WordCache]
  /// Where the columns are among those of the writer.
  private let (state, size, storageClass, modified): (Int, Int, Int, Int)
  private let wordPlaces: [Int]
  /// The classes of rows that name none: of objects, of delete markers.
  private var unnamed: [UInt32?] = [nil, nil]
  private var source: UInt32 = 0
  /// How many keys had a `%` without two digits.
  private(set) var malformedKeys: UInt64 = 0
  /// Why `writer` could not take something: nothing more can be written.
  public private(set) var loss: Failure?

  /// Assembles rows laid out as `layout` into blocks for `writer`, whose columns are those of `layout`.
  public init(_ layout: CSVLayout, _ choice: RowChoice, _ writer: ObjectWriter) {
    self.layout = layout
    self.choice = choice
    self.writer = writer
    isEverything = choice.isEverything
    builder = ObjectBlockBuilder(writer.schema)
    keys = KeyDecoder(isEncoded: !choice.hasRawKeys, joins: !choice.isEverything)
    words = layout.words.map { _ in WordCache() }
    let schema = writer.schema
    state = schema.place(.state) ?? -1
    size = schema.place(.size) ?? -1
    storageClass = schema.place(.storageClass) ?? -1
    modified = schema.place(.modified) ?? -1
    wordPlaces = layout.words.map { schema.place($0.name) ?? -1 }
  }

  /// Starts a file, whose rows carry `source` and whose keys go under `mount`.
  public mutating func begin(source: UInt32, mount: [UInt8]) {
    self.source = source
    malformedKeys = 0
    keys.begin(mount: mount)
  }

  /// Takes the row whose field i is `text[opens[i] + 1..<opens[i + 1] - 2]`; behind the fields 32 bytes
  /// can be read.
  @inline(__always)
  mutating func take(_ text: RawSpan, _ opens: Span<UInt32>) throws(Failure) -> RowVerdict {
    @inline(__always) func field(_ number: Int) -> WordCache.Field {
      let start = Int(opens[number])
      return WordCache.Field(start: start &+ 1, count: Int(opens[number &+ 1]) &- start &- 3)
    }
    var isMarker = false
    if let number = layout.isMarker {
      let place = field(number)
      guard let truth = text.truth(place.start, place.count) else { return .badState }
      isMarker = truth
    }
    if state >= 0 {
      var value = isMarker ? ObjectState.marker : ObjectState.current
      if let number = layout.isLatest {
        let place = field(number)
        guard let truth = text.truth(place.start, place.count) else { return .badState }
        if !truth && !isMarker { value = .noncurrent }
      }
      builder.set(state, UInt64(value.rawValue))
    }
    if let number = layout.size {
      let place = field(number)
      if place.count == 0 {
        guard isMarker else { return .noSize }
        builder.set(size, 0)
      } else {
        guard let value = text.decimal(place.start, place.count) else { return .badSize }
        builder.set(size, value)
      }
    }
    if let number = layout.modified {
      let place = field(number)
      guard let value = text.time(place.start, place.count) else { return .badTime }
      builder.set(modified, UInt64(bitPattern: value))
    }
    if let number = layout.storageClass {
      let tier = layout.accessTier.map { field($0) } ?? WordCache.Field(start: 0, count: 0)
      builder.set(storageClass, UInt64(try word(text, field(number), tier, isMarker)))
    }
    for index in words.indices {
      let place = field(layout.words[index].field)
      builder.set(wordPlaces[index], UInt64(try word(text, place, index)))
    }
    let place = field(layout.key)
    let verdict = keys.prepare(text, place.start, place.count)
    if verdict != .counted { return verdict }
    if !isEverything {
      keys.join()
      let verdict = choice.verdict(keys.joined, keys.joinedCount)
      if verdict != .counted {
        keys.drop()
        return verdict
      }
    }
    keys.keep(text, place.start, place.count, in: &builder)
    if keys.isMalformed { malformedKeys += 1 }
    if builder.isFull { try flush() }
    return .counted
  }

  /// Writes the rows at hand.
  mutating func flush() throws(Failure) {
    let rows = builder.rows
    guard rows > 0 else { return }
    do throws(Failure) {
      try writer.write(builder.flush(source: source), rows: rows)
    } catch {
      loss = error
      throw error
    }
  }

  /// The index of the class that a row names.
  @inline(__always)
  private mutating func word(
    _ text: RawSpan, _ name: WordCache.Field, _ tier: WordCache.Field, _ isMarker: Bool
  ) throws(Failure) -> UInt32 {
    if name.count > 0 {
      if let index = classes.index(text, name, tier) { return index }
      let spelling = StorageTier.spelling(class: text.array(name), accessTier: text.array(tier))
      let index = try index(of: spelling, at: storageClass)
      classes.remember(index, text, name, tier)
      return index
    }
    let place = isMarker ? 1 : 0
    if let index = unnamed[place] { return index }
    let spelling = isMarker ? [] : StorageTier.spelling(class: Array("STANDARD".utf8))
    let index = try index(of: spelling, at: storageClass)
    unnamed[place] = index
    return index
  }

  /// The index of a word that was asked for.
  @inline(__always)
  private mutating func word(_ text: RawSpan, _ field: WordCache.Field, _ index: Int)
    throws(Failure) -> UInt32
  {
    let none = WordCache.Field(start: 0, count: 0)
    if let known = words[index].index(text, field, none) { return known }
    let number = try self.index(of: text.array(field), at: wordPlaces[index])
    words[index].remember(number, text, field, none)
    return number
  }

  private mutating func index(of word: [UInt8], at place: Int) throws(Failure) -> UInt32 {
    do throws(Failure) { return try writer.word(word, at: place) } catch {
      loss = error
      throw error
    }
  }
}

extension RawSpan {
  fileprivate func array(_ field: WordCache.Field) -> [UInt8] {
    array(field.start..<field.start + field.count)
  }
}
