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
  private var rows: ObjectAssembly
  private var classes = WordCache()
  private var words: [WordCache]

  /// Assembles rows laid out as `layout` into blocks for `writer`, whose columns are those of `layout`.
  public init(_ layout: CSVLayout, _ choice: RowChoice, _ writer: ObjectWriter) {
    self.layout = layout
    rows = ObjectAssembly(layout, choice, writer, isEncoded: !choice.hasRawKeys)
    words = layout.words.map { _ in WordCache() }
  }

  /// Starts a file, whose rows carry `source` and whose keys go under `mount`.
  public mutating func begin(source: UInt32, mount: [UInt8]) {
    rows.begin(source: source, mount: mount)
  }

  /// How many keys had a `%` without two digits.
  var malformedKeys: UInt64 { rows.malformedKeys }

  /// Why `writer` could not take something: nothing more can be written.
  public var loss: Failure? { rows.loss }

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
    if rows.state >= 0 {
      var value = isMarker ? ObjectState.marker : ObjectState.current
      if let number = layout.isLatest {
        let place = field(number)
        guard let truth = text.truth(place.start, place.count) else { return .badState }
        if !truth && !isMarker { value = .noncurrent }
      }
      rows.set(rows.state, UInt64(value.rawValue))
    }
    if let number = layout.size {
      let place = field(number)
      if place.count == 0 {
        guard isMarker else { return .noSize }
        rows.set(rows.size, 0)
      } else {
        guard let value = text.decimal(place.start, place.count) else { return .badSize }
        rows.set(rows.size, value)
      }
    }
    if let number = layout.modified {
      let place = field(number)
      guard let value = text.time(place.start, place.count) else { return .badTime }
      rows.set(rows.modified, UInt64(bitPattern: value))
    }
    if let number = layout.storageClass {
      let tier = layout.accessTier.map { field($0) } ?? WordCache.Field(start: 0, count: 0)
      rows.set(rows.storageClass, UInt64(try word(text, field(number), tier, isMarker)))
    }
    for index in words.indices {
      let place = field(layout.words[index].field)
      rows.set(rows.wordPlaces[index], UInt64(try word(text, place, index)))
    }
    let place = field(layout.key)
    return try rows.complete(text, place.start, place.count)
  }

  /// Writes the rows at hand.
  mutating func flush() throws(Failure) { try rows.flush() }

  /// The index of the class that a row names.
  @inline(__always)
  private mutating func word(
    _ text: RawSpan, _ name: WordCache.Field, _ tier: WordCache.Field, _ isMarker: Bool
  ) throws(Failure) -> UInt32 {
    if name.count == 0 { return try rows.unnamedClass(isMarker: isMarker) }
    if let index = classes.index(text, name, tier) { return index }
    let index = try rows.classIndex(text.array(name), text.array(tier))
    classes.remember(index, text, name, tier)
    return index
  }

  /// The index of a word that was asked for.
  @inline(__always)
  private mutating func word(_ text: RawSpan, _ field: WordCache.Field, _ index: Int)
    throws(Failure) -> UInt32
  {
    let none = WordCache.Field(start: 0, count: 0)
    if let known = words[index].index(text, field, none) { return known }
    let number = try rows.index(of: text.array(field), at: rows.wordPlaces[index])
    words[index].remember(number, text, field, none)
    return number
  }
}

extension RawSpan {
  fileprivate func array(_ field: WordCache.Field) -> [UInt8] {
    array(field.start..<field.start + field.count)
  }
}
