import InvBytes
public import InvFormat
public import InvSystem
import InvText

/// Makes object rows of rows of fields, and blocks of those.
public struct RowAssembler: ~Copyable {
  let layout: RowLayout
  /// nil when every key is wanted.
  private let choice: RowChoice?
  private let writer: ObjectWriter
  private let isUsual: Bool
  private let hasUsualTimes: Bool
  var builder: ObjectBlockBuilder
  private var keys: KeyDecoder
  private var classes = WordCache()
  private var words: [WordCache]
  /// Where the columns are among those of the writer.
  let (state, size, storageClass, modified): (Int, Int, Int, Int)
  let (kind, allocated, accessed): (Int, Int, Int)
  private let wordPlaces: [Int]
  /// The classes of rows that name none: of objects, and of what is in none.
  private var unnamed: [UInt32?] = [nil, nil]
  private var source: UInt32 = 0
  /// How many keys had a `%` without two digits.
  private(set) var malformedKeys: UInt64 = 0
  /// How many objects have a size that nobody knows.
  private(set) var unknownSizes: UInt64 = 0
  private var folder = FolderKey()
  /// Why `writer` could not take something: nothing more can be written.
  public private(set) var loss: Failure?

  /// Assembles rows laid out as `layout` into blocks for `writer`, whose columns are those of `layout`.
  public init(_ layout: RowLayout, _ choice: RowChoice, _ writer: ObjectWriter) {
    self.layout = layout
    self.choice = choice.isEverything ? nil : choice
    self.writer = writer
    isUsual = layout.isUsual
    hasUsualTimes = layout.isUsual && layout.clock.isUTC
    builder = ObjectBlockBuilder(writer.schema)
    let isEncoded = choice.hasEncodedKeys ?? layout.family.hasEncodedKeys
    keys = KeyDecoder(isEncoded: isEncoded, joins: !choice.isEverything)
    words = layout.words.map { _ in WordCache() }
    let schema = writer.schema
    state = schema.place(.state) ?? -1
    size = schema.place(.size) ?? -1
    storageClass = schema.place(.storageClass) ?? -1
    modified = schema.place(.modified) ?? -1
    kind = schema.place(.kind) ?? -1
    allocated = schema.place(.allocated) ?? -1
    accessed = schema.place(.accessed) ?? -1
    wordPlaces = layout.words.map { schema.place($0.name) ?? -1 }
  }

  /// Starts a file, whose rows carry `source` and whose keys go under `mount`.
  public mutating func begin(source: UInt32, mount: [UInt8]) {
    self.source = source
    malformedKeys = 0
    unknownSizes = 0
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
    var value = ObjectState.current
    if isUsual {
      if let number = layout.isMarker {
        let place = field(number)
        guard let truth = text.truth(place.start, place.count) else { return .badState }
        if truth { value = .marker }
      }
      if let number = layout.isLatest {
        let place = field(number)
        guard let truth = text.truth(place.start, place.count) else { return .badState }
        if !truth && value == .current { value = .noncurrent }
      }
    } else {
      let verdict = takeUnusual(text, opens, &value)
      if verdict != .counted { return verdict }
    }
    if state >= 0 { builder.set(state, UInt64(value.rawValue)) }
    if let number = layout.size {
      let place = field(number)
      if place.count == 0 {
        guard value == .marker || value == .directory else { return .noSize }
        builder.set(size, 0)
      } else if let bytes = text.decimal(place.start, place.count) {
        builder.set(size, bytes)
      } else {
        guard layout.family.hasUnknownSizes, text.isMinusOne(place) else { return .badSize }
        if value != .directory { unknownSizes += 1 }
        builder.set(size, 0)
      }
    }
    if let number = layout.modified {
      let place = field(number)
      let time = hasUsualTimes ? text.time(place.start, place.count) : looseTime(text, place)
      guard let time else { return .badTime }
      builder.set(modified, UInt64(bitPattern: time))
    }
    if let number = layout.storageClass {
      let tier = layout.accessTier.map { field($0) } ?? WordCache.Field(start: 0, count: 0)
      builder.set(storageClass, UInt64(try word(text, field(number), tier, value)))
    }
    for index in words.indices {
      let place = field(layout.words[index].field)
      builder.set(wordPlaces[index], UInt64(try word(text, place, index)))
    }
    let place = field(layout.key)
    if value == .directory { return try takeFolder(text, place) }
    return try takeKey(text, place)
  }

  /// Completes the row with its key.
  @inline(__always)
  private mutating func takeKey(_ text: RawSpan, _ place: WordCache.Field) throws(Failure)
    -> RowVerdict
  {
    let verdict = keys.prepare(text, place, choice)
    if verdict != .counted { return verdict }
    keys.keep(text, place.start, place.count, in: &builder)
    if keys.isMalformed { malformedKeys += 1 }
    if builder.isFull { try flush() }
    return .counted
  }

  /// Completes the row of a directory, whose key may lack the slash at its end.
  private mutating func takeFolder(_ text: RawSpan, _ place: WordCache.Field) throws(Failure)
    -> RowVerdict
  {
    guard folder.take(text, place) else { return .longKey }
    let key = folder.bytes
    return try takeKey(key.raw, folder.place)
  }

  /// Tells `account` what was odd.
  func remark(in account: inout FileAccount) {
    account.malformedKeys = malformedKeys
    account.unknownSizes = unknownSizes
  }

  /// Writes the rows at hand.
  mutating func flush() throws(Failure) {
    do throws(Failure) { try builder.flush(source: source, to: writer) } catch {
      loss = error
      throw error
    }
  }

  /// The index of the class that a row names.
  @inline(__always)
  private mutating func word(
    _ text: RawSpan, _ name: WordCache.Field, _ tier: WordCache.Field, _ state: ObjectState
  ) throws(Failure) -> UInt32 {
    if name.count > 0 {
      if let index = classes.index(text, name, tier) { return index }
      let spelling = StorageTier.spelling(class: text.array(name), accessTier: text.array(tier))
      let index = try index(of: spelling, at: storageClass)
      classes.remember(index, text, name, tier)
      return index
    }
    let hasNone = state == .marker || state == .directory || !layout.family.hasDefaultClass
    let place = hasNone ? 1 : 0
    if let index = unnamed[place] { return index }
    let spelling = hasNone ? [] : StorageTier.spelling(class: Array("STANDARD".utf8))
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
  fileprivate func isMinusOne(_ field: WordCache.Field) -> Bool {
    field.count == 2 && u8(at: field.start) == 0x2d && u8(at: field.start + 1) == 0x31
  }

  fileprivate func array(_ field: WordCache.Field) -> [UInt8] {
    array(field.start..<field.start + field.count)
  }
}
